using System.Runtime.InteropServices;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>A running mean that a step moves towards what its batch had.</summary>
/// <param name="Entry">The running mean.</param>
/// <param name="Place">Where the batch's own lies (<see cref="WorkspacePlan.AddShared"/>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunningMean(ParameterEntry Entry, long Place)
{
    // Running means take this share of a batch's, and at the start more: the mean of all batches so far.
    private const double LeastRate = 0.02;

    /// <summary>The share that it takes of a batch.</summary>
    /// <param name="done">Steps that were taken before.</param>
    public static double RateAfter(long done) => Math.Max(LeastRate, 1.0 / (done + 1));

    /// <summary>Moves it.</summary>
    /// <param name="frame">The member's batch.</param>
    /// <param name="rate">The share that it takes.</param>
    public unsafe void Move(in Frame frame, float rate)
    {
        float* mean = frame.Parameter(Entry), batch = frame.Shared(Place);
        for (var i = 0; i < Entry.Size; i++) mean[i] = Lerp(mean[i], batch[i], rate);
    }

    // As libtorch's: exact at both ends.
    private static float Lerp(float start, float end, float rate) => rate < 0.5f ? start + (rate * (end - start)) : end - ((end - start) * (1 - rate));
}
