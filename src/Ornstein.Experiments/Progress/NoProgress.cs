namespace Ornstein.Experiments.Progress;

/// <summary>Says nothing.</summary>
internal sealed class NoProgress : IRunProgress
{
    public static NoProgress Instance { get; } = new();

    public void Report(in ProgressReport progress)
    {
    }

    public void Note(string line)
    {
    }

    public void Dispose()
    {
    }
}
