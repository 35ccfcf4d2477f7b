namespace Ornstein.Results;

/// <summary>Where one layer's KL drops to zero along rho, or why that is not known.</summary>
public sealed record LayerCollapse
{
    /// <summary>The layer, from 2: the first has no function below it that is smoothed in its coordinates.</summary>
    public required int Layer { get; init; }

    /// <summary>Why there is no critical rho, beginning with <c>no transition</c> or <c>cannot say</c>; null where there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it drops; null with a <see cref="Reason"/>.</summary>
    public Drop? Drop { get; init; }

    /// <summary>
    /// Drop of the unit with the largest KL at each rho, of that with the second largest, and so on; null where it has none. In a linear model
    /// the k-th is that of the k-th eigen-direction. Null with a <see cref="Reason"/>, or where units were not measured.
    /// </summary>
    public UnitDrop?[]? Units { get; init; }
}

/// <summary>A fall of one unit's KL to zero along rho.</summary>
/// <param name="Estimate">The critical rho in [0, 1], mean over seeds.</param>
/// <param name="Low">At this grid point the unit is still active for every seed.</param>
/// <param name="High">At this grid point and above it, the unit is collapsed for every seed.</param>
public sealed record UnitDrop(double Estimate, double Low, double High);

/// <summary>
/// A fall of KL to zero along rho. "Active" and "collapsed" are levels of each seed's curve, between which the KL is neither: active is a tenth
/// of its largest KL (at most the collapse threshold), collapsed twice what is left at the highest rho (from a fifth of the threshold up to it).
/// </summary>
/// <param name="Estimate">The critical rho in [0, 1], where the KL reaches zero; mean over seeds.</param>
/// <param name="Low">At this grid point the layer is still active for every seed.</param>
/// <param name="High">At this grid point and above it, the layer is collapsed for every seed.</param>
/// <param name="ConfidenceLow">Lower end of the 95 % bootstrap interval of the estimate over seeds; null with one seed.</param>
/// <param name="ConfidenceHigh">Upper end of it.</param>
/// <param name="Sharpness">KL lost from the last active to the first collapsed grid point, mean over seeds, nats per unit of rho; at least 0.</param>
/// <param name="KlBelow">KL at <paramref name="Low"/>, mean over seeds, nats per datum.</param>
/// <param name="KlAbove">KL at <paramref name="High"/>, mean over seeds, nats per datum.</param>
/// <param name="ActiveFrom">The lowest grid point at which the layer is active for every seed, where it is collapsed at a lower one; else null.</param>
/// <param name="Seeds">Number of seeds that it is over: those whose member at the highest rho did not diverge.</param>
public sealed record Drop(
    double Estimate, double Low, double High, double? ConfidenceLow, double? ConfidenceHigh, double Sharpness, double KlBelow, double KlAbove,
    double? ActiveFrom, int Seeds);
