namespace Ornstein.Results;

/// <summary>Units whose posterior mean varies over the data by more than a threshold.</summary>
/// <param name="Threshold">Variance over data.</param>
/// <param name="Units">How many exceed it.</param>
public sealed record ActiveUnitCount(double Threshold, int Units);

/// <summary>The evaluation of one layer of one model; all nats are per datum, of held-out data.</summary>
public sealed record LayerEvaluation
{
    /// <summary>The layer, 1 next to the data.</summary>
    public required int Layer { get; init; }

    /// <summary>Its number of units.</summary>
    public required int Units { get; init; }

    /// <summary>How it is alive; null with a reason in the model.</summary>
    public required LayerVerdict? Verdict { get; init; }

    /// <summary>KL as trained.</summary>
    public required Estimate Kl { get; init; }

    /// <summary>Active units at 0.01 and at 0.001 (Burda et al. 2016, section 5.2); null with a reason in the model.</summary>
    public required ActiveUnitCount[]? ActiveUnits { get; init; }

    /// <summary>Units whose width varies over the data (<see cref="MemberResult.WidthActiveUnits"/>); null with a reason in the model.</summary>
    public int? WidthActiveUnits { get; init; }

    /// <summary>Units alive in either way (<see cref="MemberResult.AliveUnits"/>); null with a reason in the model.</summary>
    public int? AliveUnits { get; init; }

    /// <summary>Bounds on the mutual information of the layer with the data under q; null with a reason in the model.</summary>
    public required LayerInformation? Information { get; init; }

    /// <summary>An estimate of it (<see cref="MemberResult.Information"/>), from as many data and draws as the bounds.</summary>
    public Estimate? TotalInformation { get; init; }

    /// <summary>What of it lies in means (<see cref="MemberResult.MeanInformation"/>).</summary>
    public Estimate? MeanInformation { get; init; }

    /// <summary>What of it lies in widths (<see cref="MemberResult.WidthInformation"/>).</summary>
    public Estimate? WidthInformation { get; init; }

    /// <summary>-E log p(x | z) with this layer and those above from q and those below from p.</summary>
    public required Estimate ReconstructionFrom { get; init; }

    /// <summary>The bound on log p(x) that goes with it.</summary>
    public required Estimate ElboFrom { get; init; }

    /// <summary>Bound on log p(x) with z1 up to this layer from q and those above from p's prior; null with a reason in the model.</summary>
    public Estimate? SkipElbo { get; init; }

    /// <summary>Accuracy on labels; null with a reason in the model.</summary>
    public LayerProbes? Probes { get; init; }
}

/// <summary>The evaluation of one model.</summary>
public sealed record ModelEvaluation
{
    /// <summary>Smoothing parameter in [0, 1]; the top link's value where links differ.</summary>
    public required double Rho { get; init; }

    /// <summary>Smoothing parameter of each link, lowest first, where links differ; otherwise null.</summary>
    public double[]? RhoPerLink { get; init; }

    /// <summary>What fights collapse in this model beside smoothing, as the command line writes it; null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>The model's seed.</summary>
    public required long Seed { get; init; }

    /// <summary><c>ok</c>, or why there are no numbers.</summary>
    public required string Status { get; init; }

    /// <summary>-E log p(x | z) with all layers from p; NaN where <see cref="Status"/> is not <c>ok</c>.</summary>
    public required Estimate FromPrior { get; init; }

    /// <summary>Every layer, z1 first; empty where <see cref="Status"/> is not <c>ok</c>.</summary>
    public required LayerEvaluation[] Layers { get; init; }

    /// <summary>Why layers have no skip-ELBO; null where they have.</summary>
    public string? SkipElboReason { get; init; }

    /// <summary>
    /// Why layers have no mutual information, no active units and no verdict, all of which are of how data differ; null where they have.
    /// </summary>
    public string? InformationReason { get; init; }

    /// <summary>Why layers have no probes; null where they have.</summary>
    public string? ProbesReason { get; init; }
}
