using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Priors;

/// <summary>What priors of several Gaussians are held to.</summary>
internal static class Densities
{
    /// <summary>log sum_c w_c N(z; m_c, s_c^2) of one member at [rows, units], in double precision, written out.</summary>
    public static double[] Mixture(Tensor z, Tensor means, Tensor deviations, double[] weights)
    {
        var (rows, units, count) = ((int)z.shape[0], (int)z.shape[1], weights.Length);
        double[] Numbers(Tensor of) => of.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var (point, mean, deviation) = (Numbers(z), Numbers(means), Numbers(deviations.expand(means.shape)));
        var values = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var sum = 0.0;
            for (var c = 0; c < count; c++)
            {
                var log = 0.0;
                for (var u = 0; u < units; u++)
                {
                    var eps = (point[(row * units) + u] - mean[(c * units) + u]) / deviation[(c * units) + u];
                    log -= (eps * eps / 2) + Math.Log(deviation[(c * units) + u]) + (0.5 * Math.Log(2 * Math.PI));
                }

                sum += weights[c] * Math.Exp(log);
            }

            values[row] = Math.Log(sum);
        }

        return values;
    }

    /// <summary>
    /// Samples against the log-density: for another density r, E_p[r / p] = 1 where p is not zero, within six standard errors; and mean and variance of samples are
    /// those that the prior says, within six of theirs.
    /// </summary>
    public static void SamplesFit(HierarchicalVae vae, Func<int, StackNoise, Tensor> sample, DiagonalGaussian moments, DiagonalGaussian other)
    {
        const int Count = 40_000;
        using var guard = no_grad();
        var z = sample(Count, StackNoise.Shared(RandomKey.FromSeed(12)));
        var ratio = (other.LogDensity(z) - vae.LogPrior(z)).to(ScalarType.Float64).exp();
        var error = ratio.std().item<double>() / Math.Sqrt(Count);
        Assert.InRange(error, 1e-5, 0.02); // r is seen, and p is wide enough for it
        Assert.Equal(1, ratio.mean().item<double>(), 6 * error);
        var points = z[0].to(ScalarType.Float64);
        for (var unit = 0; unit < z.shape[2]; unit++)
        {
            var own = points.select(1, unit);
            var (mean, deviation) = (moments.Mean.flatten()[unit].item<float>(), moments.StandardDeviation.flatten()[unit].item<float>());
            Assert.Equal(mean, own.mean().item<double>(), 6 * deviation / Math.Sqrt(Count));
            var squares = own.Minus(mean).Squared();
            Assert.Equal(deviation * deviation, squares.mean().item<double>(), 6 * squares.std().item<double>() / Math.Sqrt(Count));
        }
    }
}
