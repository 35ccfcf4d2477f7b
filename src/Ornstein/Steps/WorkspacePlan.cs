using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Gives the slots of a program their places in one block of memory.</summary>
/// <param name="batch">Data of a batch.</param>
internal sealed class WorkspacePlan(int batch)
{
    /// <summary>Rows of a draw in memory: whole vectors whatever the width, so that parts of a batch never share one.</summary>
    public int BlockRows { get; } = Lanes.Whole(batch);

    /// <summary>Data of a batch.</summary>
    public int Batch { get; } = batch;

    /// <summary>Most draws of a slot.</summary>
    public int MostDraws { get; private set; } = 1;

    /// <summary>Floats that the slots take.</summary>
    public long Length { get; private set; }

    /// <summary>Depth of the deepest product: over the rows of a weight, its columns, or the data of all draws.</summary>
    public long DepthWith(ParameterLayout layout) =>
        Math.Max((long)BlockRows * MostDraws, layout.Entries.Max(entry => Math.Max(entry.Rows, entry.Columns)));

    /// <summary>A matrix [draws, batch, width].</summary>
    public Slot Add(int width, int draws, bool gradient) =>
        new(width, draws, Take(width, draws), gradient ? Take(width, draws) : -1);

    /// <summary>A few numbers of a member, such as a mean over its batch.</summary>
    /// <returns>Where they lie, in floats (<see cref="Frame.Shared"/>).</returns>
    public long AddShared(int count)
    {
        var start = Length;
        Length += Lanes.Whole(count) + Lanes.Count;
        return start;
    }

    private long Take(int width, int draws)
    {
        var start = Length;
        MostDraws = Math.Max(MostDraws, draws);
        Length += ((long)BlockRows * draws * width) + Lanes.Count; // products read a little beyond a matrix
        return start;
    }
}
