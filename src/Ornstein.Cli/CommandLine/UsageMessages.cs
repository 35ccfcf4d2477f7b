using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.CommandLine;

/// <summary>What is wrong with a command line, in one line that names the nearest right word.</summary>
internal static class UsageMessages
{
    /// <summary>The message of the first mistake, or null when there is none.</summary>
    public static string? FirstMistake(ParseResult parsed)
    {
        CommandResult result = parsed.CommandResult;
        string name = FullName(result);
        if (MisspelledOption(parsed) is { } option)
        {
            string written = option.Split('=')[0];
            return $"unknown option '{written}' for '{name}'{Suggestions.DidYouMean(written, OptionNames(result))}{SeeHelp(name)}";
        }

        if (OptionWithoutValue(parsed) is { } forgetful) return $"{forgetful} needs one value{SeeHelp(name)}";
        if (GivenAgain(parsed) is { } again) return $"{again}{SeeHelp(name)}";

        if (parsed.UnmatchedTokens is [var word, ..])
        {
            string[] commands = [.. result.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
            return commands.Length > 0
                ? $"unknown command '{word}'{Suggestions.DidYouMean(word, commands)}{SeeHelp(name)}"
                : $"unexpected '{word}' after '{name}'{SeeHelp(name)}";
        }

        if (parsed.Errors is not [var error, ..]) return null;
        return error.SymbolResult switch
        {
            OptionResult given => $"{given.Option.Name} needs one value{Given(given.Tokens.Count)}{SeeHelp(name)}",
            ArgumentResult { Tokens.Count: 0 } missing =>
                $"'{name}' needs {missing.Argument.HelpName ?? missing.Argument.Name}{SeeHelp(name)}",
            ArgumentResult { Parent: OptionResult given } =>
                $"{given.Option.Name} needs one value{Given(given.Tokens.Count)}{SeeHelp(name)}",
            _ => error.Message.ReplaceLineEndings(" ").TrimEnd('.') + SeeHelp(name),
        };
    }

    /// <summary><c>ornstein data fetch</c>.</summary>
    public static string FullName(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            names.Push(command.Command is RootCommand ? Application.Name : command.Command.Name);
        }

        return string.Join(' ', names);
    }

    /// <summary>A word that looks like an option but is none, also where the parser took it for the value of an argument.</summary>
    private static string? MisspelledOption(ParseResult parsed)
    {
        IEnumerable<string> taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value);
        return parsed.UnmatchedTokens.Concat(taken).FirstOrDefault(LooksLikeOption);
    }

    /// <summary>An option that the parser gave the next option's name for its value.</summary>
    private static string? OptionWithoutValue(ParseResult parsed)
    {
        string[] names = [.. OptionNames(parsed.CommandResult)];
        return parsed.CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(given => given.Tokens.Any(token => names.Contains(token.Value, StringComparer.Ordinal)))?.Option.Name;
    }

    /// <summary>An option that takes one value and was given more than once, with the way to give it once.</summary>
    private static string? GivenAgain(ParseResult parsed)
    {
        OptionResult? again = parsed.CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(given => given is { Option.Arity.MaximumNumberOfValues: 1, IdentifierTokenCount: > 1, Tokens.Count: > 1 });
        if (again is null) return null;
        string option = again.Option.Name;
        string times = again.IdentifierTokenCount == 2 ? "twice" : string.Create(CultureInfo.InvariantCulture, $"{again.IdentifierTokenCount} times");
        bool isList = SettingsSchema.Run.Any(setting => setting.Type.IsArray && string.Equals(setting.Option, option, StringComparison.Ordinal));
        string joined = ShellQuoting.Quote(string.Join(',', again.Tokens.Select(token => token.Value)));
        return $"{option} was given {times}; give it once{(isList ? $", with its values joined by commas: {option} {joined}" : "")}";
    }

    private static bool LooksLikeOption(string word) =>
        word.Length > 1 && word[0] == '-' && (char.IsAsciiLetter(word[1]) || word[1] == '-');

    private static IEnumerable<string> OptionNames(CommandResult result)
    {
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
        {
            foreach (Option option in command.Command.Options)
            {
                if (!option.Hidden && (option.Recursive || ReferenceEquals(at, result))) yield return option.Name;
            }
        }
    }

    private static string Given(int count) => count > 1 ? $", but {count} were given" : "";

    private static string SeeHelp(string name) => $" (see '{name} --help')";
}
