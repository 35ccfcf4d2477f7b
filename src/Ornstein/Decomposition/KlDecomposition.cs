using Ornstein.Gaussians;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Decomposition;

/// <summary>
/// The exact split of a KL divergence between layers. For fixed z_i, with z = z_{i+1} ~ q(. | z_i), w = 1 / sigma_p(z)^2 and
/// mbar = E[w mu_p] / E[w], unit by unit:
/// <code>
/// E KL(N(m, s^2) || N(mu_p(z), sigma_p(z)^2)) = { E log sigma_p - log s + s^2 E[w] / 2 - 1/2 }   (scale)
///                                             + E[w] (m - mbar)^2 / 2                            (bias)
///                                             + E[w (mu_p - mbar)^2] / 2                         (variance)
/// </code>
/// Where p is smoothed with inner draws, the expectation is over z and the draws, so the parts add up to the KL that was trained.
/// </summary>
/// <remarks>
/// With d = m - mu_p the bias part is A^2 / (2 B), A = E[w d], B = E[w]. From R draws the plug-in estimate, which squares one Monte Carlo
/// mean, is too large by E[w^2 (mu_p - mbar)^2] / (2 B R) and more; the jackknife takes the 1/R term away. What it leaves is of order
/// 1/R^2, and zero where w is constant, because the jackknife of a squared mean is the unbiased mean over pairs of different draws. The
/// parts add up to the mean KL of the draws exactly. With two draws the variance part is w1 w2 (mu1 - mu2)^2 / (2 (w1 + w2)).
/// The variance part is the same for every m. It is computed with m = mu_p of the first draw, so that it holds no rounding of a large
/// bias and is exactly 0 where mu_p is constant; the bias is what then remains.
/// </remarks>
public static class KlDecomposition
{
    /// <summary>The parts of E KL(q || p), from draws of p.</summary>
    /// <param name="q">N(m, s^2), [members, batch, units].</param>
    /// <param name="draws">N(mu_p(z), sigma_p(z)^2) at independent draws of z given z_i, at least two, each [members, batch, units].</param>
    /// <returns>float64 tensors [members, batch], nats, summed over units.</returns>
    public static KlPartTensors Of(DiagonalGaussian q, IReadOnlyList<DiagonalGaussian> draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws.Count, 2);
        var (m, s) = (q.Mean.to(ScalarType.Float64), q.StandardDeviation.to(ScalarType.Float64));
        var first = draws[0].Mean.to(ScalarType.Float64);
        var w = new Tensor[draws.Count];  // w of every draw
        var wd = new Tensor[draws.Count]; // w d of every draw, d from the first draw's mu_p
        var (logs, squares, squaresFromFirst) = (zeros_like(m), zeros_like(m), zeros_like(m));
        for (var r = 0; r < draws.Count; r++)
        {
            var sigma = draws[r].StandardDeviation.to(ScalarType.Float64);
            var mean = draws[r].Mean.to(ScalarType.Float64);
            var d = first - mean;
            w[r] = sigma.Squared().reciprocal().expand_as(m);
            wd[r] = w[r] * d;
            logs = logs.Plus(sigma.log());
            squares = squares.Plus(w[r] * (m - mean).Squared());
            squaresFromFirst = squaresFromFirst.Plus(wd[r] * d);
        }

        double count = draws.Count;
        var scale = (logs.Over(count) - s.log()).Plus((s.Squared() * Sum(w)).Over(2 * count)).Minus(0.5);
        var ofMean = Jackknife(w, wd);
        var variance = squaresFromFirst.Over(2 * count) - ofMean;
        var bias = squares.Over(2 * count) - variance;
        return new KlPartTensors(OverUnits(scale), OverUnits(bias), OverUnits(variance), OverUnits(BiasLeft(ofMean, w, wd)));
    }

    // A^2 / (2 B) by the jackknife over draws: R g - (R - 1) mean of g without draw r, with g = (sum w d)^2 / (2 R sum w).
    private static Tensor Jackknife(Tensor[] w, Tensor[] wd)
    {
        double count = w.Length;
        var (sumW, sumWd) = (Sum(w), Sum(wd));
        var without = zeros_like(sumW);
        for (var r = 0; r < w.Length; r++) without = without.Plus((sumWd - wd[r]).Squared() / (sumW - w[r]));
        return ((sumWd.Squared() / sumW) - without.Over(count)).Over(2);
    }

    // A bias of c / R^2 is 4 c / R^2 in each half of the draws: a third of the difference is what is left.
    private static Tensor BiasLeft(Tensor bias, Tensor[] w, Tensor[] wd)
    {
        var half = w.Length / 2;
        if (half < 2) return TensorCreation.FilledLike(bias, double.NaN);
        var (first, second) = (Jackknife(w[..half], wd[..half]), Jackknife(w[half..(2 * half)], wd[half..(2 * half)]));
        return (first.Plus(second).Over(2) - bias).Over(3);
    }

    private static Tensor Sum(Tensor[] terms)
    {
        var sum = terms[0];
        foreach (var term in terms.AsSpan(1)) sum = sum.Plus(term);
        return sum;
    }

    private static Tensor OverUnits(Tensor value) => value.sum([-1L]);
}

/// <summary>Parts of a layer's KL for every member and datum, float64 [members, batch], nats; their sum is the KL.</summary>
/// <param name="Scale">Scale part.</param>
/// <param name="Bias">Bias part.</param>
/// <param name="Variance">Variance part.</param>
/// <param name="EstimatorBias">Estimate of what finitely many draws add to the bias part and take from the variance part.</param>
public sealed record KlPartTensors(Tensor Scale, Tensor Bias, Tensor Variance, Tensor EstimatorBias);
