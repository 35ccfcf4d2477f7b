using Ornstein.Results;

namespace Ornstein.Information;

/// <summary>The mutual information I(x; z_i) under q of one layer, and what of it lies in means and in widths; nats (<see cref="InformationSplit"/>).</summary>
public sealed record LayerSplit
{
    /// <summary>I(x; z_i).</summary>
    public required Estimate Information { get; init; }

    /// <summary>What the same layer would hold with widths that are the same for all data.</summary>
    public required Estimate Means { get; init; }

    /// <summary>The rest, <see cref="Information"/> less <see cref="Means"/>; its error is that of the difference.</summary>
    public required Estimate Widths { get; init; }

    /// <summary>I(x; z_ij) of every unit alone. Their sum is not the layer's, because units may say the same, or say together what none says alone.</summary>
    public required Estimate[] UnitInformation { get; init; }

    /// <summary><see cref="Means"/> of every unit alone.</summary>
    public required Estimate[] UnitMeans { get; init; }

    /// <summary><see cref="Widths"/> of every unit alone.</summary>
    public required Estimate[] UnitWidths { get; init; }

    /// <summary>Bounds on <see cref="Information"/>.</summary>
    public required LayerInformation Bounds { get; init; }
}
