using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>Standard deviations below a cap of each member's own (<see cref="Remedies.CommittedRate"/>).</summary>
/// <param name="deviation">Standard deviations.</param>
/// <param name="capped">The same below the cap.</param>
/// <param name="inverse">1 / cap of every member; 0 for none.</param>
internal sealed unsafe class CapOperation(Slot deviation, Slot capped, float[] inverse) : IOperation, IPlanned
{
    private bool _adds;

    public void Plan(GradientFlow flow) => _adds = flow.Adds(deviation);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < capped.Draws; draw++)
            GaussianKernels.Cap(frame.Value(deviation, draw), inverse[frame.Member], frame.Value(capped, draw), frame.Floats(capped));
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < capped.Draws; draw++)
        {
            GaussianKernels.CapGradient(
                frame.Value(deviation, draw), inverse[frame.Member], frame.Gradient(capped, draw), frame.Gradient(deviation, draw), _adds, frame.Floats(capped));
        }
    }
}
