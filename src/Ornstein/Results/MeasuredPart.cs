namespace Ornstein.Results;

/// <summary>One part of a measurement, which tells how much of it is done; threads may share it.</summary>
/// <param name="progress">Told; null for nobody.</param>
/// <param name="part">Its name.</param>
/// <param name="total">All of its work, in whatever it is counted by.</param>
internal sealed class MeasuredPart(IProgress<MeasurementProgress>? progress, string part, long total)
{
    private readonly Lock _lock = new(); // whoever is told hears shares in their order
    private long _done;

    /// <summary>More of it is done.</summary>
    public void Advance(long work = 1)
    {
        if (progress is null) return;
        lock (_lock)
        {
            _done += work;
            progress.Report(new(part, Math.Min(1, (double)_done / total)));
        }
    }
}
