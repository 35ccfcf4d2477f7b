using System.Runtime.InteropServices;

namespace Ornstein.Training;

/// <summary>Where a training run stands; given to the observer after every step.</summary>
/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">All steps.</param>
/// <param name="StepsTaken">Steps taken by this process, since it started or was resumed.</param>
/// <param name="LowestLoss">Lowest loss of the last step over members that did not diverge, nats per datum.</param>
/// <param name="HighestLoss">Highest loss of the last step over members that did not diverge, nats per datum.</param>
/// <param name="MemberImages">Member-images of this process so far: steps * batch * members.</param>
/// <param name="Diverged">Members that diverged.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    long Step,
    long Steps,
    long StepsTaken,
    double LowestLoss,
    double HighestLoss,
    long MemberImages,
    int Diverged);
