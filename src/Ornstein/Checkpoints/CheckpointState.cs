using System.Text.Json.Serialization;
using Ornstein.Batching;
using Ornstein.Gradients;
using Ornstein.Training;

namespace Ornstein.Checkpoints;

/// <summary>
/// The content of <c>state.json</c>: the one file whose replacement makes a checkpoint valid. It names the files that belong to it.
/// </summary>
public sealed record CheckpointState
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Steps taken.</summary>
    public required long Step { get; init; }

    /// <summary>The step at which each member diverged, or null.</summary>
    public required long?[] DivergedAt { get; init; }

    /// <summary>Sums of the current epoch's terms, [1 + layers][members].</summary>
    public required double[][] EpochSums { get; init; }

    /// <summary>Steps summed in <see cref="EpochSums"/>.</summary>
    public required int EpochSteps { get; init; }

    /// <summary>Steps in an epoch of the data that were trained on; other data cannot go on from here.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>The data that were trained on; null in checkpoints of earlier versions.</summary>
    public DataFingerprint? Data { get; init; }

    /// <summary>Steps that members skipped, or took along a shortened gradient; null, and not written, where no bound is set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LongGradients? LongGradients { get; init; }

    /// <summary>What was measured of gradients in the current epoch; null, and not written, where it is not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GradientTotals? Gradients { get; init; }

    /// <summary>Length of <c>metrics.jsonl</c> at this checkpoint; what was written after it is written again.</summary>
    public required long MetricsBytes { get; init; }

    /// <summary>File name of the weights, beside this file.</summary>
    public required string Weights { get; init; }

    /// <summary>File name of the optimizer's moments, beside this file.</summary>
    public required string Moments { get; init; }

    /// <summary>File name of the average of the weights, beside this file; null, and not written, where none is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Average { get; init; }
}
