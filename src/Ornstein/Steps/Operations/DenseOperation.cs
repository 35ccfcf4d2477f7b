using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>output = activation(input W + b), for some columns of W.</summary>
/// <param name="input">What it reads.</param>
/// <param name="output">What it writes.</param>
/// <param name="layer">Weight [inputs, columns] and bias.</param>
/// <param name="firstColumn">First of the columns; there are as many as the output is wide.</param>
/// <param name="activation">The nonlinearity, or null.</param>
/// <param name="beforeActivation">Keeps what the nonlinearity is applied to, where its derivative needs that.</param>
internal sealed unsafe class DenseOperation(
    Slot input, Slot output, DenseLayer layer, int firstColumn, Activation? activation, Slot? beforeActivation) : ITrained, IPlanned
{
    private readonly float? _slope = ActivationKernels.SlopeOf(activation);
    private bool _adds;

    public int Columns => output.Width;

    public int Inputs => input.Width;

    public void Plan(GradientFlow flow) => _adds = input.HasGradient && flow.Adds(input);

    public void Forward(in Frame frame)
    {
        var (blocks, rows) = frame.Rows(output);
        MatrixProduct.Multiply(
            Factor.Rows(frame.Value(input), input.Width), Weight(frame), frame.Value(output), output.Width,
            frame.Parameter(layer.Bias) + firstColumn, rows, input.Width, output.Width, add: false, frame.Panel,
            _slope ?? 1, sums: null, blocks, frame.Block(input), frame.Block(output));
        if (_slope is not null) return;
        for (var draw = 0; draw < output.Draws; draw++)
        {
            var value = frame.Value(output, draw);
            var floats = frame.Floats(output);
            if (beforeActivation is not null) new Span<float>(value, Lanes.Whole(floats)).CopyTo(new(frame.Value(beforeActivation, draw), Lanes.Whole(floats)));
            ActivationKernels.Apply(activation!.Value, value, floats);
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
        var weight = Weight(frame);
        var (blocks, rows) = frame.Rows(output);
        MatrixProduct.Multiply(
            Factor.Rows(frame.Gradient(output), output.Width), new Factor(weight.Start, weight.DepthStride, weight.RowStride),
            frame.Gradient(input), input.Width, null, rows, output.Width, input.Width, _adds, frame.Panel,
            slope: 1, sums: null, blocks, frame.Block(output), frame.Block(input));
    }

    public void ParameterGradient(in Frame frame, int first, int count)
    {
        var (blocks, rows) = frame.Rows(output);
        for (var block = 0; block < blocks; block++)
        {
            var gradient = Factor.Rows(frame.Gradient(output, block) + first, output.Width);
            MatrixProduct.Multiply(
                Factor.Transposed(frame.Value(input, block), input.Width), gradient,
                frame.Gradients + layer.Weight.Offset + firstColumn + first, layer.Weight.Columns, null,
                input.Width, rows, count, add: block > 0, frame.Panel,
                slope: 1, sums: frame.Gradients + layer.Bias.Offset + firstColumn + first);
        }
    }

    private Factor Weight(in Frame frame) => Factor.Rows(frame.Parameter(layer.Weight) + firstColumn, layer.Weight.Columns);
}
