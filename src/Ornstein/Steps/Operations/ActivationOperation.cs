using Ornstein.Kernels;
using Ornstein.Networks;

namespace Ornstein.Steps.Operations;

/// <summary>A nonlinearity in place.</summary>
/// <param name="value">What it is applied to, and what it gives.</param>
/// <param name="before">Keeps what it is applied to, where its derivative needs that.</param>
/// <param name="activation">The nonlinearity.</param>
internal sealed unsafe class ActivationOperation(Slot value, Slot? before, Activation activation) : IOperation
{
    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < value.Draws; draw++)
        {
            var values = new Span<float>(frame.Value(value, draw), Lanes.Whole(frame.Floats(value)));
            if (before is not null) values.CopyTo(new Span<float>(frame.Value(before, draw), values.Length));
            ActivationKernels.Apply(activation, frame.Value(value, draw), values.Length);
        }
    }

    public void Backward(in Frame frame)
    {
        var known = before ?? value;
        for (var draw = 0; draw < value.Draws; draw++)
            ActivationKernels.Differentiate(activation, frame.Value(known, draw), frame.Gradient(value, draw), frame.Floats(value));
    }
}
