using System.Runtime.InteropServices;
using Ornstein.Optimization;
using Ornstein.Randomness;

namespace Ornstein.Steps;

/// <summary>An update of a member: a step's own, or one of q alone before it.</summary>
/// <param name="Member">Which member.</param>
/// <param name="Program">Its program at this moment.</param>
/// <param name="Batch">The step whose batch it takes.</param>
/// <param name="Key">Where its noise comes from.</param>
/// <param name="IsOfEncoder">Whether it moves q alone.</param>
/// <param name="Encoder">The arithmetic of q's parameters.</param>
/// <param name="Others">That of all others.</param>
/// <param name="RunningRate">The share that running means take of the batch.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemberUpdate(
    int Member, StepProgram Program, long Batch, RandomKey Key, bool IsOfEncoder, AdamUpdate Encoder, AdamUpdate Others, float RunningRate);
