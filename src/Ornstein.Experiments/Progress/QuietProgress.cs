
namespace Ornstein.Experiments.Progress;

/// <summary>Says what nobody should miss, and nothing else.</summary>
/// <param name="output">Where the lines go, such as standard error.</param>
internal sealed class QuietProgress(TextWriter output) : IRunProgress
{
    public void Report(in ProgressReport progress)
    {
    }

    public void Note(string line)
    {
    }

    public void Warn(string line) => output.WriteLine(PrintableText.Of(line));

    public void Dispose()
    {
    }
}
