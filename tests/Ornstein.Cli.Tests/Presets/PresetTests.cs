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
            Assert.StartsWith($"ornstein train --data {settings.Data} ", preset.Command(full), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToSettings_OfBurdasFirstModel_AreThoseOfTheAuthorsProgram()
    {
        var settings = PresetCatalog.Find("burda-1-vae").ToSettings(full: true);
        Assert.Equal((20, 3280, 1e-3, 400), (settings.Batch, settings.Epochs, settings.LearningRate, settings.Validation));
        // Theirs are of gradients that are summed over the batch; a run's are of their mean.
        Assert.Equal((0.99, 0.999), (settings.AdamBeta1, settings.AdamBeta2));
        Assert.Equal(1.0 / (settings.Batch * settings.Batch), settings.AdamSecondMoment, 1e-18);
        Assert.Equal(1e-4 / settings.Batch, settings.AdamEpsilon, 1e-20);
        Assert.Equal(TestBinarizationChoice.Anew, settings.TestBinarization);
        Assert.Equal((50, 200, 2), (Assert.Single(settings.Latents), Assert.Single(settings.Hidden), settings.HiddenLayers));
        Assert.Equal((ScheduleShape.StagedRounded, 5000), (settings.Schedule, settings.ImportanceDraws));
        Assert.Equal(20, PresetCatalog.Find("burda-1-vae").ToSettings(full: false).Epochs);
    }

    // What was measured with it must not change under the numbers that are shown.
    [Fact]
    public void ToSettings_OfBurdasReducedBudget_StayThoseThatWereMeasured()
    {
        foreach (var preset in PresetCatalog.All.Where(preset => preset.Name.StartsWith("burda", StringComparison.Ordinal)))
        {
            var settings = preset.ToSettings(full: false);
            Assert.Equal((0.9, 0.999, 0, 1e-4), (settings.AdamBeta1, settings.AdamBeta2, settings.AdamSecondMoment, settings.AdamEpsilon));
            Assert.Equal((0, TestBinarizationChoice.Once, ScheduleShape.Constant), (settings.Validation, settings.TestBinarization, settings.Schedule));
        }
    }

    /// <summary>Burda et al. 2016, table 1, MNIST: the test NLL of each model.</summary>
    [Theory]
    [InlineData("burda-1-vae", "86.76")]
    [InlineData("burda-1-iwae5", "85.54")]
    [InlineData("burda-1-iwae50", "84.78")]
    [InlineData("burda-2-vae", "85.33")]
    [InlineData("burda-2-iwae5", "83.89")]
    [InlineData("burda-2-iwae50", "82.90")]
    public void PublishedNll_OfBurdasModels_IsThatOfTheTable(string name, string published) =>
        Assert.Equal(published, PresetCatalog.Find(name).PublishedNll);

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
        PresetText.List([preset with { ReducedNll = null }, preset with { Name = "other", ReducedNll = 90.125 }, preset with { Name = "third", ReducedNll = null, ReducedResult = "3.67 bits/dim" }], output);
        var lines = output.ToString().Split('\n');
        Assert.Matches("^burda-1-vae +86.76 +20 passes +not measured yet +VAE, one stochastic layer", lines[1]);
        Assert.Matches("^other +86.76 +20 passes +90.1[23] ", lines[2]);
        Assert.Matches("^third +86.76 +20 passes +3.67 bits/dim ", lines[3]);
    }

    [Fact]
    public void All_Names_AreDistinct() =>
        Assert.Equal(PresetCatalog.All.Count, PresetCatalog.All.Select(preset => preset.Name).Distinct(StringComparer.Ordinal).Count());
}
