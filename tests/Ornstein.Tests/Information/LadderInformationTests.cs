using Ornstein.Batching;
using Ornstein.Gaussians;
using Ornstein.Information;
using Ornstein.Likelihoods;
using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using Ornstein.Tests.Models;
using static TorchSharp.torch;

namespace Ornstein.Tests.Information;

public class LadderInformationTests
{
    private const int Count = 300, Draws = 64, Points = 121;

    /// <summary>
    /// Below the top of a ladder q(z1 | x) is the mixture over z2 of q(z1 | z2, x), which the Gaussians of passes sample; one unit a layer, so that
    /// all of it is known on a grid, for just these data.
    /// </summary>
    [Fact]
    public void Of_ALadder_BracketsTheQuadratureOfItsMixtures()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var plain = new ModelOptions
        {
            Data = 2, Latents = [1, 1], Networks = new Perceptrons { Hidden = [6, 5], HiddenLayers = 1, Activation = Activation.Tanh }, Likelihood = Likelihood.Gaussian,
        };
        using var vae = ModelKind.Ladder.Create(plain, [new Member(1, 5)], new SmoothingOptions(), spread: 1);
        var x = RandomKey.FromSeed(5).At("x").Normal(Count, 2).Times(2);
        using var rows = DataRows.FromReals(x.data<float>().ToArray(), 2);
        var bounds = MutualInformation.Of(vae, rows, [0], new InformationOptions { Data = Count, Draws = Draws })[0]!;
        var (first, second, chi2) = Exact(vae, x);
        foreach (var (bound, exact, slack) in new[] { (bounds[0], first, chi2 / (2 * Draws)), (bounds[1], second, 0) })
        {
            Assert.True(exact > 0.05, "a layer that knows something of x");
            // With these very data as the population, the lower bound is exact but for the draws, which take chi^2 / 2S of what z2 says of z1 given x.
            Assert.Equal(exact, bound.Lower.Value, (2 * slack) + (5 * bound.Lower.StandardError));
            Assert.True(bound.UpperLeaveOneOut.Value > exact - (5 * bound.UpperLeaveOneOut.StandardError));
            Assert.True(bound.UpperGaussian.Value > exact - (5 * bound.UpperGaussian.StandardError));
        }
    }

    // I(x; z1) and I(x; z2) of x uniform over the data, and the mean-square contingency of z1 and z2 given x.
    private static (double First, double Second, double Chi2) Exact(HierarchicalVae vae, Tensor x)
    {
        var pass = vae.Infer(x.unsqueeze(0), StackNoise.Shared(RandomKey.FromSeed(1)));
        // What p is merged with: the merged Gaussian less p's precision.
        var (q, p) = (Columns(pass.Layers[0]), Columns(vae.Generative(0, pass.Samples)));
        var precision = q.StandardDeviation.Squared().reciprocal() - p.StandardDeviation.Squared().reciprocal();
        var climbed = ((q.Mean / q.StandardDeviation.Squared()) - (p.Mean / p.StandardDeviation.Squared())) / precision;
        var top = Columns(pass.Layers[1]);
        var eps = linspace(-6, 6, Points, dtype: ScalarType.Float64);
        var weight = eps.Squared().Times(-0.5).exp();
        weight /= weight.sum([]);
        var z2 = top.Mean.Plus(top.StandardDeviation * eps); // [data, points of z2]
        var above = vae.Generative(0, z2.to(ScalarType.Float32).reshape(1, -1, 1));
        var merged = precision.Plus(above.StandardDeviation.to(ScalarType.Float64).reshape(Count, Points).Squared().reciprocal());
        var mean = (precision * climbed).Plus(above.Mean.to(ScalarType.Float64).reshape(Count, Points) * (merged - precision)) / merged;
        var deviation = merged.rsqrt();
        const int Fine = 400;
        var (low, high) = ((mean - deviation.Times(6)).min().item<double>(), mean.Plus(deviation.Times(6)).max().item<double>());
        var z1 = linspace(low, high, Fine, dtype: ScalarType.Float64);
        // [data, points of z2, points of z1]
        var density = Density(z1.reshape(1, 1, -1), mean.unsqueeze(2), deviation.unsqueeze(2));
        var mixture = (density * weight.reshape(1, -1, 1)).sum([1L]);
        var step = (high - low) / (Fine - 1);
        var chi2 = ((density.Squared() * weight.reshape(1, -1, 1)).sum([1L]) / mixture.AtLeast(1e-300)).sum([1L]).mean().item<double>() * step;
        var wide = linspace(z2.min().item<double>(), z2.max().item<double>(), Fine, dtype: ScalarType.Float64);
        var second = Density(wide.unsqueeze(0), top.Mean, top.StandardDeviation);
        var wideStep = (wide[1] - wide[0]).item<double>();
        return (Information(mixture, step), Information(second, wideStep), chi2 - 1);
    }

    private static double Information(Tensor density, double step) =>
        (density * (density.Plus(1e-300).log() - density.mean([0L]).Plus(1e-300).log())).sum([1L]).mean().item<double>() * step;

    private static Tensor Density(Tensor z, Tensor mean, Tensor deviation) =>
        ((z - mean) / deviation).Squared().Times(-0.5).exp() / deviation.Times(Math.Sqrt(2 * Math.PI));

    // [data, 1]
    private static DiagonalGaussian Columns(DiagonalGaussian layer) =>
        new(layer.Mean[0].to(ScalarType.Float64), layer.StandardDeviation[0].to(ScalarType.Float64));
}
