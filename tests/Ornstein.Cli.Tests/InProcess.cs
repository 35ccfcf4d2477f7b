using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Commands;
using Ornstein.Experiments.Text;

namespace Ornstein.Cli.Tests;

/// <summary>
/// The real program within this process: its standard streams are taken, and it works in a folder. A process of its own takes longer, since it
/// loads libtorch and compiles everything anew: <see cref="EndToEnd.ChildProgram"/> is for what is about the process.
/// </summary>
internal static class InProcess
{
    /// <summary>Runs it. Tests run one after another, so that nobody else writes to the console or works in the folder meanwhile.</summary>
    public static Outcome Run(string folder, params string[] arguments) => Run(folder, null, arguments);

    /// <summary>The same with a screen of so many columns.</summary>
    public static Outcome Run(string folder, int? columns, string[] arguments)
    {
        var (output, error, before) = (Console.Out, Console.Error, Directory.GetCurrentDirectory());
        using StringWriter said = new(), complained = new();
        try
        {
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(said);
            Console.SetError(complained);
            var code = Application.Run(ProgramCommand.Create(), arguments, columns is { } width ? new ScreenWriter(said, width) : said, complained);
            return new Outcome(code, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Directory.SetCurrentDirectory(before);
        }
    }
}
