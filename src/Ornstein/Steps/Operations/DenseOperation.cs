using Ornstein.Kernels;
using Ornstein.Networks;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>output = activation(input W + b), for some columns of W.</summary>
/// <param name="input">What it reads.</param>
/// <param name="output">What it writes.</param>
/// <param name="layer">Weight [inputs, columns] and bias.</param>
/// <param name="firstColumn">First of the columns; there are as many as the output is wide.</param>
/// <param name="activation">The nonlinearity, or null.</param>
/// <param name="beforeActivation">Keeps what the nonlinearity is applied to, where its derivative needs that.</param>
/// <param name="isHeld">Whether the parameters are constants here: gradients pass through to the input only.</param>
internal sealed unsafe class DenseOperation(
    Slot input, Slot output, DenseEntries layer, int firstColumn, Activation? activation, Slot? beforeActivation, bool isHeld) : ITrained, IPlanned
{
    /// <summary>Rows of a product over rows: with more, what is packed of them would not stay in the first-level cache.</summary>
    public const int Deepest = 256;

    private readonly bool _hasBias = layer.Normalization is null; // else it is added later
    private readonly float? _slope = ActivationKernels.SlopeOf(activation);
    private bool _adds;

    public ParameterEntry Entry => layer.Weight;

    public int FirstColumn => firstColumn;

    public int Columns => isHeld ? 0 : output.Width;

    public long WorkOfColumn => (long)input.Width * input.Draws;

    public void Plan(GradientFlow flow) => _adds = input.HasGradient && flow.Adds(input);

    public void Forward(in Frame frame)
    {
        var (blocks, rows) = frame.Rows(input, output);
        new MatrixProduct
        {
            A = Factor.Rows(frame.Value(input), input.Width), B = Weight(frame), C = frame.Value(output), CRow = output.Width,
            Rows = rows, Depth = input.Width, Columns = output.Width, Panel = frame.Panel,
            Bias = _hasBias ? frame.Parameter(layer.Bias) + firstColumn : null, Slope = _slope ?? 1,
            Blocks = blocks, ABlock = input.Block, CBlock = output.Block,
        }.Compute();
        if (_slope is not null) return;
        for (var draw = 0; draw < output.Draws; draw++)
        {
            var values = new Span<float>(frame.Value(output, draw), Lanes.Whole(frame.Floats(output)));
            if (beforeActivation is not null) values.CopyTo(new Span<float>(frame.Value(beforeActivation, draw), values.Length));
            ActivationKernels.Apply(activation!.Value, frame.Value(output, draw), values.Length);
        }
    }

    public void Backward(in Frame frame)
    {
        if (activation is not null)
        {
            var known = beforeActivation ?? output;
            for (var draw = 0; draw < output.Draws; draw++)
            {
                ActivationKernels.Differentiate(activation.Value, frame.Value(known, draw), frame.Gradient(output, draw), frame.Floats(output));
            }
        }

        if (!input.HasGradient) return;
        var (blocks, rows) = frame.Rows(input, output);
        new MatrixProduct
        {
            A = Factor.Rows(frame.Gradient(output), output.Width), B = Weight(frame).Transpose(), C = frame.Gradient(input), CRow = input.Width,
            Rows = rows, Depth = output.Width, Columns = input.Width, Panel = frame.Panel, Add = _adds,
            Blocks = blocks, ABlock = output.Block, CBlock = input.Block,
        }.Compute();
    }

    public int Runs(in Frame frame)
    {
        var (blocks, rows) = frame.Rows(input, output);
        return blocks * RunsOf(rows);
    }

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        var (_, rows) = frame.Rows(input, output);
        var (block, start) = (run / RunsOf(rows), run % RunsOf(rows) * Deepest);
        new MatrixProduct
        {
            A = Factor.Transposed(frame.Value(input, block) + ((nint)start * input.Width), input.Width),
            B = Factor.Rows(frame.Gradient(output, block) + ((nint)start * output.Width) + first, output.Width),
            C = frame.Gradients + layer.Weight.Offset + firstColumn + first, CRow = layer.Weight.Columns,
            Rows = input.Width, Depth = Math.Min(Deepest, rows - start), Columns = count, Panel = frame.Panel, Strips = frame.Strips,
            Add = add || run > 0,
            ColumnSums = _hasBias ? frame.Gradients + layer.Bias.Offset + firstColumn + first : null,
            AddsToSums = add || run > 0,
        }.Compute();
    }

    private static int RunsOf(int rows) => (rows + Deepest - 1) / Deepest;

    private Factor Weight(in Frame frame) => Factor.Rows(frame.Parameter(layer.Weight) + firstColumn, layer.Weight.Columns);
}
