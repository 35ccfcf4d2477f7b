using Ornstein.Batching;
using Ornstein.Harmonics;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Harmonics;

public class LayerHarmonicsTests
{
    [Fact]
    public void Of_ALinearModel_IsAllOfDegreeOneWithTheSquaredWeights()
    {
        // mu_p(m + s eps) = W'm + W'(s eps): W_1 = |W|^2 s^2 with s = softplus(0) + 1e-4 in every unit, and nothing above.
        var options = new ModelOptions { Data = 3, Latents = [3, 2], Networks = Perceptrons.Linear, Likelihood = Likelihood.Gaussian };
        using var vae = new HierarchicalVae(options, [new Member(0.5, 0), new Member(1, 4)], new SmoothingOptions());
        using var rows = Reals(400, 3);
        var functions = LayerHarmonics.Of(vae, rows, new HarmonicsOptions());
        Assert.Equal(["mu_p(z1|z2)", "sigma_p(z1|z2)", "mu_q(z2|z1)", "sigma_q(z2|z1)"], functions.Select(function => function.Name));
        Assert.Equal([3, 3, 2, 2], functions.Select(function => function.Outputs));
        var s2 = Math.Pow(Math.Log(2) + 1e-4, 2);
        foreach (var (index, weight) in new[] { (0, "p1.output.weight"), (2, "q2.output.weight") })
        {
            for (var member = 0; member < 2; member++)
            {
                var profile = functions[index].Profiles[member];
                var expected = s2 * Values(vae, weight, member).Sum(w => w * w);
                foreach (var estimate in new[] { profile.Variance, profile.DirectVariance, profile.Energies[0], profile.ByStein, profile.GradientEnergy })
                {
                    Assert.Equal(expected, estimate.Value, (5 * estimate.StandardError) + (1e-3 * expected));
                }

                Assert.Equal(0, profile.ShareAboveDegreeOne.Value, 1e-3);
                Assert.Equal("cannot say: the function does not vary", functions[index + 1].Profiles[member].Reason);
            }
        }
    }

    [Fact]
    public void Of_ATrainedModel_PredictsTheVarianceThatSmoothingLeaves()
    {
        // Var of the mean over K inner draws = Var U_rho f + (Var f - Var U_rho f) / K, for each datum, summed over outputs.
        const double Rho = 0.6;
        const int K = 4, Repetitions = 400;
        using var stack = new TinyStack([new Member(Rho, 0)], new SmoothingOptions { Draws = K });
        stack.Train();
        using var rows = TinyStack.Images(150, Binarization.Static);
        var profile = LayerHarmonics.Of(stack.Vae, rows, new HarmonicsOptions()).Single(f => f.Name == "mu_p(z1|z2)").Profiles[0];
        var smoothed = profile.Smoothed(Rho);
        var expected = smoothed.Variance.Value + ((profile.Variance.Value - smoothed.Variance.Value) / K);
        Assert.True(profile.ShareAboveDegreeOne.Value > 1e-4, "the network is not affine");

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(8);
        var above = stack.Vae.Infer(rows.Slice(0, rows.Count).unsqueeze(0), StackNoise.Shared(key)).Layers[1];
        var means = torch.stack(
            Enumerable.Range(0, Repetitions).Select(r =>
            {
                var noise = StackNoise.Shared(key.At(r));
                var z = above.Sample(noise.Normal("z", rows.Count, above.Mean.shape[2]));
                return stack.Vae.SmoothedGenerative(0, above, z, noise).Mean;
            }),
            0);
        var perDatum = means.var(0, unbiased: true).sum([-1L]).to(ScalarType.Float64);
        var error = perDatum.std().item<double>() / Math.Sqrt(rows.Count);
        Assert.Equal(expected, perDatum.mean().item<double>(), 5 * Math.Sqrt((error * error) + Math.Pow(profile.Variance.StandardError, 2)));
    }

    [Fact]
    public void Of_AMemberAlone_IsThatOfTheStack()
    {
        using var stack = new TinyStack([new Member(0.3, 0), new Member(1, 1)]);
        using var alone = new TinyStack([new Member(1, 1)]);
        using var rows = TinyStack.Images(20, Binarization.Static);
        var (together, single) = (
            LayerHarmonics.Of(stack.Vae, rows, new HarmonicsOptions()), LayerHarmonics.Of(alone.Vae, rows, new HarmonicsOptions()));
        for (var i = 0; i < single.Count; i++)
        {
            var (expected, actual) = (single[i].Profiles[0].DirectVariance.Value, together[i].Profiles[1].DirectVariance.Value);
            Assert.Equal(expected, actual, 1e-4 * expected);
        }
    }

    [Fact]
    public void Of_WeightsThatAreNotNumbers_SaysSoForThatMemberAlone()
    {
        using var stack = new TinyStack([new Member(1, 0), new Member(1, 1)]);
        stack.Fill(0, double.NaN);
        var functions = LayerHarmonics.Of(stack.Vae, stack.Validation, new HarmonicsOptions());
        Assert.All(functions, function =>
        {
            Assert.Equal("cannot say: the function gives numbers that are not finite", function.Profiles[0].Reason);
            Assert.Null(function.Profiles[1].Reason);
        });
    }

    [Fact]
    public void Of_WeightsThatAreAllZero_HasNoVarianceAndNoShareOfIt()
    {
        using var stack = new TinyStack([new Member(0.5, 0), new Member(1, 1)]);
        stack.Fill(0, 0);
        var functions = LayerHarmonics.Of(stack.Vae, stack.Validation, new HarmonicsOptions());
        Assert.All(functions, function =>
        {
            var profile = function.Profiles[0];
            Assert.Equal("cannot say: the function does not vary", profile.Reason);
            // Widths are softplus(0), of size one; what is left of a variance is the rounding of float64 sums.
            Assert.Equal(0, profile.Variance.Value, function.Name.StartsWith("mu", StringComparison.Ordinal) ? 0 : 1e-14);
            Assert.Equal(0, profile.GradientEnergy.Value);
            Assert.True(double.IsNaN(profile.ShareAboveDegreeOne.Value));
            Assert.All(profile.Energies, energy => Assert.True(double.IsNaN(energy.Value)));
            var smoothed = profile.Smoothed(0.5);
            Assert.True(double.IsNaN(smoothed.ShareAboveDegreeOne.Value));
            Assert.Null(function.Profiles[1].Reason);
        });
    }

    [Fact]
    public void Of_OneDatum_IsRefused()
    {
        using var stack = new TinyStack([new Member(1, 0)]);
        using var rows = TinyStack.Images(1, Binarization.Static);
        var error = Assert.Throws<OrnsteinException>(() => LayerHarmonics.Of(stack.Vae, rows, new HarmonicsOptions()));
        Assert.Contains("at least 2", error.Message, StringComparison.Ordinal);
    }

    private static float[] Values(HierarchicalVae vae, string name, int member)
    {
        using var scope = NewDisposeScope();
        return vae.Parameters[vae.Parameters.Layout.Entries.Single(entry => entry.Name == name)][member].data<float>().ToArray();
    }

    private static DataRows Reals(int count, int features)
    {
        using var x = RandomKey.FromSeed(11).Normal(count, features);
        return DataRows.FromReals(x.data<float>().ToArray(), features);
    }
}
