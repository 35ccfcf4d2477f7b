namespace Ornstein.Results;

/// <summary>Where the top layer's KL drops to zero along rho.</summary>
public sealed record CriticalRho
{
    /// <summary>Estimate of the critical rho: mean over seeds of the interpolated crossing.</summary>
    public required double Estimate { get; init; }

    /// <summary>Lower end: at this grid point and below it, the top layer is active for every seed.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end: at this grid point and above it, the top layer is collapsed for every seed.</summary>
    public required double High { get; init; }

    /// <summary>Top-layer KL at <see cref="Low"/>, mean over seeds, nats per datum.</summary>
    public required double TopLayerKlBelow { get; init; }

    /// <summary>Top-layer KL at <see cref="High"/>, mean over seeds, nats per datum.</summary>
    public required double TopLayerKlAbove { get; init; }
}
