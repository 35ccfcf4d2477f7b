using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Models;

/// <summary>
/// log p(x) of any model of two layers of one unit each, by the trapezoidal rule over the noises of both: exact to rounding where networks
/// are smooth, since what is integrated falls off like a Gaussian.
/// </summary>
internal static class GridLikelihood
{
    private const int Points = 81;
    private const double Reach = 8;

    /// <summary>Mean over data of log p(x), nats per datum; x is float32 [count, features].</summary>
    /// <param name="vae">A stack of one member.</param>
    /// <param name="x">Data.</param>
    /// <param name="smoothed">Of the smoothed generative model, whose inner draws must be a quadrature.</param>
    public static double LogLikelihood(HierarchicalVae vae, Tensor x, bool smoothed = false)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var grid = linspace(-Reach, Reach, Points);
        var (first, second) = (grid.repeat(Points).reshape(1, -1, 1), grid.repeat_interleave(Points).reshape(1, -1, 1));
        var p = smoothed
            ? vae.SmoothedGenerative(0, new DiagonalGaussian(zeros(1, 1, 1), ones(1, 1, 1)), second, StackNoise.Shared(RandomKey.FromSeed(0)))
            : vae.Generative(0, second);
        Tensor[] samples = [p.Sample(first), second];
        var log = first.Squared().Plus(second.Squared()).to(ScalarType.Float64).squeeze(-1).Times(-0.5);
        log = log.Plus(2 * Math.Log(2 * Reach / (Points - 1) / Math.Sqrt(2 * Math.PI)));
        var sum = 0.0;
        for (var i = 0; i < x.shape[0]; i++)
        {
            using var datumScope = NewDisposeScope();
            var likelihood = -vae.Reconstruction(x[i].reshape(1, 1, -1), samples).to(ScalarType.Float64);
            sum += log.Plus(likelihood).logsumexp(1).item<double>();
        }

        return sum / x.shape[0];
    }
}
