using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests;

/// <summary>A program with one command like <c>phase</c>, to see what a user sees.</summary>
internal static class Shell
{
    public sealed record Outcome(int Code, string Output, string Error, RunSettings? Settings, RunFlags? Flags);

    public static Outcome Run(params string[] arguments) => Run(null, arguments);

    public static Outcome Run(Action? body, string[] arguments)
    {
        RunSettings? settings = null;
        RunFlags? flags = null;
        Command phase =
            new Command("phase", "Trains a model for every rho and seed, and finds the critical rho.").AddSettings(RunSettings.ForPhase);
        HelpScreen.SetExamples(
            phase, "                         the embedded digits, a few minutes", "--data mnist --rho 0,0.5,1   fewer models");
        phase.SetAction(parsed =>
        {
            settings = SettingsBinder.Bind(parsed, RunSettings.ForPhase);
            flags = SettingsBinder.Flags(parsed);
            body?.Invoke();
            return 0;
        });
        var eval = new Command("eval", "Measures a trained model.");
        eval.Add(new Argument<string>("run") { HelpName = "RUN", Description = "Folder of the run." });
        eval.SetAction(_ => 0);
        var root = new RootCommand("Trains and measures.") { phase, eval };
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Application.Run(root, arguments, output, error);
        return new Outcome(code, output.ToString(), error.ToString(), settings, flags);
    }

    public static RunSettings Settings(params string[] arguments)
    {
        Outcome outcome = Run(["phase", .. arguments]);
        Assert.Equal("", outcome.Error);
        return Assert.IsType<RunSettings>(outcome.Settings);
    }

    /// <summary>The one line that a mistake gives; fails when it is not one line, or the exit code is not that of a usage error.</summary>
    public static string Mistake(params string[] arguments)
    {
        Outcome outcome = Run(arguments);
        Assert.Equal((ExitCodes.Usage, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith("ornstein: ", outcome.Error);
        Assert.Single(outcome.Error.TrimEnd('\n', '\r').Split('\n'));
        return outcome.Error["ornstein: ".Length..].TrimEnd();
    }
}
