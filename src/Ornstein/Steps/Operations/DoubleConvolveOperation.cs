using Ornstein.Kernels;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>
/// A 3 x 3 convolution of a map of twice the size, in which each pixel stands four times. Its nine taps meet no more than four different pixels of the smaller map, and always
/// the same sums of weights: an output pixel of even or odd row a and column b is a sum over 2 x 2 of them. That takes 4 products for 9, and nothing of twice the size is read.
/// </summary>
/// <param name="input">What it reads, on a grid.</param>
/// <param name="grid">Its grid.</param>
/// <param name="output">What it writes, on a grid of twice the size.</param>
/// <param name="layer">Weight [3, 3, inputs, outputs] and bias [outputs].</param>
/// <param name="isHeld">Whether the parameters are constants here.</param>
internal sealed unsafe class DoubleConvolveOperation(Slot input, MapGrid grid, Slot output, ConvolutionEntries layer, bool isHeld) : IConvolution
{
    // Sums of weights: of two rows of taps for either kind of row, and so of columns.
    private const int Sums = 16, MostPixels = 128;

    private readonly MapGrid _to = grid.Twice;
    private readonly int _inputs = input.Width / grid.Positions, _outputs = output.Width / grid.Twice.Positions;
    private bool _adds;

    public ParameterEntry Entry => layer.Weight;

    public int FirstColumn => 0;

    public int Columns => isHeld ? 0 : _outputs;

    public long WorkOfColumn => (long)Sums * _inputs * grid.Height * grid.Width * input.Draws;

    public int Deepest => Math.Max(Sums * Math.Max(_inputs, _outputs), MostPixels);

    // Sums of weights, or the gradient by them.
    public long Scratch => Length;

    private int RowsOfRun => Math.Clamp(MostPixels / grid.Width, 1, grid.Height);

    private int RunsOfMap => (grid.Height + RowsOfRun - 1) / RowsOfRun;

    private nint Tap => (nint)_inputs * _outputs;

    private nint Length => Sums * Tap;

    public void Plan(GradientFlow flow) => _adds = input.HasGradient && flow.Adds(input);

    public void Forward(in Frame frame)
    {
        var sums = frame.Strips;
        AddUp(frame, sums, inOrderOfInput: false);
        var (blocks, maps) = frame.Rows(input, output);
        for (var block = 0; block < blocks; block++)
        {
            float* source = frame.Value(input, block), target = frame.Value(output, block);
            for (var kind = 0; kind < 4; kind++)
            {
                var (a, b) = (kind / 2, kind % 2);
                new MatrixProduct
                {
                    A = new Factor(source + (((a * grid.Row) + b) * _inputs), _inputs, 1).InRuns(2, grid.Row * _inputs),
                    B = Factor.Rows(sums + (kind * 4 * Tap), _outputs),
                    C = target + ((_to.First + (a * _to.Row) + b) * _outputs), CRow = 2 * _outputs,
                    Rows = grid.Width, Depth = 4 * _inputs, Columns = _outputs, Panel = frame.Panel, Bias = frame.Parameter(layer.Bias),
                    Blocks = maps, ABlock = input.Width, CBlock = output.Width,
                    Lines = grid.Height, ALine = grid.Row * _inputs, CLine = 2 * _to.Row * _outputs,
                }.Compute();
            }

            for (var i = 0; i < maps; i++) MapKernels.ClearEdges(target + ((nint)i * output.Width), _to, _outputs);
        }
    }

    // An input pixel is met by the 4 x 4 output pixels around the four that stand for it.
    public void Backward(in Frame frame)
    {
        if (!input.HasGradient) return;
        var sums = frame.Strips;
        AddUp(frame, sums, inOrderOfInput: true);
        var (blocks, maps) = frame.Rows(input, output);
        for (var block = 0; block < blocks; block++)
        {
            var target = frame.Gradient(input, block);
            new MatrixProduct
            {
                A = new Factor(frame.Gradient(output, block), 2 * _outputs, 1).InRuns(4, _to.Row * _outputs),
                B = Factor.Rows(sums, _outputs).Transpose().InRuns(Sums, Tap),
                C = target + (grid.First * _inputs), CRow = _inputs,
                Rows = grid.Width, Depth = Sums * _outputs, Columns = _inputs, Panel = frame.Panel, Add = _adds,
                Blocks = maps, ABlock = output.Width, CBlock = input.Width,
                Lines = grid.Height, ALine = 2 * _to.Row * _outputs, CLine = grid.Row * _inputs,
            }.Compute();
            for (var i = 0; i < maps; i++) MapKernels.ClearEdges(target + ((nint)i * input.Width), grid, _inputs);
        }
    }

