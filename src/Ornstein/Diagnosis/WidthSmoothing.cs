using Ornstein.Smoothing;
using Ornstein.Theory;

namespace Ornstein.Diagnosis;

/// <summary>
/// What finitely many inner draws leave of a function of degree 2, which is what p learns of a code in the widths of the layer above
/// (docs/theory.md, "The stability of a collapsed layer"): the fraction rho^4 + 2 rho^2 (1 - rho^2) n + (1 - rho^2)^2 n_2 of its energy, where
/// n is the variance of the mean of the draws and n_2 that of the mean of (eps'^2 - 1) / sqrt(2). With exact smoothing that is rho^4.
/// </summary>
internal sealed class WidthSmoothing
{
    private readonly double _mean;
    private readonly double _square;

    /// <param name="smoothing">Draws and sampler; null draws are exact smoothing.</param>
    public WidthSmoothing(LinearSmoothing smoothing)
    {
        _mean = smoothing.InnerNoise;
        _square = (smoothing.Draws, smoothing.Sampler) switch
        {
            (null, _) => 0,
            // Both of a pair have the same square: half as many draws, and with odd K one of weight 1 beside pairs of weight 2.
            ({ } k, SmoothingSampler.Antithetic) => k % 2 == 0 ? 2.0 / k : ((2.0 * k) - 1) / ((double)k * k),
            ({ } k, SmoothingSampler.Iid or SmoothingSampler.Sobol) => 1.0 / k,
            // Two nodes integrate squares exactly; a single one, at 0, lets a width through that no rho can tell from p's own.
            ({ } k, SmoothingSampler.GaussHermite) => k >= 2 ? 0 : double.NaN,
            _ => throw new InvalidOperationException($"{smoothing.Sampler} is no sampler."),
        };
    }

    /// <summary>The fraction of the energy of degree 2 that is left, in units in which a code's threshold is the largest eigenvalue.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    public double Square(double rho)
    {
        LinearSmoothing.RequireRho(rho);
        if (double.IsNaN(_square)) return 1;
        var (kept, lost) = (rho * rho, (1 - rho) * (1 + rho));
        return (kept * kept) + (2 * kept * lost * _mean) + (lost * lost * _square);
    }

    /// <summary>The highest rho that leaves a given fraction; null where every rho leaves more, or no rho can be told.</summary>
    /// <param name="square">Fraction in [0, 1].</param>
    public double? RhoOf(double square)
    {
        if (double.IsNaN(_square)) return null;
        // A rho^4 + B rho^2 + n_2 = square
        var (a, b) = (1 + _square - (2 * _mean), 2 * (_mean - _square));
        if (a <= 0) return null; // a single draw: nothing is smoothed
        var root = (b * b) - (4 * a * (_square - square));
        if (root < 0) return null;
        var kept = (-b + Math.Sqrt(root)) / (2 * a);
        return kept is >= 0 and <= 1 ? Math.Sqrt(kept) : null;
    }
}
