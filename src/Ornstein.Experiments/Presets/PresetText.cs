using System.Globalization;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Presets;

/// <summary>Presets as text.</summary>
internal static class PresetText
{
    private const string NotQuoted = "not quoted";
    private const string NotMeasured = "not measured yet";

    /// <summary>A line a preset.</summary>
    public static void List(IReadOnlyList<Preset> presets, TextWriter output)
    {
        Table.Write(
            output,
            ["name", "published NLL", "reduced budget", "there", "what"],
            presets.Select(preset => new[]
            {
                preset.Name, preset.PublishedNll ?? NotQuoted, preset.ReducedBudget, Reduced(preset), preset.Summary,
            }), isLastText: true);
        output.WriteLine();
        output.WriteLine("NLL: test nats per datum by importance samples; published with the paper's budget ('preset run NAME --full'). There: the same with the reduced budget, here, unless it says otherwise");
    }

    /// <summary>All that a preset says, and the command line and configuration that it stands for.</summary>
    public static void Show(Preset preset, bool full, TextWriter output)
    {
        output.WriteLine($"{preset.Name}: {preset.Summary}");
        output.WriteLine($"source: {preset.Source}");
        output.WriteLine($"published test NLL ({preset.FullBudget}): {preset.PublishedNll ?? NotQuoted}");
        output.WriteLine($"expected here with the reduced budget ({preset.ReducedBudget}): {Reduced(preset)}");
        output.WriteLine();
        Table.Write(output, ["option", "full", "reduced"], preset.Settings.Select(entry => new[] { Preset.Option(entry), entry.Full, entry.Reduced }));
        output.WriteLine();
        foreach (var line in preset.Fixed) output.WriteLine($"also: {line}");
        foreach (var line in preset.Differences) output.WriteLine($"differs from the paper: {line}");
        output.WriteLine();
        output.WriteLine($"command line ({(full ? preset.FullBudget : preset.ReducedBudget)}):");
        ScreenWriter.WriteWhole(output, $"  {preset.Command(full)}");
        output.WriteLine();
        output.WriteLine("config.json:");
        output.Write(SettingsJson.Write(preset.ToSettings(full), provenance: null));
    }

    private static string Reduced(Preset preset) => preset.ReducedNll?.ToString("0.00", CultureInfo.InvariantCulture) ?? preset.ReducedResult ?? NotMeasured;
}
