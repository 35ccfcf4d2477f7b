using Ornstein.Storage;

namespace Ornstein.Experiments.Progress;

/// <summary>Whole lines for logs and pipes: one at the end of an epoch, and one every ten seconds.</summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider clock) : IRunProgress
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(10);

    private long _last = clock.GetTimestamp();
    private int _epoch = 1;
    private ProgressReport _latest;
    private bool _isPending;

    public void Report(in ProgressReport progress)
    {
        // The previous report was the last of its epoch, and has the epoch's final numbers.
        if (progress.Epoch != _epoch && _isPending) Write();
        _epoch = progress.Epoch;
        _latest = progress;
        _isPending = true;
        if (clock.GetElapsedTime(_last) >= _period || progress.Step == progress.Steps) Write();
    }

    public void Note(string line) => output.WriteLine(PrintableText.Of(line));

    public void Dispose()
    {
        if (_isPending) Write();
    }

    private void Write()
    {
        output.WriteLine(ProgressText.Line(_latest));
        output.Flush();
        _last = clock.GetTimestamp();
        _isPending = false;
    }
}
