using Ornstein.Results;

namespace Ornstein.Training;

/// <summary>What happens beside the training of a stack: progress, metrics, checkpoints. None of it changes the numbers.</summary>
public interface ITrainingObserver
{
    /// <summary>After every step.</summary>
    void OnStep(in TrainingProgress progress);

    /// <summary>After every epoch, with its metrics.</summary>
    void OnEpoch(EpochMetrics metrics);

    /// <summary>Once for a member that diverged.</summary>
    void OnDiverged(int member, long step);

    /// <summary>
    /// When a member has skipped 100 steps one after the other, because of the bound on its gradient's norm (<see cref="Optimization.AdamOptions.SkipNorm"/>):
    /// as good as frozen, and most likely for good. Once for every such row.
    /// </summary>
    /// <param name="member">Its index in the stack.</param>
    /// <param name="step">The last of them.</param>
    /// <param name="norm">Euclidean norm of its gradient in that step.</param>
    void OnSkipping(int member, long step, double norm)
    {
    }

    /// <summary>
    /// Whether it waits for <see cref="OnBetweenSteps"/>, as where a checkpoint is due: on a device several steps are taken before their numbers are fetched,
    /// fewer where somebody waits.
    /// </summary>
    bool IsWaiting => false;

    /// <summary>Between steps, when the state is whole: the moment to write a checkpoint.</summary>
    void OnBetweenSteps(TrainingState state);
}
