using Ornstein.Experiments.Settings;
using Ornstein.Gaussians;
using Ornstein.Likelihoods;
using Ornstein.Networks;
using Ornstein.Priors;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Cli.Tests.Settings;

/// <summary>The prior and normalized means in configurations: read, written, refused.</summary>
public sealed class PriorEntryTests
{
    [Theory]
    [InlineData("standard-normal", "standard-normal")]
    [InlineData("mixture", "mixture:10")]
    [InlineData("mixture:3", "mixture:3")]
    [InlineData("vamp", "vamp:50")]
    [InlineData("vamp:7", "vamp:7")]
    public void Bind_APrior_IsWrittenWithItsComponentsAndReadsBack(string text, string written)
    {
        var settings = Shell.Settings("--prior", text);
        Assert.Equal(written, settings.Prior.ToString());
        var json = SettingsJson.Write(settings, provenance: null);
        Assert.Contains($"\"prior\": \"{written}\"", json, StringComparison.Ordinal);
        Assert.Equal(settings.Prior, SettingsJson.Parse(json, "config.json", RunSettings.ForPhase).Prior);
        Assert.Equal(Prior.Named(written), RunPlan.Model(settings, 5, Likelihood.Bernoulli).Prior);
    }

    [Fact]
    public void Parse_AConfigurationWithoutThem_IsTheModelOfEarlierVersions()
    {
        var settings = SettingsJson.Parse("{}", "config.json", RunSettings.ForPhase);
        var model = RunPlan.Model(settings, 5, Likelihood.Bernoulli);
        Assert.Equal(new StandardNormalPrior(), model.Prior);
        Assert.IsType<Perceptrons>(model.Networks);
        Assert.Equal("", SettingsArguments.ToCommandLine(settings, RunSettings.ForPhase));
    }

    [Fact]
    public void Bind_NormalizedMeans_ReachTheModelAndReadBack()
    {
        var settings = Shell.Settings("--mean-norm", "0.5", "--mean-norm-layers", "all");
        Assert.Equal(new NormalizedMeans(RunPlan.Perceptrons(settings), 0.5) { EveryLayer = true }.Scale, Assert.IsType<NormalizedMeans>(RunPlan.Model(settings, 5, Likelihood.Bernoulli).Networks).Scale);
        Assert.True(((NormalizedMeans)RunPlan.Model(settings, 5, Likelihood.Bernoulli).Networks).EveryLayer);
        Assert.False(((NormalizedMeans)RunPlan.Model(settings with { MeanNormLayers = MeanNormLayers.Top }, 5, Likelihood.Bernoulli).Networks).EveryLayer);
        var back = SettingsJson.Parse(SettingsJson.Write(settings, provenance: null), "config.json", RunSettings.ForPhase);
        Assert.Equal((0.5, MeanNormLayers.All), (back.MeanNorm, back.MeanNormLayers));
    }

    [Theory]
    [InlineData("--prior gmm", "--prior should be one of ")]
    [InlineData("--prior mixtur", "--prior should be one of ")]
    [InlineData("--prior mixture:0", "--prior mixture:0: the prior 'mixture' has 0 components; it must have 1 to 10,000")]
    [InlineData("--prior vamp:x", "--prior vamp:x: the prior 'vamp' has a whole number of components, not 'x'")]
    [InlineData("--prior standard-normal:2", "--prior standard-normal:2: the prior 'standard-normal' has no components to count")]
    [InlineData("--prior vamp --batch-norm", "--prior vamp:50: a VampPrior takes data one by one, and batch normalization couples them; take another prior")]
    [InlineData("--prior vamp --smooth pq", "--prior vamp:50: a VampPrior is offered with p smoothed only, not q; smooth p alone")]
    [InlineData("--prior mixture --remedy committed-rate:0.1", "--remedy committed-rate:0.1: a committed rate is a distance from the standard normal prior")]
    [InlineData("--mean-norm 0", "--mean-norm 0 is out of range; it must be above 0")]
    [InlineData("--mean-norm 0.5 --batch 1", "--mean-norm takes q's means relative to their mean over the batch, and --batch 1 leaves nothing of them; give --batch 2 or more")]
    [InlineData("--mean-norm 0.5 --prior mixture", "--mean-norm bounds the KL to the standard normal prior, and --prior mixture:10 is another; leave one of the two out")]
    [InlineData("--mean-norm-layers all", "--mean-norm-layers all says whose means --mean-norm normalizes, which is not given; give both, or neither")]
    [InlineData("--mean-norm 0.5 --remedy iwae:5:gradient=dreg", "--remedy iwae:5:gradient=dreg: the doubly reparameterized gradient takes data one by one")]
    public void Bind_WhatDoesNotFit_NamesItAndWhatIsRight(string arguments, string message) =>
        Assert.StartsWith(message, Shell.Mistake(["phase", .. arguments.Split(' ')]));

    [Fact]
    public void Parse_APriorFromOutside_IsKnownOnceItIsRegistered()
    {
        const string Json = """{ "prior": "narrow" }""";
        Assert.Contains(
            "but is 'narrow'; one of your own is known in a program that registers it",
            Assert.Throws<OrnsteinException>(() => SettingsJson.Parse(Json, "settings", RunSettings.ForPhase)).Message, StringComparison.Ordinal);
        Prior.Register(new Narrow());
        var settings = SettingsJson.Parse(Json, "settings", RunSettings.ForPhase);
        Assert.Contains("\"prior\": \"narrow\"", SettingsJson.Write(settings, provenance: null), StringComparison.Ordinal);
        Assert.Equal(new Narrow(), RunPlan.Model(settings.Validate(), 5, Likelihood.Bernoulli).Prior);
    }

    [Fact]
    public void Parse_AMistypedName_SuggestsTheNearest() => Assert.Contains(
        "but is 'mixtur:3'; did you mean 'mixture'?", Assert.Throws<OrnsteinException>(() => PriorEntry.Parse("mixtur:3", "--prior")).Message, StringComparison.Ordinal);

    private sealed record Narrow : IPrior
    {
        public string Name => "narrow";

        public Tensor LogDensity(Tensor z, PartState state) => Gaussian(1, state).LogDensity(z);

        public Tensor Sample(int rows, int units, StackNoise noise, string place, PartState state) => noise.Normal(place, rows, units).Times(0.5);

        public DiagonalGaussian Gaussian(int units, PartState state) => new(zeros(1), TensorCreation.Filled([1], 0.5f));
    }
}
