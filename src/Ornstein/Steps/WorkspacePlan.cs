using Ornstein.Kernels;
using Ornstein.Stacks;
using Ornstein.Steps.Operations;

namespace Ornstein.Steps;

/// <summary>Gives the slots of a program their places in one block of memory.</summary>
/// <param name="batch">Data of a batch.</param>
/// <param name="slice">Data that are worked on at a time.</param>
internal sealed class WorkspacePlan(int batch, int slice)
{
    /// <summary>Data of a batch.</summary>
    public int Batch { get; } = batch;

    /// <summary>Data that are worked on at a time.</summary>
    public int Slice { get; } = slice;

    /// <summary>Most draws of a slot.</summary>
    public int MostDraws { get; private set; } = 1;

    /// <summary>Terms of the longest sums that parameters' shapes do not tell of.</summary>
    public int Deepest { get; private set; }

    /// <summary>Floats of a thread's own that operations work in, at most.</summary>
    public long Scratch { get; private set; }

    /// <summary>Floats that the slots take.</summary>
    public long Length { get; private set; }

    /// <summary>What products of several programs are packed in: sums over the rows of a weight, its columns, or rows of the data.</summary>
    /// <param name="plans">Memory of the programs.</param>
    /// <param name="layout">The weights.</param>
    /// <param name="withGradients">Whether weights are differentiated.</param>
    public static PackingNeed PackingOf(IEnumerable<WorkspacePlan> plans, ParameterLayout layout, bool withGradients) =>
        plans.Select(plan => plan.PackingWith(layout, withGradients)).Aggregate((one, other) => new(Math.Max(one.Panel, other.Panel), Math.Max(one.Strips, other.Strips)));

    private PackingNeed PackingWith(ParameterLayout layout, bool withGradients)
    {
        var rows = withGradients ? Math.Min(DenseOperation.Deepest, (long)Lanes.Whole(Slice) * MostDraws) : 0;
        var depth = Math.Max(Math.Max(rows, Deepest), layout.Entries.Max(entry => Math.Max(entry.Rows, entry.Columns)));
        return new(MatrixProduct.PanelLength(depth), Math.Max(Scratch, MatrixProduct.StripsLength(layout.Entries.Max(entry => entry.Rows), rows)));
    }

    /// <summary>Tells of a convolution.</summary>
    public void Need(IConvolution convolution) => (Deepest, Scratch) = (Math.Max(Deepest, convolution.Deepest), Math.Max(Scratch, convolution.Scratch));

    /// <summary>A matrix [draws, slice, width], which slices share.</summary>
    public Slot Add(int width, int draws, bool gradient) => Add(Slice, width, draws, isWhole: Slice == Batch, gradient);

    /// <summary>A matrix [draws, batch, width] without a gradient: what is given or drawn before.</summary>
    public Slot AddWhole(int width, int draws) => Add(Batch, width, draws, isWhole: true, gradient: false);

    /// <summary>A few numbers of a member, such as a mean over its batch.</summary>
    /// <returns>Where they lie, in floats (<see cref="Frame.Shared"/>).</returns>
    public long AddShared(int count)
    {
        var start = Length;
        Length += Lanes.Whole(count) + Lanes.Count;
        return start;
    }

    private Slot Add(int data, int width, int draws, bool isWhole, bool gradient)
    {
        // Draws without gaps are one matrix to a product; elementwise work needs that each begins a vector.
        var rows = (long)data * width % Lanes.Count == 0 ? data : Lanes.Whole(data);
        return new(width, draws, rows, isWhole, Take(rows, width, draws), gradient ? Take(rows, width, draws) : -1);
    }

    private long Take(int rows, int width, int draws)
    {
        var start = Length;
        MostDraws = Math.Max(MostDraws, draws);
        Length += ((long)rows * draws * width) + Lanes.Count; // products read a little beyond a matrix
        return start;
    }
}
