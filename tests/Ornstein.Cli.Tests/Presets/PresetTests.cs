using Ornstein.Experiments.Presets;
using Ornstein.Experiments.Settings;
using Ornstein.Optimization;

namespace Ornstein.Cli.Tests.Presets;

public class PresetTests
{
    public static TheoryData<string> Names => [.. PresetCatalog.All.Select(preset => preset.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ToSettings_OfEveryPreset_AreValidAndReadBackFromTheirCommandLine(string name)
    {
        var preset = PresetCatalog.Find(name);
        foreach (var full in new[] { false, true })
        {
            var settings = preset.ToSettings(full).Validate();
            string[] arguments = [.. SettingsArguments.ToArguments(settings, RunSettings.ForPhase)];
            Assert.Equal(SettingsJson.Write(settings, null), SettingsJson.Write(Shell.Settings(arguments), null));
            Assert.StartsWith("ornstein train --data mnist ", preset.Command(full), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToSettings_OfBurdasFirstModel_AreThoseOfThePaper()
    {
        var settings = PresetCatalog.Find("burda-1-vae").ToSettings(full: true);
        Assert.Equal((20, 3280, 1e-3, 1e-4), (settings.Batch, settings.Epochs, settings.LearningRate, settings.AdamEpsilon));
        Assert.Equal((50, 200, 2), (Assert.Single(settings.Latents), Assert.Single(settings.Hidden), settings.HiddenLayers));
        Assert.Equal((ScheduleShape.Staged, 5000), (settings.Schedule, settings.ImportanceDraws));
        Assert.Equal(20, PresetCatalog.Find("burda-1-vae").ToSettings(full: false).Epochs);
    }

    [Fact]
    public void Find_MisspelledName_SuggestsTheNearest()
    {
        var error = Assert.Throws<OrnsteinException>(() => PresetCatalog.Find("burda-1-va"));
        Assert.Equal("unknown preset 'burda-1-va'; did you mean 'burda-1-vae'? (see 'ornstein preset list')", error.Message);
        Assert.True(UsageError.Is(error));
    }

    [Fact]
    public void List_PresetThatWasNotMeasured_SaysSo()
    {
        var preset = PresetCatalog.Find("burda-1-vae");
        using var output = new StringWriter();
        PresetText.List([preset with { ReducedNll = null }, preset with { Name = "other", ReducedNll = 90.125 }], output);
        var lines = output.ToString().Split('\n');
        Assert.Matches("^burda-1-vae +86.76 +20 passes +not measured yet +VAE, one stochastic layer", lines[1]);
        Assert.Matches("^other +86.76 +20 passes +90.1[23] ", lines[2]);
    }

    [Fact]
    public void All_Names_AreDistinct() =>
        Assert.Equal(PresetCatalog.All.Count, PresetCatalog.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal).Count());
}
