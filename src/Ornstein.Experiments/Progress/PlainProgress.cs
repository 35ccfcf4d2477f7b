using Ornstein.Results;

namespace Ornstein.Experiments.Progress;

/// <summary>Whole lines for logs and pipes: one at the end of an epoch, and one every ten seconds.</summary>
/// <param name="output">Where the lines go, such as standard error.</param>
/// <param name="clock">What tells the time; null for the system's.</param>
public sealed class PlainProgress(TextWriter output, TimeProvider? clock = null) : IRunProgress
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly MeasurementLine _measurement = new(clock ?? TimeProvider.System);
    private long _last = (clock ?? TimeProvider.System).GetTimestamp();
    private int _epoch = 1;
    private ProgressReport _latest;
    private bool _isPending;

    /// <inheritdoc/>
    public void Report(in ProgressReport progress)
    {
        // The previous report was the last of its epoch, and has the epoch's final numbers.
        if (progress.Epoch != _epoch && _isPending) Write();
        _epoch = progress.Epoch;
        _latest = progress;
        _isPending = true;
        if (_clock.GetElapsedTime(_last) >= _period || progress.Step == progress.Steps) Write();
    }

    /// <inheritdoc/>
    public void Report(MeasurementProgress value)
    {
        var line = _measurement.Of(value); // also of what is not said: times are taken from a part's begin
        if (_clock.GetElapsedTime(_last) < _period) return;
        output.WriteLine(line);
        output.Flush();
        _last = _clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Note(string line) => output.WriteLine(PrintableText.Of(line));

    /// <summary>Writes what was not said yet.</summary>
    public void Dispose()
    {
        if (_isPending) Write();
    }

    private void Write()
    {
        output.WriteLine(ProgressText.Line(_latest));
        output.Flush();
        _last = _clock.GetTimestamp();
        _isPending = false;
    }
}
