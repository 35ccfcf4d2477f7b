using Ornstein.Experiments.Progress;

namespace Ornstein.Cli.Progress;

/// <summary>Chooses the display that standard error can show.</summary>
internal static class RunProgress
{
    // A terminal that is dumb, or that nothing is known of, cannot take a line back: what is redrawn there would become one endless line.
    public static IRunProgress OnStandardError(bool quiet = false) => quiet ? new QuietProgress(Console.Error)
        : Console.IsErrorRedirected || !LiveProgress.CanRedraw(Console.Error)
            ? new PlainProgress(Console.Error, TimeProvider.System)
            : new LiveProgress(Console.Error, TimeProvider.System);
}
