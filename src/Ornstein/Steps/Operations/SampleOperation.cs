using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>z = mean + standard deviation * eps (Kingma and Welling 2014, section 2.4), as often as there are samples.</summary>
internal sealed unsafe class SampleOperation(GaussianSlots layer, Slot eps, Slot z) : IOperation, IPlanned
{
    private bool _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow) => (_addsMean, _addsDeviation) = (flow.Adds(layer.Mean), flow.Adds(layer.Deviation));

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
        {
            var own = layer.Mean.DrawFor(z, draw);
            GaussianKernels.Sample(
                frame.Value(layer.Mean, own), frame.Value(layer.Deviation, own), frame.Value(eps, draw), frame.Value(z, draw), frame.Floats(z));
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
        {
            var (own, again) = (layer.Mean.DrawFor(z, draw), layer.Mean.IsServedAgain(z, draw));
            GaussianKernels.SampleGradient(
                frame.Gradient(z, draw), frame.Value(eps, draw), frame.Gradient(layer.Mean, own), _addsMean || again,
                frame.Gradient(layer.Deviation, own), _addsDeviation || again, frame.Floats(z));
        }
    }
}
