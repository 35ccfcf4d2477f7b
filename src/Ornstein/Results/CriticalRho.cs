namespace Ornstein.Results;

/// <summary>Where the top layer's KL drops to zero along rho; active and collapsed are the levels of <see cref="Drop"/>.</summary>
public sealed record CriticalRho
{
    /// <summary>Estimate of the critical rho, mean over seeds (see <see cref="Transitions.TransitionLocator"/>).</summary>
    public required double Estimate { get; init; }

    /// <summary>Lower end: at this grid point the top layer is still active for every seed.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end: at this grid point and above it, the top layer is collapsed for every seed.</summary>
    public required double High { get; init; }

    /// <summary>Lower end of the 95 % bootstrap interval of <see cref="Estimate"/> over seeds; null with one seed.</summary>
    public double? ConfidenceLow { get; init; }

    /// <summary>Upper end of the 95 % bootstrap interval of <see cref="Estimate"/> over seeds; null with one seed.</summary>
    public double? ConfidenceHigh { get; init; }

    /// <summary>
    /// Fall of KL from the last active to the first collapsed grid point over their distance in rho, mean over seeds; nats per unit of rho.
    /// A lower bound where the grid is coarse.
    /// </summary>
    public double Sharpness { get; init; }

    /// <summary>Top-layer KL at <see cref="Low"/>, mean over seeds, nats per datum.</summary>
    public required double TopLayerKlBelow { get; init; }

    /// <summary>Top-layer KL at <see cref="High"/>, mean over seeds, nats per datum.</summary>
    public required double TopLayerKlAbove { get; init; }
}
