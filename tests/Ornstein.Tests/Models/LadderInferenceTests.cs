using CsCheck;
using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Remedies;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Steps;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

public class LadderInferenceTests
{
    // Double precision: a handful of roundings of 1.1e-16 in numbers whose ratio is at most 100 each.
    [Fact]
    public void Merge_AnyTwoGaussians_IsTheirNormalizedProduct() =>
        Gen.Select(Gen.Double[-5, 5], Gen.Double[0.1, 10], Gen.Double[-5, 5], Gen.Double[0.1, 10]).Sample((m, s, mu, sigma) =>
        {
            using var scope = NewDisposeScope();
            var merged = LadderInference.Merge(
                new DiagonalGaussian(tensor(m), tensor(s)), new DiagonalGaussian(tensor(mu), tensor(sigma)));
            var precision = (1 / (s * s)) + (1 / (sigma * sigma));
            Assert.Equal(((m / (s * s)) + (mu / (sigma * sigma))) / precision, merged.Mean.item<double>(), 1e-10);
            Assert.Equal(1 / Math.Sqrt(precision), merged.StandardDeviation.item<double>(), 1e-10);
        });

    [Fact]
    public void Infer_Ladder_GivesEveryLayerBelowTheTopLessVarianceThanP()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = new HierarchicalVae(
            TinyStack.Model with { Inference = InferenceKind.Ladder }, [new Member(1, 3)], new SmoothingOptions());
        var pass = vae.Infer(RandomKey.FromSeed(1).Uniform(1, 50, TinyStack.Features), StackNoise.Shared(RandomKey.FromSeed(2)));
        for (var i = 0; i < 2; i++)
        {
            var p = vae.Generative(i, pass.Samples);
            Assert.True((pass.Layers[i].StandardDeviation < p.StandardDeviation).all().item<bool>());
        }
    }

    [Fact]
    public void Infer_CommittedRate_KeepsEveryTopUnitAtItsRate()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var member = new Member(1, 3) { Remedy = new Remedy { CommittedRate = 0.4 } };
        using var vae = new HierarchicalVae(TinyStack.Model, [member], new SmoothingOptions());
        var pass = vae.Infer(RandomKey.FromSeed(1).Uniform(1, 50, TinyStack.Features), StackNoise.Shared(RandomKey.FromSeed(2)));
        // Float: roundings of 6e-8 in s and its logarithm.
        Assert.True(KlDivergence.FromStandardPerUnit(pass.Layers[^1]).min().item<float>() >= 0.4 - 1e-6);
    }
}
