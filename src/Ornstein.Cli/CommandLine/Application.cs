using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;

namespace Ornstein.Cli.CommandLine;

/// <summary>Runs the command that the arguments name and turns what happens into one line and an exit code.</summary>
internal static class Application
{
    public const string Name = Product.Name;

    /// <summary>Parses and runs.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="arguments">The arguments without the program's name.</param>
    /// <param name="output">Where help and versions go.</param>
    /// <param name="error">Where messages go.</param>
    public static int Run(RootCommand root, string[] arguments, TextWriter output, TextWriter error) =>
        Guard(() => RunUnguarded(root, arguments, output, error), error);

    private static int RunUnguarded(RootCommand root, string[] arguments, TextWriter output, TextWriter error)
    {
        Prepare(root);
        ParseResult parsed =
            root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (IsGroup(parsed))
        {
            HelpScreen.Write(parsed.CommandResult, output);
            return ExitCodes.Success;
        }

        bool runs = !IsDirective(parsed) && parsed.Action is not (HelpScreen or ProductVersion);
        if (runs && UsageMessages.FirstMistake(parsed) is { } mistake)
        {
            Say(mistake, error);
            return ExitCodes.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return parsed.Invoke(invocation);
    }

    /// <summary>Runs <paramref name="action"/>; a failure becomes one line on <paramref name="error"/> and an exit code.</summary>
    public static int Guard(Func<int> action, TextWriter error)
    {
        try
        {
            return action();
        }
        catch (Exception exception)
        {
            (string message, int code) = Explain(exception);
            Say(message, error);
            if (Environment.GetEnvironmentVariable(FailureText.TraceVariable) == "1") error.WriteLine(exception);
            return code;
        }
    }

    // Names and values of a user are in it.
    private static void Say(string message, TextWriter error) => error.WriteLine($"{Name}: {PrintableText.Line(message)}");

    internal static (string Message, int Code) Explain(Exception exception) => (FailureText.Of(exception), exception switch
    {
        OrnsteinException mistake when UsageError.Is(mistake) => ExitCodes.Usage,
        OperationCanceledException when MachineLimits.Explain(exception) is null => ExitCodes.Interrupted,
        _ => ExitCodes.Failure,
    });

    /// <summary>A command that only holds others, named without one of them and without a mistake.</summary>
    private static bool IsGroup(ParseResult parsed) =>
        !IsDirective(parsed)
        && parsed.Action is not (HelpScreen or ProductVersion)
        && parsed.CommandResult.Command is { Action: null, Subcommands.Count: > 0 }
        && parsed.UnmatchedTokens.Count == 0;

    /// <summary>A request of a shell that completes words, such as <c>[suggest:9]</c>: its line may be unfinished.</summary>
    private static bool IsDirective(ParseResult parsed) => parsed.Tokens is [{ Type: TokenType.Directive }, ..];

    private static void Prepare(RootCommand root)
    {
        foreach (Option option in root.Options)
        {
            switch (option)
            {
                case HelpOption help:
                    help.Action = new HelpScreen();
                    help.Description = "Show this help.";
                    foreach (string windows in help.Aliases.Where(alias => alias.StartsWith('/')).ToArray()) help.Aliases.Remove(windows); // they are no paths
                    break;
                case VersionOption version:
                    version.Action = new ProductVersion();
                    version.Description = "Show the versions.";
                    break;
            }
        }
    }
}
