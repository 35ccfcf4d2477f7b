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
internal sealed unsafe class ScaleOperation(ParameterEntry scale, Slot deviation, bool isHeld) : ITrained
{
    public ParameterEntry Entry => scale;

    public int FirstColumn => 0;

    public int Columns => isHeld ? 0 : scale.Columns;

    public long WorkOfColumn => 1;

    public void Forward(in Frame frame)
    {
        var parameter = frame.Parameter(scale);
        for (var unit = 0; unit < scale.Columns; unit++)
        {
            var value = (float)(Softplus(parameter[unit]) + GaussianNetwork.MinimumStandardDeviation);
            for (var draw = 0; draw < deviation.Draws; draw++)
            {
                var values = frame.Value(deviation, draw);
                for (var row = 0; row < frame.Count; row++) values[(row * scale.Columns) + unit] = value;
            }
        }
    }

    public void Backward(in Frame frame)
    {
    }

    public int Runs(in Frame frame) => 1;

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        var parameter = frame.Parameter(scale);
        for (var unit = first; unit < first + count; unit++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < deviation.Draws; draw++)
            {
                var gradient = frame.Gradient(deviation, draw);
                for (var row = 0; row < frame.Count; row++) sum += gradient[(row * scale.Columns) + unit];
            }

            var own = (float)(sum / (1 + Math.Exp(-parameter[unit])));
            frame.Gradients[scale.Offset + unit] = add ? frame.Gradients[scale.Offset + unit] + own : own;
        }
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
