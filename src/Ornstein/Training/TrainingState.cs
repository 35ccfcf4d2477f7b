using Ornstein.Batching;
using Ornstein.Gradients;

namespace Ornstein.Training;

/// <summary>
/// All of a training run's state besides weights and moments. Randomness needs none: it is a pure function of seed and step.
/// </summary>
public sealed class TrainingState
{
    /// <summary>The state before the first step.</summary>
    /// <param name="layers">Stochastic layers.</param>
    /// <param name="members">Members of the stack.</param>
    public TrainingState(int layers, int members)
    {
        DivergedAt = new long?[members];
        EpochSums = [.. Enumerable.Range(0, layers + 1).Select(_ => new double[members])];
    }

    /// <summary>Steps taken.</summary>
    public long Step { get; set; }

    /// <summary>The step at which a member's loss or gradient was no longer finite, or null; it is frozen from there on.</summary>
    public long?[] DivergedAt { get; set; }

    /// <summary>Sums over the steps of the current epoch: reconstruction, then the KL of every layer, [1 + layers][members].</summary>
    public double[][] EpochSums { get; set; }

    /// <summary>Steps summed in <see cref="EpochSums"/>.</summary>
    public int EpochSteps { get; set; }

    /// <summary>
    /// Steps that members skipped, or took along a shortened gradient; null where no bound is set (<see cref="Optimization.AdamOptions.BoundsGradients"/>), and before the
    /// first step.
    /// </summary>
    public LongGradients? LongGradients { get; set; }

    /// <summary>What was measured of gradients in the current epoch; null where it is not measured (<see cref="TrainingOptions.GradientNoise"/>), and before the first step.</summary>
    public GradientTotals? Gradients { get; set; }

    /// <summary>Steps in an epoch of the data it was trained on; 0 before the first step.</summary>
    public int StepsPerEpoch { get; set; }

    /// <summary>The data it was trained on; null before the first step, and of checkpoints of earlier versions.</summary>
    public DataFingerprint? Data { get; set; }

    /// <summary>Number of members that diverged.</summary>
    public int Diverged => DivergedAt.Count(step => step is not null);
}
