using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Gaussians;

/// <summary>
/// A batch of Gaussians with diagonal covariance, [members, batch, units]. Either tensor may have size 1 where it does not vary.
/// </summary>
/// <param name="Mean">Means.</param>
/// <param name="StandardDeviation">Standard deviations, positive.</param>
public readonly record struct DiagonalGaussian(Tensor Mean, Tensor StandardDeviation)
{
    /// <summary>The point mean + standard deviation * eps (Kingma and Welling 2014, section 2.4), [members, batch, units].</summary>
    /// <param name="eps">Draws from N(0, 1) of a shape that broadcasts to the result.</param>
    public Tensor Sample(Tensor eps) => Mean.PlusProduct(StandardDeviation, eps);

    /// <summary>log N(z; mean, standard deviation^2) summed over units, nats, [members, batch].</summary>
    /// <param name="z">Points, [members, batch, units].</param>
    public Tensor LogDensity(Tensor z)
    {
        ArgumentNullException.ThrowIfNull(z);
        var eps = (z - Mean) / StandardDeviation;
        return eps.Squared().Plus(StandardDeviation.log().Times(2)).sum([-1L]).Times(-0.5).Minus(0.5 * z.shape[^1] * Math.Log(2 * Math.PI));
    }
}
