using Ornstein.Smoothing;

namespace Ornstein.Theory;

/// <summary>A linear-Gaussian hierarchical VAE as theory sees it: its depth, and how its affine means are smoothed.</summary>
public sealed record LinearSmoothing
{
    private const int MostLayers = 16;

    /// <summary>Number L of stochastic layers, 2 to 16.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Number K of inner draws, at least 1; null for exact smoothing.</summary>
    public int? Draws { get; init; }

    /// <summary>How the inner draws are made.</summary>
    public SmoothingSampler Sampler { get; init; } = SmoothingSampler.Iid;

    /// <summary>Whether the means of q above the first layer are smoothed as well as those of p.</summary>
    public bool SmoothsQ { get; init; }

    /// <summary>
    /// Variance that the mean over K draws of a standard normal keeps: 1/K for independent draws; for antithetic pairs 0, and 1/K^2
    /// where K is odd, since all but the last draw cancel. Exact smoothing keeps none, nor does a quadrature.
    /// </summary>
    public double InnerNoise => (Draws, Sampler) switch
    {
        (null, _) or (_, SmoothingSampler.GaussHermite) => 0,
        ({ } k, SmoothingSampler.Antithetic) => k % 2 == 0 ? 0 : 1.0 / ((double)k * k),
        ({ } k, SmoothingSampler.Iid or SmoothingSampler.Sobol) => 1.0 / k,
        _ => throw new InvalidOperationException($"{Sampler} is no sampler."),
    };

    /// <summary>
    /// rho_eff^2 = rho^2 + (1 - rho^2) n with the inner noise n: an affine mean estimated from K draws acts as one that is smoothed exactly
    /// with rho_eff. 1 at K = 1, which never smooths.
    /// </summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <exception cref="OrnsteinException">rho is out of range.</exception>
    public double EffectiveSquare(double rho)
    {
        RequireRho(rho);
        return (rho * rho) + ((1 - rho) * (1 + rho) * InnerNoise);
    }

    /// <summary>The rho whose effective value is the given one; null where no rho is that smooth.</summary>
    /// <param name="effective">Effective smoothing parameter in [0, 1].</param>
    public double? RhoOfEffective(double effective)
    {
        var (square, noise) = (effective * effective, InnerNoise);
        return noise >= 1 || square < noise ? null : Math.Sqrt((square - noise) / (1 - noise));
    }

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">The depth or the number of draws is out of range.</exception>
    public void Validate()
    {
        if (Layers is < 2 or > MostLayers)
            throw new OrnsteinException($"the depth is {Layers}; smoothing needs 2 to {MostLayers} stochastic layers.");
        if (Draws < 1) throw new OrnsteinException($"draws is {Draws}; smoothing needs at least 1 inner draw.");
        if (Draws is not null && Sampler == SmoothingSampler.Sobol)
            throw new OrnsteinException("the sampler sobol has no theory here; take iid or antithetic, or no number of draws for exact smoothing.");
    }

    internal static void RequireRho(double rho)
    {
        if (!(rho >= 0 && rho <= 1)) throw new OrnsteinException($"rho is {rho}; it must lie in [0, 1].");
    }
}
