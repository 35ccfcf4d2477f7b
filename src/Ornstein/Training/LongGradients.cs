using Ornstein.Optimization;

namespace Ornstein.Training;

/// <summary>
/// How many steps the bounds on the gradient's norm changed (<see cref="AdamOptions.SkipNorm"/>, <see cref="AdamOptions.ClipNorm"/>), and how long gradients
/// commonly are. An entry per member.
/// </summary>
/// <param name="Skipped">Steps not taken since the first one.</param>
/// <param name="SkippedInEpoch">Steps not taken in the current epoch.</param>
/// <param name="ClippedInEpoch">Steps of the current epoch that were taken along a shortened gradient.</param>
/// <param name="LogNorms">Sum over the steps of the current epoch of the natural logarithm of the gradient's norm before clipping.</param>
public sealed record LongGradients(long[] Skipped, int[] SkippedInEpoch, int[] ClippedInEpoch, double[] LogNorms)
{
    /// <summary>So many steps skipped one after the other are no burst: the bound keeps the member from learning.</summary>
    internal const int Lasting = 100;

    private readonly int[] _inRow = new int[Skipped?.Length ?? 0]; // not kept: a training that is resumed counts anew

    /// <summary>None yet.</summary>
    /// <param name="members">Members of the stack.</param>
    public static LongGradients None(int members) => new(new long[members], new int[members], new int[members], new double[members]);

    /// <summary>Whether it counts the steps of so many members.</summary>
    internal bool IsOf(int members) =>
        Skipped?.Length == members && SkippedInEpoch?.Length == members && ClippedInEpoch?.Length == members && LogNorms?.Length == members;

    /// <summary>Counts a step.</summary>
    /// <param name="norms">Norms of the members' gradients.</param>
    /// <param name="active">Members that would take it.</param>
    /// <param name="options">The bounds.</param>
    internal void Count(double[] norms, bool[] active, AdamOptions options)
    {
        for (var member = 0; member < norms.Length; member++)
        {
            if (!active[member]) continue;
            LogNorms[member] += Math.Log(Math.Max(double.Epsilon, norms[member]));
            if (options.Skips(norms[member]))
            {
                _inRow[member]++;
                Skipped[member]++;
                SkippedInEpoch[member]++;
            }
            else
            {
                _inRow[member] = 0;
                if (norms[member] > options.ClipNorm) ClippedInEpoch[member]++;
            }
        }
    }

    /// <summary>Whether the last step was the one with which a member had skipped <see cref="Lasting"/> in a row.</summary>
    internal bool BeginsToLast(int member) => _inRow[member] == Lasting;

    /// <summary>Geometric means of the norms of the current epoch: a single burst does not move them far.</summary>
    /// <param name="steps">Steps in it so far.</param>
    internal double[] TypicalNorms(int steps) => [.. LogNorms.Select(sum => Math.Exp(sum / steps))];

    /// <summary>Begins an epoch.</summary>
    internal void BeginEpoch()
    {
        Array.Clear(SkippedInEpoch);
        Array.Clear(ClippedInEpoch);
        Array.Clear(LogNorms);
    }
}
