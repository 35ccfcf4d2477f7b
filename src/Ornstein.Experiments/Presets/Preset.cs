using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Presets;

/// <summary>The value that a preset gives one setting, as keys of a configuration file and texts of the command line.</summary>
/// <param name="Key">Key of the setting, such as <c>learningRate</c>.</param>
/// <param name="Full">Its text in the paper's budget.</param>
/// <param name="Reduced">Its text in the reduced budget.</param>
internal sealed record PresetSetting(string Key, string Full, string Reduced)
{
    /// <summary>The same in both budgets.</summary>
    public PresetSetting(string key, string value)
        : this(key, value, value)
    {
    }
}

/// <summary>An experiment, of the literature or of this project: settings that stand for it, where it is described, and what it gave.</summary>
internal sealed record Preset
{
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string Summary { get; init; }

    /// <summary>Paper and section.</summary>
    public required string Source { get; init; }

    /// <summary>Every setting that the paper names, in the order in which it is shown.</summary>
    public required IReadOnlyList<PresetSetting> Settings { get; init; }

    /// <summary>What the paper names and this program has no setting for.</summary>
    public required IReadOnlyList<string> Fixed { get; init; }

    /// <summary>Where the preset is not the paper.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>The paper's test NLL in nats, as text because some are rounded; null where none is quoted.</summary>
    public string? PublishedNll { get; init; }

    /// <summary>Test NLL in nats that the reduced budget gave here; null: not measured yet.</summary>
    public double? ReducedNll { get; init; }

    /// <summary>What the reduced budget gave here where that is no NLL in nats, with its unit: <c>3.67 bits/dim at rho 1</c>; null: none.</summary>
    public string? ReducedResult { get; init; }

    /// <summary>The budgets, in words: <c>20 passes</c>.</summary>
    public required string ReducedBudget { get; init; }

    public required string FullBudget { get; init; }

    /// <summary>The settings of a run, not yet validated.</summary>
    /// <param name="full">The paper's budget; otherwise the reduced one.</param>
    public RunSettings ToSettings(bool full)
    {
        var settings = RunSettings.ForTrain with { };
        foreach (var entry in Settings)
        {
            var setting = SettingsSchema.Run.Single(known => known.Key == entry.Key);
            setting.Set(settings, SettingText.Parse(setting, full ? entry.Full : entry.Reduced, $"preset {Name}: {setting.Option}"));
        }

        return settings;
    }

    /// <summary>The command that the preset stands for.</summary>
    public string Command(bool full) => $"{Product.Name} train {SettingsArguments.ToCommandLine(ToSettings(full), RunSettings.ForTrain)}";

    /// <summary><c>learningRate</c> is <c>--learning-rate</c>.</summary>
    public static string Option(PresetSetting setting) => SettingsSchema.OptionName(setting.Key);
}
