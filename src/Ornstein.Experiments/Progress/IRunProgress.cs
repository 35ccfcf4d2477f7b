using System.Runtime.InteropServices;
using Ornstein.Results;

namespace Ornstein.Experiments.Progress;

/// <summary>How far a training is.</summary>
/// <param name="Epoch">The epoch at work, from 1.</param>
/// <param name="Epochs">All epochs.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Steps">All steps.</param>
/// <param name="LowestLoss">Lowest loss of a member that is still trained, nats per datum.</param>
/// <param name="HighestLoss">Highest loss of a member that is still trained.</param>
/// <param name="Validation">Mean smoothed objective on held-out training data; NaN before the first measurement.</param>
/// <param name="ImagesPerSecond">Images per second, each member's counted.</param>
/// <param name="Elapsed">Time spent.</param>
/// <param name="Remaining">Estimate of the time left, with what follows the training where a probe timed that; null while nothing is known of it.</param>
/// <param name="FailedMembers">Members that diverged.</param>
/// <param name="Members">All members.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProgressReport(
    int Epoch,
    int Epochs,
    long Step,
    long Steps,
    double LowestLoss,
    double HighestLoss,
    double Validation,
    double ImagesPerSecond,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    int FailedMembers,
    int Members);

/// <summary>Where a run says how far it is. Never standard output: that belongs to results.</summary>
public interface IRunProgress : IProgress<MeasurementProgress>, IDisposable
{
    /// <summary>Cheap enough to call at every step.</summary>
    void Report(in ProgressReport progress);

    /// <summary>The same of a measurement, which follows the training, or is all that is done; says nothing where it is left out.</summary>
    void IProgress<MeasurementProgress>.Report(MeasurementProgress value)
    {
    }

    /// <summary>Says one line that stays.</summary>
    void Note(string line);

    /// <summary>Says one line that stays and that nobody should miss: a warning, a model that diverged, how to go on after an interruption.</summary>
    void Warn(string line) => Note(line);

    /// <summary>Says one line that stays, of work that takes a while and tells nothing of itself; a terminal shows that it goes on.</summary>
    /// <param name="line">What is done.</param>
    /// <returns>Dispose it when the work is done.</returns>
    IDisposable Busy(string line)
    {
        Note(line);
        return NoProgress.Instance;
    }
}
