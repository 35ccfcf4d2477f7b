using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>
/// A 3 x 3 convolution of maps, for some of its output channels: output[p] = b + sum over taps t of input[p + t] W[t]. A pixel's nine neighbours are three runs of memory
/// (<see cref="MapGrid"/>), so that all of it, and the gradients, are matrix products that read the maps where they lie.
/// </summary>
/// <param name="input">What it reads, on a grid.</param>
/// <param name="grid">Its grid.</param>
/// <param name="output">What it writes, on the same grid or, with a stride of 2, on one of half the size.</param>
/// <param name="layer">Weight [3, 3, inputs, outputs] and bias [outputs].</param>
/// <param name="firstColumn">First of the output channels.</param>
/// <param name="stride">1 or 2.</param>
/// <param name="residual">Is added to the output; null for nothing. Its gradient is passed on elsewhere.</param>
/// <param name="isHeld">Whether the parameters are constants here.</param>
internal sealed unsafe class ConvolveOperation(
    Slot input, MapGrid grid, Slot output, ConvolutionEntries layer, int firstColumn, int stride, Slot? residual, bool isHeld) : IConvolution
{
    // Pixels of a sum for the weights: what a product reads of both maps stays in the first-level cache.
    private const int MostPixels = 128;

    // Taps by their place in the weight; the pixel itself is in the middle.
    private const int Taps = 9, Middle = 4, Last = 8;

    private readonly MapGrid _to = stride == 1 ? grid : grid.Half;
    private readonly int _inputs = input.Width / grid.Positions, _outputs = output.Width / (stride == 1 ? grid : grid.Half).Positions;
    private bool _adds;

    public ParameterEntry Entry => layer.Weight;

    public int FirstColumn => firstColumn;

    public int Columns => isHeld ? 0 : _outputs;

    public long WorkOfColumn => (long)Taps * _inputs * _to.Height * _to.Width * input.Draws;

    public int Deepest => Math.Max(Taps * Math.Max(_inputs, _outputs), MostPixels);

    public long Scratch => 0;

    // Small maps are taken several at a time: the zeros between them take part in the sum.
    private int MapsOfRun => Math.Max(1, MostPixels / _to.Positions);

    private bool IsJoined => stride == 1 && MapsOfRun > 1;

    // Rows of a map that a run of a larger one holds.
    private int RowsOfRun => Math.Clamp(MostPixels / _to.Width, 1, _to.Height);

    private int RunsOfMap => (_to.Height + RowsOfRun - 1) / RowsOfRun;

    public void Plan(GradientFlow flow) => _adds = input.HasGradient && flow.Adds(input);

    public void Forward(in Frame frame)
    {
        var (blocks, maps) = frame.Rows(input, output);
        for (var block = 0; block < blocks; block++)
        {
            float* source = frame.Value(input, block), target = frame.Value(output, block);
            new MatrixProduct
            {
                A = new Factor(source, stride * _inputs, 1).InRuns(3, grid.Row * _inputs), B = Factor.Rows(Weight(frame), Stored),
                C = target + (_to.First * _outputs), CRow = _outputs, Rows = stride == 1 ? grid.Span : _to.Width, Depth = Taps * _inputs, Columns = _outputs,
                Panel = frame.Panel, Bias = frame.Parameter(layer.Bias) + firstColumn,
                Blocks = maps, ABlock = input.Width, CBlock = output.Width,
                Lines = stride == 1 ? 1 : _to.Height, ALine = 2 * grid.Row * _inputs, CLine = _to.Row * _outputs,
            }.Compute();
            for (var i = 0; i < maps; i++) MapKernels.ClearEdges(target + ((nint)i * output.Width), _to, _outputs);
            if (residual is not null) ElementKernels.Add(target, frame.Value(residual, block), maps * output.Width);
        }
    }

    public void Backward(in Frame frame)
    {
        if (!input.HasGradient) return;
        var (blocks, maps) = frame.Rows(input, output);
        for (var block = 0; block < blocks; block++)
        {
            float* source = frame.Gradient(output, block), target = frame.Gradient(input, block);
            if (stride == 1)
            {
                // The same convolution backwards: its taps in the opposite order.
                Pass(frame, maps, new Factor(source, _outputs, 1).InRuns(3, grid.Row * _outputs), Taps, Last, -1, target + (grid.First * _inputs), _adds);
            }
            else
            {
                BackwardOfHalf(frame, source, target, maps);
            }

            for (var i = 0; i < maps; i++) MapKernels.ClearEdges(target + ((nint)i * input.Width), grid, _inputs);
        }
    }

    public int Runs(in Frame frame)
    {
        var (blocks, maps) = frame.Rows(input, output);
        return blocks * RunsOf(maps);
    }

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        var (_, maps) = frame.Rows(input, output);
        var (block, place) = (run / RunsOf(maps), run % RunsOf(maps));
        float* source = frame.Value(input, block), gradient = frame.Gradient(output, block) + (_to.First * _outputs) + first;
        if (IsJoined)
        {
            var (map, joined) = (place * MapsOfRun, Math.Min(MapsOfRun, maps - (place * MapsOfRun)));
            Differentiate(
                frame, new Factor(source + ((nint)map * input.Width), 1, _inputs), Factor.Rows(gradient + ((nint)map * output.Width), _outputs),
                ((joined - 1) * _to.Positions) + _to.Span, first, count, add || run > 0);
        }
        else
        {
            var (map, row) = (place / RunsOfMap, place % RunsOfMap * RowsOfRun);
            var rows = Math.Min(RowsOfRun, _to.Height - row);
            Differentiate(
                frame, new Factor(source + ((nint)map * input.Width) + ((nint)stride * row * grid.Row * _inputs), 1, stride * _inputs).InRuns(rows, stride * grid.Row * _inputs),
                Factor.Rows(gradient + ((nint)map * output.Width) + ((nint)row * _to.Row * _outputs), _outputs).InRuns(rows, _to.Row * _outputs),
                rows * _to.Width, first, count, add || run > 0);
        }
    }

    // Floats between rows of the weight.
    private int Stored => layer.Weight.Columns;

    private int RunsOf(int maps) => IsJoined ? (maps + MapsOfRun - 1) / MapsOfRun : maps * RunsOfMap;

    private float* Weight(in Frame frame) => frame.Parameter(layer.Weight) + firstColumn;

    // Sums over pixels, for the three rows of taps.
    private void Differentiate(in Frame frame, Factor pixels, Factor gradient, int depth, int first, int count, bool add)
    {
        new MatrixProduct
        {
            A = pixels, B = gradient, C = frame.Gradients + layer.Weight.Offset + firstColumn + first, CRow = Stored,
            Rows = 3 * _inputs, Depth = depth, Columns = count, Panel = frame.Panel, Add = add,
            ColumnSums = frame.Gradients + layer.Bias.Offset + firstColumn + first, AddsToSums = add,
            Blocks = 3, ABlock = grid.Row * _inputs, CBlock = (nint)3 * _inputs * Stored,
        }.Compute();
    }

    // An input pixel is read by one tap, two or four, as its row and column are even or odd.
    private void BackwardOfHalf(in Frame frame, float* source, float* target, int maps)
    {
        var from = source + (_to.First * _outputs);
        Factor one = new(from, _outputs, 1), below = one.InRuns(2, _to.Row * _outputs);
        float* To(int row, int column) => target + ((grid.First + (row * grid.Row) + column) * _inputs);
        Pass(frame, maps, one, 1, Middle, 0, To(0, 0), _adds);
        Pass(frame, maps, one, 2, 5, -2, To(0, 1), _adds);
        Pass(frame, maps, below, 2, 7, -6, To(1, 0), _adds);
        Pass(frame, maps, one, 2, 8, -2, To(1, 1), _adds);
        Pass(frame, maps, one.From(_to.Row * _outputs), 2, 2, -2, To(1, 1), add: true);
    }

    // Sums over some taps, so many apart, and the output's channels.
    private void Pass(in Frame frame, int maps, Factor a, int taps, int tap, int apart, float* target, bool add)
    {
        var tapLength = (nint)_inputs * Stored;
        new MatrixProduct
        {
            A = a, B = Factor.Rows(Weight(frame) + (tap * tapLength), Stored).Transpose().InRuns(taps, apart * tapLength),
            C = target, CRow = stride * _inputs, Rows = stride == 1 ? grid.Span : _to.Width, Depth = taps * _outputs, Columns = _inputs,
            Panel = frame.Panel, Add = add,
            Blocks = maps, ABlock = output.Width, CBlock = input.Width,
            Lines = stride == 1 ? 1 : _to.Height, ALine = _to.Row * _outputs, CLine = 2 * grid.Row * _inputs,
        }.Compute();
    }
}
