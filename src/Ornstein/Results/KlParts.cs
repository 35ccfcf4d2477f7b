namespace Ornstein.Results;

/// <summary>
/// The exact parts of a layer's KL divergence (see <see cref="Decomposition.KlDecomposition"/>), whose sum it is: nats per datum, summed
/// over units. Standard errors are over data and hold the noise of the draws.
/// </summary>
public sealed record KlParts
{
    /// <summary>E log sigma_p - log s + s^2 E[w] / 2 - 1/2 with w = 1 / sigma_p^2: what the widths alone cost.</summary>
    public required double Scale { get; init; }

    /// <summary>E[w] (m - mbar)^2 / 2 with mbar = E[w mu_p] / E[w]: what a wrong mean costs.</summary>
    public required double Bias { get; init; }

    /// <summary>E[w (mu_p - mbar)^2] / 2: the variance of the parameterizing function, which smoothing shrinks.</summary>
    public required double Variance { get; init; }

    /// <summary>Standard error of <see cref="Scale"/>.</summary>
    public required double ScaleError { get; init; }

    /// <summary>Standard error of <see cref="Bias"/>.</summary>
    public required double BiasError { get; init; }

    /// <summary>Standard error of <see cref="Variance"/>.</summary>
    public required double VarianceError { get; init; }

    /// <summary>
    /// Estimated error in the mean that finitely many draws leave in <see cref="Bias"/>, and with the other sign in <see cref="Variance"/>;
    /// NaN with fewer than four draws. Zero where sigma_p does not depend on its input.
    /// </summary>
    public required double EstimatorBias { get; init; }
}

/// <summary>Means over data of the parts of every layer's KL below the top, z1 first, each [layers - 1][members], nats per datum.</summary>
/// <param name="Scale">Scale parts.</param>
/// <param name="Bias">Bias parts.</param>
/// <param name="Variance">Variance parts.</param>
public sealed record KlPartMeans(double[][] Scale, double[][] Bias, double[][] Variance);
