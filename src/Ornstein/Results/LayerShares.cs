namespace Ornstein.Results;

/// <summary>
/// How much of the code of one layer of one model is signal. With C the covariance of q's mean over the data and over the layers below,
/// and N the diagonal matrix of the mean variances of q, a direction has kappa = signal over noise and the share s = kappa / (1 + kappa).
/// </summary>
public sealed record LayerShares
{
    /// <summary>The layer, 1 next to the data.</summary>
    public required int Layer { get; init; }

    /// <summary>Why there are no shares, beginning with <c>cannot say</c>; null where there are.</summary>
    public string? Reason { get; init; }

    /// <summary>s of every unit, each in [0, 1), with its standard error over data.</summary>
    public required Estimate[] Units { get; init; }

    /// <summary>
    /// s along the principal directions, the eigenvalues of N^(-1/2) C N^(-1/2) as kappa, largest first: unchanged by rotations of a code
    /// whose noise is equal in all units. The largest is biased upwards by sampling, in wide layers by many of its standard errors (docs/diagnosis.md).
    /// </summary>
    public required Estimate[] Principal { get; init; }

    /// <summary>
    /// The effective rho up to which a collapsed layer above would grow again, by small affine means of q and p: the root of the largest
    /// eigenvalue of (C + N)^-1 C T^-1 C with T the diagonal of C + N. At least <see cref="Largest"/>, and equal to it where units are
    /// uncorrelated; above 1 the layer above grows at every rho, because a diagonal p alone cannot tell how the units hang together. The estimate finds a code on one half of the data
    /// and measures it on the other, so that it can lie a little below that.
    /// </summary>
    public required Estimate Onset { get; init; }

    /// <summary>
    /// The same without the restriction to affine means: the root of the largest eigenvalue of Cov(E[phi | z]), with phi the first and second
    /// moments of q in units of the layer's own spread (docs/theory.md, "The stability of a collapsed layer"). Codes are found on one half of
    /// the data and measured on the other, so that it is too low by what they miss. Null with <see cref="MomentReason"/>, for the top layer, and in
    /// older files.
    /// </summary>
    public Estimate? MomentOnset { get; init; }

    /// <summary>What of this layer the code tells that grows first; null without <see cref="MomentOnset"/>.</summary>
    public FirstCode? FirstCode { get; init; }

    /// <summary>Why there is no <see cref="MomentOnset"/> where there are shares; null where there is, and for the top layer.</summary>
    public string? MomentReason { get; init; }

    /// <summary>The largest principal share; NaN without shares.</summary>
    public double Largest => Principal.Length == 0 ? double.NaN : Principal[0].Value;

    /// <summary>
    /// Sum over principal directions of ln(1 + kappa) / 2, nats per datum: the layer's KL from N(0, I) at the optimum of a linear model,
    /// and where q's variance is the same for all data at least what the code tells of the layers below.
    /// </summary>
    public double Nats => Principal.Length == 0
        ? double.NaN
        : Principal.Sum(share => -0.5 * Math.Log(1 - Math.Min(share.Value, 1 - 1e-15)));

    /// <summary>No shares, and why.</summary>
    /// <param name="layer">The layer, from 1.</param>
    /// <param name="reason">What stands in the way, without the words <c>cannot say</c>.</param>
    public static LayerShares None(int layer, string reason) =>
        new() { Layer = layer, Reason = $"cannot say: {reason}", Units = [], Principal = [], Onset = Estimate.None };
}

/// <summary>What of a layer a small code of the layer above tells: the direction of the eigenvector of Cov(E[phi | z]).</summary>
public sealed record FirstCode
{
    /// <summary>Share in [0, 1] of its squared length that lies in widths of the layer; the rest lies in means.</summary>
    public required double WidthShare { get; init; }

    /// <summary><c>means</c> or <c>widths</c>, whichever is the larger part.</summary>
    public string Of => WidthShare > 0.5 ? "widths" : "means";
}
