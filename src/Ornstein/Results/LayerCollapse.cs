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
/// <param name="Estimate">The critical rho, mean over seeds.</param>
/// <param name="Low">At this grid point the unit is still active for every seed.</param>
/// <param name="High">At this grid point and above it, the unit is collapsed for every seed.</param>
public sealed record UnitDrop(double Estimate, double Low, double High);

/// <summary>A fall of KL to zero along rho.</summary>
/// <param name="Estimate">The critical rho, mean over seeds.</param>
/// <param name="Low">At this grid point the layer is still active for every seed.</param>
/// <param name="High">At this grid point and above it, the layer is collapsed for every seed.</param>
/// <param name="ConfidenceLow">Lower end of the 95 % bootstrap interval of the estimate over seeds; null with one seed.</param>
/// <param name="ConfidenceHigh">Upper end of it.</param>
/// <param name="Sharpness">KL lost from the last active to the first collapsed grid point per unit of rho, mean over seeds, nats.</param>
/// <param name="KlBelow">KL at <paramref name="Low"/>, mean over seeds, nats per datum.</param>
/// <param name="KlAbove">KL at <paramref name="High"/>, mean over seeds, nats per datum.</param>
/// <param name="ActiveFrom">The lowest grid point at which the layer is active for every seed, where it is collapsed at a lower one; else null.</param>
public sealed record Drop(
    double Estimate, double Low, double High, double? ConfidenceLow, double? ConfidenceHigh, double Sharpness, double KlBelow, double KlAbove,
    double? ActiveFrom);
