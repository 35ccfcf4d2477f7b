using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps;

/// <summary>Gives the slots of a program their places in one block of memory.</summary>
/// <param name="batch">Data of a batch.</param>
internal sealed class WorkspacePlan(int batch)
{
    /// <summary>Data of a batch.</summary>
    public int Batch { get; } = batch;

    /// <summary>Most draws of a slot.</summary>
    public int MostDraws { get; private set; } = 1;

    /// <summary>Floats that the slots take.</summary>
    public long Length { get; private set; }

    /// <summary>Depth of the deepest product: over the rows of a weight, its columns, or the data of all draws.</summary>
    public long DepthWith(ParameterLayout layout) =>
        Math.Max((long)Lanes.Whole(Batch) * MostDraws, layout.Entries.Max(entry => Math.Max(entry.Rows, entry.Columns)));

    /// <summary>A matrix [draws, batch, width].</summary>
    public Slot Add(int width, int draws, bool gradient)
    {
        // Draws without gaps are one matrix to a product; elementwise work needs that each begins a vector.
        var rows = (long)Batch * width % Lanes.Count == 0 ? Batch : Lanes.Whole(Batch);
        return new(width, draws, rows, Take(rows, width, draws), gradient ? Take(rows, width, draws) : -1);
    }

    /// <summary>A few numbers of a member, such as a mean over its batch.</summary>
    /// <returns>Where they lie, in floats (<see cref="Frame.Shared"/>).</returns>
    public long AddShared(int count)
    {
        var start = Length;
        Length += Lanes.Whole(count) + Lanes.Count;
        return start;
    }

    private long Take(int rows, int width, int draws)
    {
        var start = Length;
        MostDraws = Math.Max(MostDraws, draws);
        Length += ((long)rows * draws * width) + Lanes.Count; // products read a little beyond a matrix
        return start;
    }
}
