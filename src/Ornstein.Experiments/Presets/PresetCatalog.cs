using Ornstein.Experiments.Settings;

namespace Ornstein.Experiments.Presets;

/// <summary>The presets known by name.</summary>
internal static class PresetCatalog
{
    public static IReadOnlyList<Preset> All { get; } = [.. BurdaPresets.All, .. SonderbyPresets.All, .. ImagePresets.All];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="OrnsteinException">There is none; a usage error that names the nearest.</exception>
    public static Preset Find(string name) => All.FirstOrDefault(preset => preset.Name == name)
        ?? throw UsageError.Because(
            $"unknown preset '{name}'{Suggestions.DidYouMean(name, All.Select(preset => preset.Name))} (see 'ornstein preset list')");
}
