namespace Ornstein.Smoothing;

/// <summary>Which networks are smoothed.</summary>
[Flags]
public enum SmoothedNetworks
{
    /// <summary>None: the vanilla model.</summary>
    None = 0,

    /// <summary>The generative networks mu_p(z_{i+1}), sigma_p(z_{i+1}).</summary>
    P = 1,

    /// <summary>The inference networks mu_q(z_i), sigma_q(z_i) above the first layer.</summary>
    Q = 2,

    /// <summary>Both.</summary>
    PQ = P | Q,
}

/// <summary>The Gaussian in whose coordinates a function is smoothed.</summary>
public enum ReferenceMeasure
{
    /// <summary>The layer's own Gaussian N(m, s^2).</summary>
    Own,

    /// <summary>N(0, I), whatever the layer's Gaussian is; affine functions then absorb rho into their weights.</summary>
    Standard,
}

/// <summary>How the K inner draws are made.</summary>
public enum SmoothingSampler
{
    /// <summary>Independent draws.</summary>
    Iid,

    /// <summary>Pairs eps, -eps: odd frequencies cancel exactly. With an odd K the last draw has no partner.</summary>
    Antithetic,

    /// <summary>
    /// Quasi-random: the first K points of Sobol's sequence, scrambled afresh for every datum (Owen 1995), which keeps the mean unbiased.
    /// At most <see cref="SobolPoints.MostDimensions"/> units; best with K a power of two.
    /// </summary>
    Sobol,

    /// <summary>
    /// Gauss-Hermite quadrature: no randomness, K nodes in each dimension and so K^units points, exact for polynomials of degree up to
    /// 2K - 1 in each unit. For few units only: at most <see cref="GaussHermiteRule.MostPoints"/> points.
    /// </summary>
    GaussHermite,
}

/// <summary>How the functions that parameterize the layers' Gaussians are smoothed; rho itself belongs to each member.</summary>
public sealed record SmoothingOptions
{
    /// <summary>Which networks are smoothed.</summary>
    public SmoothedNetworks Networks { get; init; } = SmoothedNetworks.P;

    /// <summary>Number K of inner draws (nodes per dimension of a quadrature), at least 1. A single random draw is equal in law to no
    /// smoothing under <see cref="ReferenceMeasure.Own"/>.</summary>
    public int Draws { get; init; } = 8;

    /// <summary>How the draws are made.</summary>
    public SmoothingSampler Sampler { get; init; } = SmoothingSampler.Iid;

    /// <summary>The Gaussian whose coordinates are used.</summary>
    public ReferenceMeasure Measure { get; init; } = ReferenceMeasure.Own;

    /// <summary>Throws where a value is out of range.</summary>
    /// <exception cref="OrnsteinException">K is below 1.</exception>
    public void Validate()
    {
        if (Draws < 1) throw new OrnsteinException($"draws is {Draws}; smoothing needs at least 1 inner draw.");
        if ((Networks | SmoothedNetworks.PQ) != SmoothedNetworks.PQ) throw new OrnsteinException($"networks to smooth are {Networks}; there are p and q alone.");
    }

    /// <summary>Throws where the sampler cannot serve a layer of so many units.</summary>
    /// <exception cref="OrnsteinException">Too many units for Sobol's points or for a quadrature.</exception>
    public void RequireUnits(int units)
    {
        if (Sampler == SmoothingSampler.Sobol) SobolPoints.RequireDimensions(units);
        if (Sampler == SmoothingSampler.GaussHermite) GaussHermiteRule.RequirePoints(Draws, units);
    }
}