    public int Runs(in Frame frame)
    {
        var (blocks, maps) = frame.Rows(input, output);
        return blocks * maps * RunsOfMap;
    }

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        var (_, maps) = frame.Rows(input, output);
        var (block, place) = (run / (maps * RunsOfMap), run % (maps * RunsOfMap));
        var (map, row) = (place / RunsOfMap, place % RunsOfMap * RowsOfRun);
        var rows = Math.Min(RowsOfRun, grid.Height - row);
        var source = frame.Value(input, block) + ((nint)map * input.Width) + ((nint)row * grid.Row * _inputs);
        var gradient = frame.Gradient(output, block) + ((nint)map * output.Width) + ((_to.First + (2 * (nint)row * _to.Row)) * _outputs) + first;
        add |= run > 0;
        for (var kind = 0; kind < 4; kind++)
        {
            var (a, b) = (kind / 2, kind % 2);
            new MatrixProduct
            {
                A = new Factor(source + (((a * grid.Row) + b) * _inputs), 1, _inputs).InRuns(rows, grid.Row * _inputs),
                B = Factor.Rows(gradient + (((a * _to.Row) + b) * _outputs), 2 * _outputs).InRuns(rows, 2 * _to.Row * _outputs),
                C = frame.Strips + (kind * 4 * (nint)_inputs * count), CRow = count,
                Rows = 2 * _inputs, Depth = rows * grid.Width, Columns = count, Panel = frame.Panel,
                Blocks = 2, ABlock = grid.Row * _inputs, CBlock = 2 * (nint)_inputs * count,
                ColumnSums = frame.Gradients + layer.Bias.Offset + first, AddsToSums = add || kind > 0,
            }.Compute();
        }

        Distribute(frame.Strips, frame.Gradients + layer.Weight.Offset + first, count, add);
    }

    // Which of two rows of the smaller map a row of taps meets, from output rows of kind a: the upper one is met by tap 0, or by 0 and 1.
    private static int Met(int a, int tap) => a == 0 ? (tap > 0 ? 1 : 0) : (tap > 1 ? 1 : 0);

    // The sums, for output pixels of each kind by the pixels that they meet; or for the pixels around an input pixel, from the upper left on.
    private void AddUp(in Frame frame, float* sums, bool inOrderOfInput)
    {
        var weight = frame.Parameter(layer.Weight);
        new Span<float>(sums, (int)Length).Clear();
        for (var tap = 0; tap < 9; tap++)
        {
            for (var kind = 0; kind < 4; kind++)
            {
                var (a, b, i, j) = (kind / 2, kind % 2, Met(kind / 2, tap / 3), Met(kind % 2, tap % 3));
                var place = inOrderOfInput ? ((3 - a - (2 * i)) * 4) + 3 - b - (2 * j) : (kind * 4) + (i * 2) + j;
                ElementKernels.Add(sums + (place * Tap), weight + (tap * Tap), (int)Tap);
            }
        }
    }

    // A tap is part of one sum for each kind of output pixel.
    private void Distribute(float* sums, float* target, int count, bool add)
    {
        for (var tap = 0; tap < 9; tap++)
        {
            for (var kind = 0; kind < 4; kind++)
            {
                var source = sums + (((kind * 4) + (Met(kind / 2, tap / 3) * 2) + Met(kind % 2, tap % 3)) * (nint)_inputs * count);
                for (var i = 0; i < _inputs; i++)
                {
                    var to = target + (((tap * (nint)_inputs) + i) * layer.Weight.Columns);
                    if (kind == 0 && !add) new Span<float>(source + ((nint)i * count), count).CopyTo(new Span<float>(to, count));
                    else ElementKernels.Add(to, source + ((nint)i * count), count);
                }
            }
        }
    }
}
