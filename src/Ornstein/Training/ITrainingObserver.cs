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

    /// <summary>Between steps, when the state is whole: the moment to write a checkpoint.</summary>
    void OnBetweenSteps(TrainingState state);
}
