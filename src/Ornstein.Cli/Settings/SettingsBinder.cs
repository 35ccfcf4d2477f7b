using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ornstein.Cli.Settings;

/// <summary>Turns settings into options of a command, and what was given into settings: defaults, then the --config file, then
/// options.</summary>
internal static class SettingsBinder
{
    /// <summary>Adds an option for every setting and flag.</summary>
    /// <param name="command">The command.</param>
    /// <param name="defaults">The command's defaults, as its help shows them.</param>
    /// <param name="except">Properties (<c>nameof(RunSettings.X)</c>) that make no sense for this command.</param>
    public static Command AddSettings(this Command command, RunSettings defaults, params string[] except)
    {
        AddOptions(command, SettingsSchema.Run, defaults, except);
        AddOptions(command, SettingsSchema.Flags, new RunFlags(), except);
        return command;
    }

    /// <summary>The settings of a run, validated. Linear networks on made data have defaults of their own.</summary>
    public static RunSettings Bind(ParseResult parsed, RunSettings defaults)
    {
        string? config = Flags(parsed).Config;
        // Once: what a pipe holds can be read once only.
        string? file = config is null ? null : SettingsJson.ReadText(config);
        RunSettings Over(RunSettings layer) =>
            Override(parsed, SettingsSchema.Run, file is null ? layer : SettingsJson.Parse(file, config!, layer));
        RunSettings settings = Over(defaults);
        bool changesDefaults = settings.HasLinearTheory() && !defaults.HasLinearTheory();
        return (changesDefaults ? Over(defaults.ForLinearTheory()) : settings).Validate();
    }

    /// <summary>What steers this invocation alone.</summary>
    public static RunFlags Flags(ParseResult parsed) => Override(parsed, SettingsSchema.Flags, new RunFlags());

    /// <summary>The arguments, quoted for a shell, that give these settings: only what differs from the command's defaults.</summary>
    public static string ToCommandLine(RunSettings settings, RunSettings defaults) =>
        string.Join(' ', ToArguments(settings, defaults).Select(ShellQuoting.Quote));

    /// <summary>As <see cref="ToCommandLine"/>, one entry an argument, not quoted.</summary>
    public static IReadOnlyList<string> ToArguments(RunSettings settings, RunSettings defaults)
    {
        var arguments = new List<string>();
        // What Bind would fill in: the data and the networks that change the defaults must still be said.
        RunSettings filled = settings.HasLinearTheory() && !defaults.HasLinearTheory()
            ? defaults.ForLinearTheory() with { Data = defaults.Data, Hidden = defaults.Hidden }
            : defaults;
        foreach (Setting setting in SettingsSchema.Run)
        {
            string value = SettingText.Format(setting.Property.GetValue(settings));
            if (string.Equals(value, SettingText.Format(setting.Property.GetValue(filled)), StringComparison.Ordinal)) continue;
            arguments.Add(setting.Option);
            if (!setting.IsFlag || value != "true") arguments.Add(value);
        }

        return arguments;
    }

    /// <summary>A copy of an immutable record with one property set, as <c>with</c> does.</summary>
    internal static void Set(object copy, Setting setting, object? value) => setting.Property.SetValue(copy, value);

    private static void AddOptions(Command command, IReadOnlyList<Setting> settings, object defaults, string[] except)
    {
        foreach (Setting setting in settings)
        {
            if (except.Contains(setting.Property.Name, StringComparer.Ordinal)) continue;
            string help = setting.Declaration.Help;
            if (setting.IsFlag)
            {
                command.Add(new Option<bool>(setting.Option) { Description = help });
                continue;
            }

            var option = new Option<string>(setting.Option)
            {
                Description = help,
                HelpName = setting.Declaration.Value ?? Placeholder(setting),
                DefaultValueFactory = setting.DefaultText(defaults) is { } text ? _ => text : null,
            };
            if (setting.Type.IsEnum) option.CompletionSources.Add(SettingText.ChoiceNames(setting.Type));
            command.Add(option);
        }
    }

    private static T Override<T>(ParseResult parsed, IReadOnlyList<Setting> settings, T layer)
        where T : class
    {
        T copy = layer switch
        {
            RunSettings run => (T)(object)(run with { }),
            _ => layer,
        };
        foreach (Setting setting in settings)
        {
            if (parsed.GetResult(setting.Option) is not OptionResult { Implicit: false } given) continue;
            object? value = setting.IsFlag && given.Tokens.Count == 0
                ? true
                : SettingText.Parse(setting, given.Tokens.Count == 0 ? "" : given.Tokens[^1].Value, setting.Option);
            Set(copy, setting, value);
        }

        return copy;
    }

    private static string Placeholder(Setting setting)
    {
        if (setting.Type.IsEnum) return string.Join('|', SettingText.ChoiceNames(setting.Type));
        if (setting.Type.IsArray) return "LIST";
        return setting.Type == typeof(double) ? "X" : setting.Type == typeof(string) ? "TEXT" : "N";
    }
}
