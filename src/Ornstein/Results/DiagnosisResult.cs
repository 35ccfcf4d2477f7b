namespace Ornstein.Results;

/// <summary>How much signal each layer carries, and what follows for the layer above: the content of <c>diagnosis.json</c>.</summary>
public sealed record DiagnosisResult
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>How the data differ from those that the run was trained and tested on; null where they do not.</summary>
    public string? OtherData { get; init; }

    /// <summary>Latent sizes, z1 first.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Number of held-out data that shares are measured on.</summary>
    public required int MeasuredOn { get; init; }

    /// <summary>Passes through q per datum.</summary>
    public required int Draws { get; init; }

    /// <summary>KL in nats under which a layer counts as collapsed.</summary>
    public required double CollapseThreshold { get; init; }

    /// <summary>Whether the models are linear, so that the rule holds exactly at their optimum; otherwise it is a guide.</summary>
    public required bool IsLinear { get; init; }

    /// <summary>The critical rho of every layer from the second.</summary>
    public required LayerPrediction[] Predictions { get; init; }

    /// <summary>Every model with every link, lowest first.</summary>
    public required LinkDiagnosis[] Members { get; init; }
}

/// <summary>The two layers that a link joins, in one model.</summary>
public sealed record LinkDiagnosis
{
    /// <summary>Smoothing parameter in [0, 1] of this link; where it was annealed, the one it began with.</summary>
    public required double Rho { get; init; }

    /// <summary>Smoothing parameter of each link, lowest first, where links differ; otherwise null.</summary>
    public double[]? RhoPerLink { get; init; }

    /// <summary>What fights collapse in this model beside smoothing, as the command line writes it; null for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>The model's seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The layer below, whose shares these are.</summary>
    public required LayerShares Below { get; init; }

    /// <summary>The rho that exact smoothing would need for what the run's finitely many draws do; null where that is not known.</summary>
    public double? EffectiveRho { get; init; }

    /// <summary>
    /// What of a code in widths of the layer above smoothing leaves, as <see cref="EffectiveRho"/> is for its means: rho^2 with exact smoothing. Null
    /// where that is not known, and in older files.
    /// </summary>
    public double? EffectiveRhoOfWidths { get; init; }

    /// <summary>Number of principal directions of the layer below whose share exceeds the effective rho.</summary>
    public int? DirectionsAboveRho { get; init; }

    /// <summary>
    /// What the rule says of the layer above: active where a collapsed one would grow, by a code in its means or in its widths; null with <see cref="Reason"/>.
    /// </summary>
    public bool? PredictedActive { get; init; }

    /// <summary>Why the rule says nothing, beginning with <c>cannot say</c>; null where it does.</summary>
    public string? Reason { get; init; }

    /// <summary>KL of the layer above as trained, nats per datum, from the run's results; NaN where there are none.</summary>
    public required double KlAbove { get; init; }

    /// <summary>Whether <see cref="KlAbove"/> reaches the collapse threshold; null where it is not known.</summary>
    public bool? MeasuredActive { get; init; }

    /// <summary>How the layer above is alive, from the run's results; null where they do not say, as those of earlier versions.</summary>
    public LayerVerdict? Verdict { get; init; }
}

/// <summary>The critical rho of a layer: predicted from the onset in the layer below, and as the run measured it.</summary>
public sealed record LayerPrediction
{
    /// <summary>The layer that collapses, from 2.</summary>
    public required int Layer { get; init; }

    /// <summary>
    /// From the model of each seed with the highest rho, in which this layer is collapsed: the rho at which codes in its means would leave zero
    /// while the layers below stay as they are. By <see cref="LayerShares.MomentOnset"/>, and by the linear onset where that is not known.
    /// </summary>
    public PredictedRho? FromCollapsed { get; init; }

    /// <summary>Why there is none; null where there is.</summary>
    public string? FromCollapsedReason { get; init; }

    /// <summary>From models at several rhos: where the onset in the layer below equals rho.</summary>
    public PredictedRho? FixedPoint { get; init; }

    /// <summary>Why there is none; null where there is.</summary>
    public string? FixedPointReason { get; init; }

    /// <summary>The same by the linear onset, a lower bound; null in older files.</summary>
    public CriterionPrediction? LinearReadOut { get; init; }

    /// <summary>The same for codes in widths of this layer, which begin at another rho than those in its means; null in older files.</summary>
    public CriterionPrediction? CodesInWidths { get; init; }

    /// <summary>Where its information in means begins in the run; null where that was not measured.</summary>
    public CodeTransition? MeasuredMeans { get; init; }

    /// <summary>Where its information in widths begins in the run; null where that was not measured.</summary>
    public CodeTransition? MeasuredWidths { get; init; }

    /// <summary>Where this layer's KL drops to zero in the run.</summary>
    public Drop? Measured { get; init; }

    /// <summary>Why there is none; null where there is.</summary>
    public string? MeasuredReason { get; init; }
}

/// <summary>The critical rho of a layer by one criterion.</summary>
public sealed record CriterionPrediction
{
    /// <summary>As <see cref="LayerPrediction.FromCollapsed"/>.</summary>
    public PredictedRho? FromCollapsed { get; init; }

    /// <summary>Why there is none; null where there is.</summary>
    public string? FromCollapsedReason { get; init; }

    /// <summary>As <see cref="LayerPrediction.FixedPoint"/>.</summary>
    public PredictedRho? FixedPoint { get; init; }

    /// <summary>Why there is none; null where there is.</summary>
    public string? FixedPointReason { get; init; }
}

/// <summary>A predicted critical rho in [0, 1], in units of the run's own rho (inner draws taken into account).</summary>
public sealed record PredictedRho
{
    /// <summary>Mean over seeds.</summary>
    public required double Estimate { get; init; }

    /// <summary>Least value of a seed less its standard error; of a fixed point, the grid point below every crossing.</summary>
    public required double Low { get; init; }

    /// <summary>Greatest value of a seed plus its standard error; of a fixed point, the grid point above every crossing.</summary>
    public required double High { get; init; }
}
