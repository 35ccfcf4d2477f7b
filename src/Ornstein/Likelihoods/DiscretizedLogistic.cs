using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Likelihoods;

/// <summary>
/// A logistic distribution on [-1, 1] cut into 256 bins, one a grey level, of which the lowest and the highest reach to infinity (Kingma et al. 2016, "Improving Variational
/// Inference with Inverse Autoregressive Flow", appendix on the likelihood of images; Salimans et al. 2017, "PixelCNN++", section 2.1).
/// </summary>
internal static class DiscretizedLogistic
{
    /// <summary>Grey levels.</summary>
    public const int Levels = 256;

    // Half a bin, where levels are spread over [-1, 1].
    private const double Half = 1.0 / (Levels - 1);

    // Narrower than this all probability is in one bin, and gradients are rounding.
    private const double LeastLogScale = -7;

    /// <summary>
    /// Log of a level's probability, nats. With a and b the upper and lower end of its bin, from the mean and in scales, sigma(a) - sigma(b) is sigma(a) sigma(-b) (1 - e^(b - a)): no
    /// difference of numbers that are nearly equal. The end bins have one factor.
    /// </summary>
    /// <param name="x">Levels over 255, in [0, 1].</param>
    /// <param name="mean">Mean on [-1, 1].</param>
    /// <param name="logScale">Log of the scale; less than -7 counts as that.</param>
    public static Tensor LogMass(Tensor x, Tensor mean, Tensor logScale)
    {
        var inverse = logScale.AtLeast(LeastLogScale).neg().exp();
        var centred = x.Times(2).Minus(1).sub(mean);
        var upper = centred.Plus(Half).mul(inverse).neg().Softplus();
        var lower = centred.Minus(Half).mul(inverse).Softplus();
        var width = inverse.Times(-2 * Half).expm1().neg().log();
        var (isLowest, isHighest) = (x.IsBelow(Half / 2), x.IsAbove(1 - (Half / 2)));
        using var nothing = zeros(1, dtype: mean.dtype, device: mean.device);
        return where(isHighest, nothing, upper).Plus(where(isLowest, nothing, lower)).neg().Plus(where(isLowest.logical_or(isHighest), nothing, width));
    }

    /// <summary>The mean level over 255, in [0, 1]: the sum over levels of the probability to be at least that.</summary>
    /// <param name="mean">Mean on [-1, 1], before levels are cut off.</param>
    /// <param name="logScale">Log of the scale.</param>
    public static Tensor Mean(Tensor mean, Tensor logScale)
    {
        var inverse = logScale.AtLeast(LeastLogScale).neg().exp();
        var sum = zeros_like(mean);
        for (var level = 1; level < Levels; level++)
        {
            using var scope = NewDisposeScope();
            sum.Add(mean.Minus(LowerEnd(level)).mul(inverse).sigmoid());
        }

        return sum.Over(Levels - 1);
    }

    /// <summary>The same of one number.</summary>
    public static double Mean(double mean, double logScale)
    {
        var (sum, inverse) = (0.0, Math.Exp(-Math.Max(LeastLogScale, logScale)));
        for (var level = 1; level < Levels; level++) sum += 1 / (1 + Math.Exp(-(mean - LowerEnd(level)) * inverse));
        return sum / (Levels - 1);
    }

    /// <summary>Levels over 255 that uniform numbers stand for.</summary>
    /// <param name="mean">Mean on [-1, 1].</param>
    /// <param name="logScale">Log of the scale.</param>
    /// <param name="uniform">Numbers in [0, 1).</param>
    public static Tensor Sample(Tensor mean, Tensor logScale, Tensor uniform)
    {
        var inside = uniform.Between(1e-7, 1 - 1e-7);
        var value = inside.log().sub(inside.neg().log1p()).mul(logScale.AtLeast(LeastLogScale).exp()).Plus(mean);
        return value.Plus(1).Times((Levels - 1) / 2.0).round().Between(0, Levels - 1).Over(Levels - 1);
    }

    private static double LowerEnd(int level) => (((2 * level) - 1) * Half) - 1;
}
