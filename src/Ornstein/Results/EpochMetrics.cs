using System.Text.Json.Serialization;

namespace Ornstein.Results;

/// <summary>One epoch of a run: a line of <c>metrics.jsonl</c>. All per member; nats per datum. A diverged member's numbers are null.</summary>
public sealed record EpochMetrics
{
    /// <summary>The epoch that ended, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The step that ended it, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Learning rate of that step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Minus the smoothed objective, mean over the epoch's training batches, [members].</summary>
    public required double[] Loss { get; init; }

    /// <summary>Reconstruction term, mean over the epoch's training batches, [members].</summary>
    public required double[] Reconstruction { get; init; }

    /// <summary>KL of every layer, z1 first, mean over the epoch's training batches, [layers][members].</summary>
    public required double[][] Kl { get; init; }

    /// <summary>
    /// What the KL of every layer weighs in the objective of the epoch's last step, beta times warm-up, z1 first, [layers][members]; null in records
    /// of earlier versions.
    /// </summary>
    public double[][]? KlWeight { get; init; }

    /// <summary>Minus the smoothed objective on validation data, [members]; null without validation data.</summary>
    public double[]? Validation { get; init; }

    /// <summary>KL of every layer on validation data, z1 first, [layers][members].</summary>
    public double[][]? ValidationKl { get; init; }

    /// <summary>KL of every unit of every layer on validation data, z1 first, [layers][members][units].</summary>
    public double[][][]? ValidationUnitKl { get; init; }

    /// <summary>Parts of the KL of every layer below the top on validation data; null without, and with a ladder or skip connections.</summary>
    public KlPartMeans? ValidationKlParts { get; init; }

    /// <summary>Minus the ELBO of the unsmoothed model on validation data, [members].</summary>
    public double[]? ValidationElboLoss { get; init; }

    /// <summary>Steps of the epoch that members skipped because of long gradients, [members]; null, and not written, where no bound is set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Skipped { get; init; }

    /// <summary>Steps of the epoch whose gradients were shortened, [members]; null, and not written, where no bound is set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Clipped { get; init; }

    /// <summary>Geometric mean over the epoch's steps of the norm of the gradient before clipping, [members]; null, and not written, where <see cref="Skipped"/> and <see cref="Clipped"/> are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double[]? GradientNorm { get; init; }

    /// <summary>How gradients vary, network by network; null, and not written, where it is not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GradientMoments[]? Gradients { get; init; }

    /// <summary>Training speed over the epoch, member-images per second. The one number here that differs between equal runs.</summary>
    public required double ImagesPerSecond { get; init; }
}
