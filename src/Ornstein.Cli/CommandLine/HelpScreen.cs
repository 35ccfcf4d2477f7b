using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.CommandLine;

/// <summary>The help of a command: what it does, examples, and its options in groups, one entry an option with its default.</summary>
internal sealed class HelpScreen : SynchronousCommandLineAction
{
    private const int WidestName = 30;

    private static readonly ConditionalWeakTable<Command, string[]> _examples = [];

    public override bool ClearsParseErrors => true;

    /// <summary>Gives a command the examples that its help shows: arguments, two or more blanks, and what they do.</summary>
    public static void SetExamples(Command command, params string[] examples) => _examples.AddOrUpdate(command, examples);

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult, parseResult.InvocationConfiguration.Output);
        return ExitCodes.Success;
    }

    public static void Write(CommandResult result, TextWriter output)
    {
        Command command = result.Command;
        string name = UsageMessages.FullName(result);
        int width = Width();
        foreach (string line in Wrap(command.Description ?? "", width)) output.WriteLine(line);
        output.WriteLine();
        output.WriteLine("Usage: " + name + Usage(command));
        WriteRows(output, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")), width);
        WriteRows(
            output, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (a.HelpName ?? a.Name, a.Description ?? "")), width);
        if (_examples.TryGetValue(command, out string[]? examples))
        {
            output.WriteLine();
            output.WriteLine("Examples:");
            foreach (string example in examples) output.WriteLine($"  {name} {example}");
        }

        foreach (IGrouping<string, Option> group in Visible(command, result).GroupBy(Group))
        {
            WriteRows(output, group.Key, group.Select(o => (Label(o), Describe(o))), width);
        }

        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"'{name} COMMAND --help' shows a command's options and examples.");
        }
    }

    private static string Usage(Command command)
    {
        string arguments = string.Concat(command.Arguments.Where(a => !a.Hidden)
            .Select(a => a.Arity.MinimumNumberOfValues == 0 ? $" [{a.HelpName ?? a.Name}]" : $" {a.HelpName ?? a.Name}"));
        return command.Subcommands.Count > 0 ? " COMMAND [OPTIONS]" : arguments + " [OPTIONS]";
    }

    private static IEnumerable<Option> Visible(Command command, CommandResult result)
    {
        IEnumerable<Option> inherited = result.Parent is CommandResult parent ? parent.Command.Options.Where(o => o.Recursive) : [];
        return command.Options.Concat(inherited).Where(o => !o.Hidden && o is not VersionOption || command is RootCommand);
    }

    private static string Group(Option option)
    {
        Setting? setting = SettingsSchema.Run.Concat(SettingsSchema.Flags)
            .FirstOrDefault(s => string.Equals(s.Option, option.Name, StringComparison.Ordinal));
        return option.Recursive || setting is null ? "Options" : setting.Declaration.Group.ToString();
    }

    private static string Label(Option option)
    {
        string value =
            option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? "" : " " + (option.HelpName ?? "VALUE");
        string aliases = string.Concat(option.Aliases.Where(a => a.StartsWith('-') && a != "-?").Select(a => a + ", "));
        return value.Length > 20 ? aliases + option.Name : aliases + option.Name + value;
    }

    private static string Describe(Option option)
    {
        string choices = option.HelpName is { Length: > 19 } names ? $" One of {names.Replace("|", ", ")}." : "";
        string fallback = option is Option<string> { DefaultValueFactory: not null } ? $" [{option.GetDefaultValue()}]" : "";
        return option.Description + choices + fallback;
    }

    private static void WriteRows(TextWriter output, string title, IEnumerable<(string Name, string Text)> rows, int width)
    {
        (string Name, string Text)[] all = [.. rows];
        if (all.Length == 0) return;
        output.WriteLine();
        output.WriteLine(title + ":");
        int column = title is "Commands" or "Arguments" ? all.Max(r => r.Name.Length) + 4 : WidestName + 2;
        foreach ((string name, string text) in all)
        {
            string[] lines = [.. Wrap(text, Math.Max(30, width - column))];
            string first = "  " + name;
            output.WriteLine(lines.Length == 0 ? first : first.PadRight(column) + lines[0]);
            foreach (string line in lines.Skip(1)) output.WriteLine(new string(' ', column) + line);
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : line + " " + word;
        }

        if (line.Length > 0) yield return line;
    }

    private static int Width() => Screen.Columns is { } columns ? Math.Clamp(columns, 60, 120) : 100;
}
