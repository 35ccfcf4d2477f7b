using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Experiments.Reports;

/// <summary>What a report shows. What is absent is left out of the page.</summary>
internal sealed record ReportContent
{
    public required PhaseResult Result { get; init; }

    /// <summary>What <c>eval</c> says of the same models; null where it did not measure them.</summary>
    public EvaluationResult? Evaluation { get; init; }

    public required RunSettings Settings { get; init; }

    /// <summary>The exact command that repeats the run.</summary>
    public required string Command { get; init; }

    public Provenance? Provenance { get; init; }

    /// <summary>What computed the training's steps, in words; null where it is not known.</summary>
    public string? Engine { get; init; }

    /// <summary>The records of <c>metrics.jsonl</c>.</summary>
    public IReadOnlyList<EpochMetrics> Curves { get; init; } = [];

    /// <summary>Samples of the models, a row per rho, as PNG.</summary>
    public byte[]? Samples { get; init; }

    /// <summary>Test images over their reconstructions, as PNG.</summary>
    public byte[]? Reconstructions { get; init; }
}
