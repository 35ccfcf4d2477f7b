using Ornstein.Evaluation;
using Ornstein.Information;
using Ornstein.Probes;

namespace Ornstein.Diagnosis;

/// <summary>How the layers of a stack are evaluated.</summary>
public sealed record LayerEvaluatorOptions
{
    /// <summary>Draws, batches and seed of what is measured on all held-out data.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>How mutual information is estimated.</summary>
    public InformationOptions Information { get; init; } = new();

    /// <summary>How labels are read from layers.</summary>
    public ProbeOptions Probes { get; init; } = new();

    /// <summary>When a layer is called collapsed, alive or noise.</summary>
    public CollapseRule Rule { get; init; } = new();

    /// <summary>Training and held-out data with labels; null: no probes, for <see cref="NoLabelsReason"/>.</summary>
    public (LabelledRows Train, LabelledRows Test)? Labels { get; init; }

    /// <summary>
    /// Why the data do not vary, beginning with <c>cannot say</c>, where the caller knows: pixels that are drawn from equal images differ. Null: the
    /// rows are looked at.
    /// </summary>
    public string? NoVarianceReason { get; init; }

    /// <summary>Why there are no labels.</summary>
    public string NoLabelsReason { get; init; } = "the data have no labels";
}
