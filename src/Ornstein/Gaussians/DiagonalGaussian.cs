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
    public Tensor Sample(Tensor eps) => addcmul(Mean, StandardDeviation, eps, 1);
}
