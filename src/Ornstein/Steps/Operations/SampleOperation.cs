using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>z = mean + standard deviation * eps (Kingma and Welling 2014, section 2.4).</summary>
internal sealed unsafe class SampleOperation(GaussianSlots layer, Slot eps, Slot z) : IOperation, IPlanned
{
    private bool _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow) => (_addsMean, _addsDeviation) = (flow.Adds(layer.Mean), flow.Adds(layer.Deviation));

    public void Forward(in Frame frame) => GaussianKernels.Sample(
        frame.Value(layer.Mean), frame.Value(layer.Deviation), frame.Value(eps), frame.Value(z), frame.Floats(z));

    public void Backward(in Frame frame) => GaussianKernels.SampleGradient(
        frame.Gradient(z), frame.Value(eps), frame.Gradient(layer.Mean), _addsMean, frame.Gradient(layer.Deviation), _addsDeviation,
        frame.Floats(z));
}
