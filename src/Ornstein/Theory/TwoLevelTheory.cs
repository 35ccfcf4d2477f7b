namespace Ornstein.Theory;

/// <summary>
/// Closed forms of one eigen-direction of the two-level linear model with exact smoothing of p (docs/theory.md, "Two levels").
/// g = lambda / eta^2 is the direction's data variance over the decoder's; kappa the signal variance of its z1 code over the noise
/// variance; u = omega^2 / tau^2 the squared top-decoder weight over the variance of p(z1 | z2).
/// </summary>
public static class TwoLevelTheory
{
    /// <summary>Below this g the top unit leaves zero by a jump: 3/2.</summary>
    public const double LeastContinuousRatio = 1.5;

    /// <summary>At and below this g the direction is inactive at every rho: ln 2.</summary>
    public const double LeastActiveRatio = 0.693147180559945309417;

    /// <summary>J(kappa, u) in nats, all other parameters at their best, up to a constant.</summary>
    /// <param name="ratio">g = lambda / eta^2.</param>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <param name="kappa">Signal to noise of z1's code, at least 0.</param>
    /// <param name="u">omega^2 / tau^2, at least 0.</param>
    public static double Objective(double ratio, double rho, double kappa, double u)
    {
        var noise = (1 + (2 * kappa)) / ((1 + kappa) * (1 + kappa)); // 1 - t
        var top = Math.Log(1 + (noise * u)) + Math.Log(1 + (rho * rho * u)) - Math.Log(1 + u);
        return 0.5 * (Math.Log(1 + kappa) + top + (ratio / (1 + kappa)));
    }

    /// <summary>u* at a given kappa: 0 unless rho^2 is below t = (kappa / (1 + kappa))^2; infinite at rho = 0.</summary>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <param name="kappa">Signal to noise of z1's code, at least 0.</param>
    public static double OptimalU(double rho, double kappa)
    {
        var share = kappa / (1 + kappa);
        if (share <= rho) return 0;
        var noise = (1 + (2 * kappa)) / ((1 + kappa) * (1 + kappa));
        return Math.Sqrt(1 + ((share - rho) * (share + rho) / (noise * rho * rho))) - 1;
    }

    /// <summary>
    /// The loss at the best u, as a function of s = kappa / (1 + kappa) alone: with rho = cos a and s = cos b,
    /// <code>g (1 - s) / 2 - ln(1 - s) / 2 + [s above rho] ln cos(a - b)</code>
    /// </summary>
    /// <param name="ratio">g = lambda / eta^2.</param>
    /// <param name="rho">Smoothing parameter in [0, 1].</param>
    /// <param name="share">s in [0, 1).</param>
    public static double Objective(double ratio, double rho, double share)
    {
        var top = share <= rho ? 0 : Math.Log(Math.Cos(Math.Acos(rho) - Math.Acos(share)));
        return (0.5 * ((ratio * (1 - share)) - Math.Log(1 - share))) + top;
    }

    /// <summary>
    /// rho up to which the collapsed state is unstable, 1 - 1/g: the critical rho where g is at least 3/2. Below that the top unit
    /// survives to a higher rho, where it falls by a jump; <see cref="Cascade"/> finds it.
    /// </summary>
    /// <param name="ratio">g = lambda / eta^2.</param>
    /// <returns>In [0, 1); null for g at most 1, where the collapsed state is stable at every rho.</returns>
    public static double? Onset(double ratio) => ratio > 1 ? 1 - (1 / ratio) : null;
}
