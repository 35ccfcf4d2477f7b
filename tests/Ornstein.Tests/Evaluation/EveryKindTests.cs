using System.Text.Json;
using Ornstein.Diagnosis;
using Ornstein.Evaluation;
using Ornstein.Generation;
using Ornstein.Harmonics;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

/// <summary>What is measured of each kind of model, and what says that it is not defined.</summary>
public class EveryKindTests
{
    public static TheoryData<ModelKind> Kinds => [.. Enum.GetValues<ModelKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Members_AnyKind_HasAllNumbersAndThePartsOfItsKlsWhereLayersAreAMarkovChain(ModelKind kind)
    {
        using var stack = new Stack(kind);
        foreach (var result in Evaluator.Members(stack.Vae, stack.Tiny.Validation, new EvaluationOptions { Draws = 4 }))
        {
            Assert.Equal("ok", result.Status);
            double[] numbers = [result.Elbo, result.SmoothedObjective, result.Reconstruction, .. result.Kl, .. result.UnsmoothedKl];
            Assert.All(numbers, number => Assert.True(double.IsFinite(number)));
            Assert.All(result.Kl, kl => Assert.True(kl >= 0));
            // In a ladder without a rho below 1 the two are equal up to rounding.
            if (kind is not (ModelKind.Ladder or ModelKind.LadderWithSkips)) Assert.Null(result.UnsmoothedReconstruction);
            else if (result.Rho < 1) Assert.NotNull(result.UnsmoothedReconstruction);
            var sum = -((result.UnsmoothedReconstruction ?? result.Reconstruction) + result.UnsmoothedKl.Sum());
            Assert.Equal(stack.Vae.IsKlFormABound ? sum : result.Bounds!.SampledElbo.Value, result.Elbo, 1e-9);
            for (var layer = 0; layer < 3; layer++) Assert.Equal(result.Kl[layer], result.UnitKl![layer].Sum(), 1e-4);
            Assert.True(result.Bounds!.SampledElbo.Value < result.Bounds.ImportanceWeighted.Value);
            Assert.Equal(kind.IsMarkov(), result.KlParts is not null);
            Assert.Equal(kind.IsMarkov(), result.UnsmoothedKlParts is not null);
            var read = JsonSerializer.Deserialize<MemberResult>(JsonSerializer.Serialize(result, ResultJson.Indented), ResultJson.Indented)!;
            Assert.Equal(result.KlParts?.Length, read.KlParts?.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Objectives_AnyKind_AddsThePartsUpToTheKlWhereThereAreAny(ModelKind kind)
    {
        using var stack = new Stack(kind);
        var means = Evaluator.Objectives(stack.Vae, stack.Tiny.Validation, new EvaluationOptions());
        Assert.All(means.SmoothedKl, layer => Assert.All(layer, kl => Assert.True(double.IsFinite(kl))));
        Assert.Equal(kind.IsMarkov(), means.SmoothedKlParts is not null);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Diagnoses_AnyKind_SayEverythingThatIsDefined(ModelKind kind)
    {
        using var stack = new Stack(kind);
        var evaluation = new EvaluationOptions { Draws = 2 };
        var results = Evaluator.Members(stack.Vae, stack.Tiny.Validation, evaluation);
        var options = new LayerEvaluatorOptions { Evaluation = evaluation, NoLabelsReason = "none here" };
        var model = LayerEvaluator.Of(stack.Vae, results, stack.Tiny.Validation, options)[0];
        var hasSkipElbo = kind is not (ModelKind.Ladder or ModelKind.LadderWithSkips);
        Assert.Equal(hasSkipElbo, model.SkipElboReason is null);
        foreach (var layer in model.Layers)
        {
            Estimate[] numbers = [layer.Information!.Lower, layer.Information.Upper(), layer.ReconstructionFrom, layer.ElboFrom];
            Assert.All(numbers, number => Assert.True(double.IsFinite(number.Value)));
            Assert.Equal(hasSkipElbo, layer.SkipElbo is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HarmonicsAndShares_AnyKind_AreMeasuredOrSayWhyNot(ModelKind kind)
    {
        using var stack = new Stack(kind);
        void Harmonics() => LayerHarmonics.Of(stack.Vae, stack.Tiny.Validation, new HarmonicsOptions());
        void Shares() => SignalShares.Of(stack.Vae, stack.Tiny.Validation, new EvaluationOptions());
        if (kind.IsMarkov())
        {
            Harmonics();
            Shares();
            return;
        }

        var word = kind is ModelKind.Ladder or ModelKind.LadderWithSkips ? "ladder" : "skip";
        Assert.Contains(word, Assert.Throws<OrnsteinException>(Harmonics).Message, StringComparison.Ordinal);
        Assert.Contains(word, Assert.Throws<OrnsteinException>(Shares).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generation_AnyKind_VariesOnlyBelowFixedLayersAndAlongAUnit(ModelKind kind)
    {
        using var scope = NewDisposeScope();
        using var stack = new Stack(kind);
        var noise = StackNoise.Shared(RandomKey.FromSeed(1));
        double Spread(int lowest) => FixedLayers.Of(stack.Vae, lowest, 50, noise)[0].std(0, unbiased: true).max().item<float>();
        // What does not move gives the same bits in every row, and a deviation of at most a rounding of their mean.
        Assert.Equal(0, Spread(0), 1e-6);
        Assert.All(new[] { 1, 2, 3 }, lowest => Assert.True(Spread(lowest) > 1e-3));
        for (var layer = 0; layer < 3; layer++)
        {
            var images = LatentTraversal.Of(stack.Vae, layer, [0, 1], 5);
            Assert.Equal([2, 5, TinyStack.Features], images.shape);
            Assert.True((images[0, 4] - images[0, 0]).abs().max().item<float>() > 0);
        }

        Assert.Equal([2, 7, TinyStack.Features], stack.Vae.Sample(7, noise).shape);
    }

    /// <summary>A stack of a kind in the place of the tiny one's, whose data it takes.</summary>
    private sealed class Stack(ModelKind kind) : IDisposable
    {
        public TinyStack Tiny { get; } = new([new Member(1, 0)]);

        public HierarchicalVae Vae { get; } =
            kind.Create(TinyStack.Model, [new Member(0.5, 0), new Member(1, 1)], new SmoothingOptions { Draws = 3 }, spread: 0.3);

        public void Dispose()
        {
            Tiny.Dispose();
            Vae.Dispose();
        }
    }
}
