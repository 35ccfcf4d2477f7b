using Ornstein.Experiments.Text;

namespace Ornstein.Cli.CommandLine;

/// <summary>The terminal that standard output goes to, for text that is to fit it. JSON and whatever a program reads go past it.</summary>
internal static class Screen
{
    /// <summary>Columns of the terminal; null where there is none, as in a pipe, or it does not say.</summary>
    public static int? Columns
    {
        get
        {
            try
            {
                return !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var columns ? columns : null;
            }
            catch (Exception error) when (error is IOException or PlatformNotSupportedException)
            {
                return null;
            }
        }
    }

    /// <summary>Where text goes that is to fit the terminal: the output itself where there is none.</summary>
    public static TextWriter Of(TextWriter output) => output is not ScreenWriter && Columns is { } columns ? new ScreenWriter(output, columns) : output;
}
