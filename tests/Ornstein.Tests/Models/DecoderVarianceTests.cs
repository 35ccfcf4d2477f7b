using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>-log N(x; mean, variance I) with a variance that is learned, or the best for a batch.</summary>
public class DecoderVarianceTests
{
    private const int Rows = 50, Features = TinyStack.Features;

    [Fact]
    public void Reconstruction_Learned_IsTheLogDensityWithItsVariance()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(ModelKind.LearnedVariance);
        LinearGaussian.Set(vae, "p0.logvariance", Math.Log(0.3));
        AssertNegativeLogDensity(vae, 0.3);
    }

    [Fact]
    public void Reconstruction_AnalyticInEvaluation_IsTheLogDensityWithTheStoredVariance()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(ModelKind.AnalyticVariance);
        LinearGaussian.Set(vae, "p0.variance", 0.3);
        AssertNegativeLogDensity(vae, 0.3);
    }

    [Fact]
    public void Reconstruction_AnalyticInTraining_IsTheBestThatAnyVarianceGivesTheBatch()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Create(ModelKind.AnalyticVariance);
        var (x, pass) = Pass(vae);
        double Mean() => vae.Reconstruction(x, pass).mean().item<float>();
        vae.Networks.Mode.Statistics = [];
        var best = Mean();
        vae.Networks.Mode.Statistics = null;
        // sigma-VAE: the optimal variance is the mean squared error, and then -log p is F / 2 (log(2 pi variance) + 1) in the mean.
        double squares = (x - vae.Decode(pass.Samples)).Squared().mean().item<float>();
        Assert.Equal(0.5 * Features * (Math.Log(2 * Math.PI * squares) + 1), best, 1e-4);
        foreach (var factor in new[] { 0.5, 0.9, 1, 1.1, 2 })
        {
            LinearGaussian.Set(vae, "p0.variance", factor * squares);
            // Another variance costs F / 2 (1 / factor - 1 + log factor) more.
            Assert.Equal(best + (0.5 * Features * ((1 / factor) - 1 + Math.Log(factor))), Mean(), 1e-4);
        }
    }

    [Fact]
    public void Reconstruction_AnalyticInTraining_IsThatOfEachMemberAlone()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = ModelKind.AnalyticVariance.Create(TinyStack.Model, [new Member(1, 3), new Member(1, 4)], new SmoothingOptions());
        var (x, pass) = Pass(vae);
        vae.Networks.Mode.Statistics = [];
        var actual = vae.Reconstruction(x, pass).mean([1L]).data<float>().ToArray();
        var squares = (x - vae.Decode(pass.Samples)).Squared().mean([1L, 2L]).data<float>().ToArray();
        for (var member = 0; member < 2; member++)
            Assert.Equal(0.5 * Features * (Math.Log(2 * Math.PI * squares[member]) + 1), actual[member], 1e-4);
    }

    // Float: a sum of a dozen squares of order one.
    private static void AssertNegativeLogDensity(HierarchicalVae vae, double variance)
    {
        var (x, pass) = Pass(vae);
        var squares = (x - vae.Decode(pass.Samples)).Squared().sum([-1L])[0].data<float>().ToArray();
        var actual = vae.Reconstruction(x, pass)[0].data<float>().ToArray();
        for (var row = 0; row < Rows; row++)
            Assert.Equal(0.5 * ((squares[row] / variance) + (Features * Math.Log(2 * Math.PI * variance))), actual[row], 1e-4);
    }

    private static (Tensor X, InferencePass Pass) Pass(HierarchicalVae vae)
    {
        var x = RandomKey.FromSeed(1).Normal(1, Rows, Features);
        return (x, vae.Infer(x, StackNoise.Shared(RandomKey.FromSeed(2))));
    }

    private static HierarchicalVae Create(ModelKind kind) => kind.Create(TinyStack.Model, [new Member(1, 3)], new SmoothingOptions());
}
