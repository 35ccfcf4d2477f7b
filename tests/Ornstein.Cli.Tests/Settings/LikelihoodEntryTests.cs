using Ornstein.Experiments.Settings;
using Ornstein.Likelihoods;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Cli.Tests.Settings;

/// <summary>A configuration names any likelihood that is known, and says what to do about one that is not.</summary>
public sealed class LikelihoodEntryTests
{
    [Fact]
    public void Parse_ALikelihoodFromOutside_IsKnownOnceItIsRegistered()
    {
        const string Json = """{ "likelihood": "outside" }""";
        Assert.Contains(
            "but is 'outside'; one of your own is known in a program that registers it",
            Assert.Throws<OrnsteinException>(() => SettingsJson.Parse(Json, "settings", RunSettings.ForPhase)).Message, StringComparison.Ordinal);
        Likelihood.Register(new Outside());
        var settings = SettingsJson.Parse(Json, "settings", RunSettings.ForPhase);
        Assert.Equal("outside", settings.Likelihood.Name);
        Assert.Contains("\"likelihood\": \"outside\"", SettingsJson.Write(settings, provenance: null), StringComparison.Ordinal);
        Assert.Contains("--decoder-sigma learned belongs to a gaussian likelihood", Assert.Throws<OrnsteinException>(() =>
            (settings with { DecoderSigma = GaussianVariance.Learned }).Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AMistypedName_SuggestsTheNearest() => Assert.Contains(
        "but is 'bernouli'; did you mean 'bernoulli'?", Assert.Throws<OrnsteinException>(() => LikelihoodEntry.Parse("bernouli", "--likelihood")).Message, StringComparison.Ordinal);

    private sealed record Outside : ILikelihood
    {
        public string Name => "outside";

        public int Outputs(int features) => features;

        public Tensor LogProbability(Tensor x, Tensor output, PartState state) => (x - output).abs().sum([-1L]).neg();

        public Tensor Mean(Tensor output) => output;

        public double[] OutputOf(IReadOnlyList<double> mean) => [.. mean];
    }
}
