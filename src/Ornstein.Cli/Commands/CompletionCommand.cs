using System.CommandLine;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Commands;

/// <summary><c>completion SHELL</c>: what a shell needs to complete commands and options.</summary>
internal static class CompletionCommand
{
    private static readonly string[] _shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.CompletionSources.Add(_shells);
        var command = new Command("completion", "Print what a shell needs to complete commands, options and their values.") { shell };
        HelpScreen.SetExamples(
            command,
            "bash > ~/.local/share/bash-completion/completions/ornstein   for every new bash",
            "zsh > ~/.zfunc/_ornstein                                     where fpath has ~/.zfunc",
            "fish > ~/.config/fish/completions/ornstein.fish              for every new fish");
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(shell)!;
            if (!_shells.Contains(name, StringComparer.Ordinal)) throw UsageError.Because($"there is no completion for '{name}'; give bash, zsh or fish");
            using var script = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion.{name}")!;
            using var reader = new StreamReader(script);
            parsed.InvocationConfiguration.Output.Write(reader.ReadToEnd());
            return ExitCodes.Success;
        });
        return command;
    }
}
