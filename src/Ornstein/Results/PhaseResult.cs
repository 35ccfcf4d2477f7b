namespace Ornstein.Results;

/// <summary>The outcome of a run over rho and seeds: the content of <c>phase.json</c>.</summary>
public sealed record PhaseResult
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>How the data differ from those that the run was trained and tested on; null where they do not.</summary>
    public string? OtherData { get; init; }

    /// <summary>Latent sizes, z1 first.</summary>
    public required int[] Latents { get; init; }

    /// <summary>Number of held-out data the numbers are measured on.</summary>
    public required int EvaluatedOn { get; init; }

    /// <summary>Training steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>Epochs completed.</summary>
    public required int Epochs { get; init; }

    /// <summary>What the run warned of: at its start, such as a schedule that it is too short for, and at its end, of models that skipped most of their steps; null for nothing, and in earlier results.</summary>
    public string[]? Warnings { get; init; }

    /// <summary>Every member, by rho, then by remedy, then by seed.</summary>
    public required MemberResult[] Members { get; init; }

    /// <summary>The critical rho of the top layer, or null (see <see cref="Reason"/>).</summary>
    public CriticalRho? CriticalRho { get; init; }

    /// <summary>Why there is no critical rho; null when there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Where every layer from the second collapses, z2 first; null in results of earlier versions.</summary>
    public LayerCollapse[]? Layers { get; init; }

    /// <summary>
    /// Where the information of every layer from the second begins, in its means and in its widths; null in results of earlier versions, empty where
    /// models differ in their remedies.
    /// </summary>
    public CodeTransition[]? Codes { get; init; }

    /// <summary>
    /// Nats below which a KL is marked as collapsed in tables and figures. A layer that is below at every rho, or not below at the highest, has
    /// no critical rho; that of another is where its KL reaches zero (see <see cref="Drop"/>).
    /// </summary>
    public required double CollapseThreshold { get; init; }
}
