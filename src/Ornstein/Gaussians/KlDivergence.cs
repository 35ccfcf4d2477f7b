using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Gaussians;

/// <summary>Kullback-Leibler divergences between diagonal Gaussians in closed form.</summary>
public static class KlDivergence
{
    /// <summary>
    /// KL(N(m, s^2) || N(mu, sigma^2)) = sum over units of log(sigma / s) + (s^2 + (m - mu)^2) / (2 sigma^2) - 1/2.
    /// </summary>
    /// <returns>Nats, [members, batch].</returns>
    public static Tensor Between(DiagonalGaussian q, DiagonalGaussian p)
    {
        var ratio = q.StandardDeviation / p.StandardDeviation;
        var shift = (q.Mean - p.Mean) / p.StandardDeviation;
        return (ratio.Squared().Plus(shift.Squared()) - ratio.log().Times(2)).sum([-1L]).Times(0.5).Minus(0.5 * q.Mean.shape[^1]);
    }

    /// <summary>The terms of the sum of <see cref="Between"/>.</summary>
    /// <returns>Nats, [members, batch, units].</returns>
    public static Tensor BetweenPerUnit(DiagonalGaussian q, DiagonalGaussian p)
    {
        var ratio = q.StandardDeviation / p.StandardDeviation;
        var shift = (q.Mean - p.Mean) / p.StandardDeviation;
        return (ratio.Squared().Plus(shift.Squared()) - ratio.log().Times(2)).Minus(1).Times(0.5);
    }

    /// <summary>KL(N(m, s^2) || N(0, 1)) = sum over units of (s^2 + m^2 - 1) / 2 - log s.</summary>
    /// <returns>Nats, [members, batch].</returns>
    public static Tensor FromStandard(DiagonalGaussian q)
    {
        var s = q.StandardDeviation;
        return (s.Squared().Plus(q.Mean.Squared()) - s.log().Times(2)).sum([-1L]).Times(0.5).Minus(0.5 * q.Mean.shape[^1]);
    }

    /// <summary>The terms of the sum of <see cref="FromStandard"/>.</summary>
    /// <returns>Nats, [members, batch, units].</returns>
    public static Tensor FromStandardPerUnit(DiagonalGaussian q) => BetweenPerUnit(q, new(zeros(1), ones(1)));
}
