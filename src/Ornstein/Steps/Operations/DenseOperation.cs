using System.Runtime.Intrinsics;
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
            blocks, frame.Block(input), frame.Block(output));
        if (activation is null) return;
        for (var draw = 0; draw < output.Draws; draw++)
        {
            var value = frame.Value(output, draw);
            var floats = frame.Floats(output);
            if (beforeActivation is not null) new Span<float>(value, Lanes.Whole(floats)).CopyTo(new(frame.Value(beforeActivation, draw), Lanes.Whole(floats)));
            ActivationKernels.Apply(activation.Value, value, floats);
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
            blocks, frame.Block(output), frame.Block(input));
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
                input.Width, rows, count, add: block > 0, frame.Panel);
            SumRows(gradient, rows, frame.Gradients + layer.Bias.Offset + firstColumn + first, count, add: block > 0);
        }
    }

    private Factor Weight(in Frame frame) => Factor.Rows(frame.Parameter(layer.Weight) + firstColumn, layer.Weight.Columns);

    private static void SumRows(Factor matrix, int rows, float* sums, int columns, bool add)
    {
        var j = 0;
        for (; j + Lanes.Count <= columns; j += Lanes.Count)
        {
            var sum = Vector512<float>.Zero;
            for (var i = 0; i < rows; i++) sum += Vector512.Load(matrix.Start + (i * matrix.RowStride) + j);
            Lanes.Put(sums + j, sum, add);
        }

        for (; j < columns; j++)
        {
            var sum = add ? sums[j] : 0;
            for (var i = 0; i < rows; i++) sum += matrix.Start[(i * matrix.RowStride) + j];
            sums[j] = sum;
        }
    }
}
