using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests.Runs;

public sealed class TestBinarizationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunSettings _settings, _anew;

    public TestBinarizationTests()
    {
        _settings = RunSettings.ForTrain with { Data = IdxFolder.Write(_folder.File("data"), train: 110, test: 40, side: 8), Validation = 10 };
        _anew = _settings with { TestBinarization = TestBinarizationChoice.Anew };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Anew_DrawsTestPixelsFromTheFirstSeedAndLeavesTheRest()
    {
        using var once = Load(_settings);
        using var anew = Load(_anew);
        using var again = Load(_anew with { Seeds = [0, 7] });
        using var other = Load(_anew with { Seeds = [7] });
        Assert.Equal(once.Train.Fingerprint, anew.Train.Fingerprint);
        Assert.Equal(once.Validation!.Fingerprint, anew.Validation!.Fingerprint);
        Assert.Equal(anew.Test.Fingerprint, again.Test.Fingerprint);
        Assert.Equal(3, new[] { once, anew, other }.Select(data => data.Test.Fingerprint).Distinct().Count());
        var pixels = new float[anew.Test.Count * anew.Test.Features];
        anew.Test.Read(0, pixels);
        Assert.All(pixels, pixel => Assert.True(pixel is 0 or 1));
        // Draws of the same intensities: a pixel's two draws differ with a variance of at most 1/2, so their means by five deviations at most.
        var spread = 5 * Math.Sqrt(0.5 / pixels.Length);
        Assert.InRange(anew.Test.Mean().Average() - once.Test.Mean().Average(), -spread, spread);
    }

    [Theory]
    [InlineData(BinarizationChoice.Static, "with --binarization static they are part of the data")]
    [InlineData(BinarizationChoice.Threshold, "are not drawn here")]
    public void Load_AnewWithNothingToDraw_SaysSo(BinarizationChoice binarization, string expected)
    {
        var error = Assert.Throws<OrnsteinException>(() => Load(_anew with { Binarization = binarization }));
        Assert.True(UsageError.Is(error));
        Assert.StartsWith("--test-binarization anew", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_AnotherBinarization_HasNothingToDrawAnew()
    {
        Assert.Equal(TestBinarizationChoice.Anew, MeasuredOn.Own.Apply(_anew).TestBinarization);
        Assert.Equal(TestBinarizationChoice.Once, (MeasuredOn.Own with { Binarization = BinarizationChoice.Threshold }).Apply(_anew).TestBinarization);
    }

    /// <summary>A configuration of a version without these settings means what it did.</summary>
    [Fact]
    public void Parse_FileOfAVersionBefore_HasTheSettingsOfThen()
    {
        var settings = SettingsJson.Parse("""{ "adamEpsilon": 1e-4, "schedule": "staged" }""", "config.json", new RunSettings()).Validate();
        Assert.Equal((0.9, 0.999, 0, 1e-4), (settings.AdamBeta1, settings.AdamBeta2, settings.AdamSecondMoment, settings.AdamEpsilon));
        Assert.Equal(TestBinarizationChoice.Once, settings.TestBinarization);
        var written = SettingsJson.Write(_anew with { AdamBeta1 = 0.99, AdamBeta2 = 0.9, AdamSecondMoment = 0.0025 }, null);
        Assert.Equal(written, SettingsJson.Write(SettingsJson.Parse(written, "config.json", new RunSettings()), null));
    }

    private static RunData Load(RunSettings settings) => RunData.Load(settings, null, CancellationToken.None);
}
