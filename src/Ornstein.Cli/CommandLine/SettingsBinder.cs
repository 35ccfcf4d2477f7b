using System.CommandLine;
using System.CommandLine.Parsing;
using Ornstein.Data;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.CommandLine;

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
            if (SettingText.NamesOf(setting.Type) is { } names) option.CompletionSources.Add(names);
            if (setting.Property.Name == nameof(RunSettings.Data)) option.CompletionSources.Add([.. DatasetCatalog.All.Select(set => set.Name)]);
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
            setting.Set(copy, value);
        }

        return copy;
    }

    private static string Placeholder(Setting setting)
    {
        if (SettingText.NamesOf(setting.Type) is { } names) return string.Join('|', names);
        if (setting.Type.IsArray) return "LIST";
        return setting.Type == typeof(double) ? "X" : setting.Type == typeof(string) ? "TEXT" : "N";
    }
}
