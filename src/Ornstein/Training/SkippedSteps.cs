using Ornstein.Optimization;

namespace Ornstein.Training;

/// <summary>
/// Steps that members did not take because their gradient was longer than <see cref="AdamOptions.SkipNorm"/>, and how long gradients commonly are. An entry per member.
/// </summary>
/// <param name="Total">Steps skipped since the first one.</param>
/// <param name="InEpoch">Steps skipped in the current epoch.</param>
/// <param name="LogNorms">Sum over the steps of the current epoch of the natural logarithm of the gradient's norm.</param>
public sealed record SkippedSteps(long[] Total, int[] InEpoch, double[] LogNorms)
{
    /// <summary>So many steps skipped one after the other are no burst: the bound keeps the member from learning.</summary>
    internal const int Lasting = 100;

    private readonly int[] _inRow = new int[Total?.Length ?? 0]; // not kept: a training that is resumed counts anew

    /// <summary>None yet.</summary>
    /// <param name="members">Members of the stack.</param>
    public static SkippedSteps None(int members) => new(new long[members], new int[members], new double[members]);

    /// <summary>Counts a step.</summary>
    /// <param name="norms">Norms of the members' gradients.</param>
    /// <param name="active">Members that would take it.</param>
    /// <param name="options">The bound.</param>
    internal void Count(double[] norms, bool[] active, AdamOptions options)
    {
        for (var member = 0; member < norms.Length; member++)
        {
            if (!active[member]) continue;
            LogNorms[member] += Math.Log(Math.Max(double.Epsilon, norms[member]));
            _inRow[member] = options.Skips(norms[member]) ? _inRow[member] + 1 : 0;
            if (_inRow[member] == 0) continue;
            Total[member]++;
            InEpoch[member]++;
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
        Array.Clear(InEpoch);
        Array.Clear(LogNorms);
    }
}
