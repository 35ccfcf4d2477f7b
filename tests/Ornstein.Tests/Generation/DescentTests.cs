using Ornstein.Generation;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Generation;

public class DescentTests
{
    [Fact]
    public void Prior_OfALinearModel_HasItsVariances()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = Chain();
        const int Count = 50_000;
        var samples = Descent.Prior(vae, Count, StackNoise.Shared(RandomKey.FromSeed(1)), "prior");
        var s2 = Math.Pow(Math.Log(2) + 1e-4, 2);
        // z2 ~ N(0, 1) and z1 = 0.9 z2 + s e; a sample variance is off by sqrt(2 / n) of itself.
        foreach (var (expected, actual) in new[] { (1, samples[1]), ((0.9 * 0.9) + s2, samples[0]) })
            Assert.Equal(expected, actual.Squared().mean().item<float>(), 5 * expected * Math.Sqrt(2.0 / Count));
    }

    [Fact]
    public void Of_ATraversalOfALinearModel_IsALineOfThreePriorDeviationsEachWay()
    {
        using var scope = NewDisposeScope();
        using var vae = Chain();
        // x = 0.6 z1, z1 = 0.9 z2; 1,000 samples tell a deviation to 1 / sqrt(2000), and the mean to as much twice over.
        var (top, low) = (LatentTraversal.Of(vae, 1, [0], 7), LatentTraversal.Of(vae, 0, [0], 7));
        var deviation = Math.Sqrt((0.9 * 0.9) + Math.Pow(Math.Log(2) + 1e-4, 2));
        for (var step = 0; step < 7; step++)
        {
            Assert.Equal(0.6 * 0.9 * (step - 3), top[0, step, 0].item<float>(), 5 * 3 / Math.Sqrt(1000) * 0.6 * 0.9);
            Assert.Equal(0.6 * deviation * (step - 3), low[0, step, 0].item<float>(), 5 * 3 / Math.Sqrt(1000) * 0.6 * deviation);
        }
    }

    [Fact]
    public void Of_FixedLayers_VaryOnlyBelowThem()
    {
        using var scope = NewDisposeScope();
        using var stack = new TinyStack([new Member(1, 0)]);
        stack.Train();
        var noise = StackNoise.Shared(RandomKey.FromSeed(1));
        double Spread(int lowest) => FixedLayers.Of(stack.Vae, lowest, 50, noise)[0].std(0, unbiased: true).max().item<float>();
        Assert.Equal(0, Spread(0), 1e-6);
        Assert.All(new[] { 1, 2, 3 }, lowest => Assert.True(Spread(lowest) > 1e-3));
    }

    private static HierarchicalVae Chain()
    {
        var options = new ModelOptions { Data = 1, Latents = [1, 1], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        var vae = new HierarchicalVae(options, [new Member(1, 0)], new SmoothingOptions());
        LinearGaussian.Set(vae, "p1.output.weight", 0.9);
        LinearGaussian.Set(vae, "p0.output.weight", 0.6);
        return vae;
    }
}
