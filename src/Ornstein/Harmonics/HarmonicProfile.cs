using Ornstein.Results;
namespace Ornstein.Harmonics;

/// <summary>
/// The degree profile of a function of a Gaussian: W_k is the energy of its Hermite coefficients of degree k in eps, summed over outputs
/// (in their squared units) and averaged over data; the sum over k >= 1 is the variance. Every estimate has a standard error, over data.
/// </summary>
public sealed record HarmonicProfile
{
    /// <summary>Units d of the Gaussian.</summary>
    public required int Units { get; init; }

    /// <summary>Data (or independent repetitions) that the profile is averaged over.</summary>
    public required int Data { get; init; }

    /// <summary>Why nothing, or no share, can be said; null where all can.</summary>
    public string? Reason { get; init; }

    /// <summary>Total variance, sum of W_k over k >= 1, by the inversion, which weighs all that is known.</summary>
    public required Estimate Variance { get; init; }

    /// <summary>Total variance from products of independent evaluations alone. Unbiased.</summary>
    public required Estimate DirectVariance { get; init; }

    /// <summary>W_1, W_2, ...: the estimates to use, by inversion of the stability curve (<see cref="ByInversion"/>).</summary>
    public IReadOnlyList<Estimate> Energies => ByInversion;

    /// <summary>
    /// W_k by non-negative least squares on the noise stability. Its error hardly depends on the dimension; it is never negative, and so
    /// biased upward where W_k is smaller than its error. Errors by the jackknife over groups of data.
    /// </summary>
    public required IReadOnlyList<Estimate> ByInversion { get; init; }

    /// <summary>
    /// W_k = E f(e) f(e') K_k(e, e') over independent pairs. Unbiased in any dimension, but the variance grows with the number of Hermite
    /// polynomials of degree k, (d + k - 1 over k).
    /// </summary>
    public required IReadOnlyList<Estimate> ByKernel { get; init; }

    /// <summary>W_1 by Stein's identity, |E grad f|^2 from independent halves. Unbiased where f has no jumps; NaN without gradients.</summary>
    public required Estimate ByStein { get; init; }

    /// <summary>E |grad f|^2 = sum over k of k W_k, at least the variance (Poincare). Where f has no jumps; NaN without gradients.</summary>
    public required Estimate GradientEnergy { get; init; }

    /// <summary>Energy of odd degrees, from antithetic pairs. Unbiased.</summary>
    public required Estimate OddEnergy { get; init; }

    /// <summary>Energy of even degrees from 2, from antithetic pairs. Unbiased.</summary>
    public required Estimate EvenEnergy { get; init; }

    /// <summary>Share of the variance above degree 1, from the inversion; none where the function does not vary.</summary>
    public required Estimate ShareAboveDegreeOne { get; init; }

    /// <summary>Noise stability above |E f|^2 at cos(2 pi l / points), from rho = 1 down to -1. Unbiased.</summary>
    public required IReadOnlyList<StabilityPoint> Stability { get; init; }

    /// <summary>Inverted profiles (all columns) without each group of data, the last of all data.</summary>
    internal IReadOnlyList<double[]> Replicates { get; init; } = [];

    /// <summary>
    /// The profile of U_rho f, exactly smoothed: degree-k energy times rho^(2k). K inner draws leave (Var f - Var U_rho f) / K beside it.
    /// </summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <exception cref="OrnsteinException">rho lies outside [0, 1].</exception>
    public SmoothedHarmonics Smoothed(double rho)
    {
        if (!(rho >= 0 && rho <= 1)) throw new OrnsteinException($"rho is {rho}; it must lie in [0, 1].");
        var energies = Energies.Select((w, i) =>
        {
            var factor = Math.Pow(rho, 2 * (i + 1));
            return new Estimate(factor * w.Value, factor * w.StandardError);
        }).ToArray();
        var totals = Replicates.Select(w => Total(w, rho)).ToArray();
        var shares = Replicates.Select((w, i) => totals[i] > 0 ? 1 - (rho * rho * w[0] / totals[i]) : double.NaN).ToArray();
        return new SmoothedHarmonics
        {
            Rho = rho,
            Variance = Jackknife.Of(totals),
            Energies = energies,
            ShareAboveDegreeOne = double.IsNaN(ShareAboveDegreeOne.Value) || !shares.All(double.IsFinite) ? Estimate.None : Jackknife.Of(shares),
        };
    }

    private static double Total(double[] energies, double rho)
    {
        var total = 0.0;
        for (var c = 0; c < energies.Length; c++) total += energies[c] * Math.Pow(rho, 2 * StabilityInversion.Degrees[c]);
        return total;
    }
}

/// <summary>The degree profile of a smoothed function U_rho f.</summary>
public sealed record SmoothedHarmonics
{
    /// <summary>Smoothing parameter.</summary>
    public required double Rho { get; init; }

    /// <summary>Var U_rho f, sum of rho^(2k) W_k.</summary>
    public required Estimate Variance { get; init; }

    /// <summary>rho^(2k) W_k, from k = 1.</summary>
    public required IReadOnlyList<Estimate> Energies { get; init; }

    /// <summary>Share of the smoothed variance above degree 1; none where nothing varies, as at rho = 0.</summary>
    public required Estimate ShareAboveDegreeOne { get; init; }
}
