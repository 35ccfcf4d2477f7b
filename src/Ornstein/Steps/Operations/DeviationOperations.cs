using Ornstein.Kernels;
using Ornstein.Models;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>Standard deviations softplus(raw) + minimum of a network's second head.</summary>
internal sealed unsafe class DeviationOperation(Slot raw, Slot deviation) : IOperation
{
    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < raw.Draws; draw++)
        {
            GaussianKernels.Positive(
                frame.Value(raw, draw), frame.Value(deviation, draw), (float)GaussianNetwork.MinimumStandardDeviation, frame.Floats(raw));
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < raw.Draws; draw++)
        {
            GaussianKernels.PositiveGradient(
                frame.Value(raw, draw), frame.Gradient(deviation, draw), frame.Gradient(raw, draw), frame.Floats(raw));
        }
    }
}

/// <summary>Standard deviations softplus(scale) + minimum, a parameter of each unit: those of linear networks.</summary>
internal sealed unsafe class ScaleOperation(ParameterEntry scale, Slot deviation) : ITrained
{
    public int Columns => scale.Columns;

    public long WorkOfColumn => 1;

    public void Forward(in Frame frame)
    {
        float* parameter = frame.Parameter(scale), values = frame.Value(deviation);
        for (var unit = 0; unit < scale.Columns; unit++)
        {
            var value = (float)(Softplus(parameter[unit]) + GaussianNetwork.MinimumStandardDeviation);
            for (var row = 0; row < frame.Count; row++) values[(row * scale.Columns) + unit] = value;
        }
    }

    public void Backward(in Frame frame)
    {
    }

    public void ParameterGradient(in Frame frame, int first, int count)
    {
        float* parameter = frame.Parameter(scale), gradient = frame.Gradient(deviation);
        for (var unit = first; unit < first + count; unit++)
        {
            var sum = 0.0;
            for (var row = 0; row < frame.Count; row++) sum += gradient[(row * scale.Columns) + unit];
            frame.Gradients[scale.Offset + unit] = (float)(sum / (1 + Math.Exp(-parameter[unit])));
        }
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
