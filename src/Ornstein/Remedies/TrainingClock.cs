using System.Runtime.InteropServices;

namespace Ornstein.Remedies;

/// <summary>How far a training has come: what schedules are functions of.</summary>
/// <param name="Done">Steps that are done; a step in progress sees those before it.</param>
/// <param name="StepsPerEpoch">Steps in an epoch, at least 1.</param>
/// <param name="Steps">Steps of the whole training, at least 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrainingClock(long Done, long StepsPerEpoch, long Steps)
{
    /// <summary>Epochs that are done, with fractions.</summary>
    public double Epochs => (double)Done / StepsPerEpoch;

    /// <summary>Share of the training that is done, in [0, 1].</summary>
    public double Progress => Math.Min(1, (double)Done / Steps);

    /// <summary>The same at the start of the current epoch, for schedules that move from epoch to epoch.</summary>
    public TrainingClock AtEpochStart => this with { Done = Done / StepsPerEpoch * StepsPerEpoch };

    /// <summary>What the last step that is done saw, on the clock after it.</summary>
    public TrainingClock OfLastStep => this with { Done = Math.Max(0, Done - 1) };

    /// <summary>A clock that stands at the end.</summary>
    public static TrainingClock End => new(1, 1, 1);
}
