using Ornstein.Kernels;
using Ornstein.Likelihoods;

namespace Ornstein.Steps.Operations;

/// <summary>-log p(x | z1).</summary>
/// <param name="output">What the decoder gives.</param>
/// <param name="x">The data.</param>
/// <param name="likelihood">Which distribution.</param>
internal sealed unsafe class ReconstructionTerm(Slot output, Slot x, IFusedLikelihood likelihood) : ITerm
{
    public double Sum(in Frame frame)
    {
        var gradient = frame.Gradient(output);
        return likelihood.NegativeLogProbability(
            new(frame.Value(output), frame.Floats(output)), new(frame.Value(x), frame.Floats(x)), x.Width, 1f / frame.Batch,
            gradient == null ? default : new Span<float>(gradient, frame.Floats(output)));
    }

    public void Forward(in Frame frame)
    {
    }

    public void Backward(in Frame frame)
    {
        // The gradient comes with the sum.
    }
}

/// <summary>KL(q(z_i | .) || p(z_i | .)).</summary>
/// <param name="q">q.</param>
/// <param name="p">p.</param>
/// <param name="weight">What the KL of every member counts in the loss; its sum is told unweighted.</param>
internal sealed unsafe class KlTerm(GaussianSlots q, GaussianSlots p, float[] weight) : ITerm, IPlanned
{
    private bool _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow)
    {
        (_addsMean, _addsDeviation) = (flow.Adds(q.Mean), flow.Adds(q.Deviation));
        if (flow.Adds(p.Mean) || flow.Adds(p.Deviation)) throw new InvalidOperationException("p has a gradient from elsewhere.");
    }

    public double Sum(in Frame frame) => GaussianKernels.Kl(
        frame.Value(q.Mean), frame.Value(q.Deviation), frame.Value(p.Mean), frame.Value(p.Deviation), frame.Floats(q.Mean));

    public void Forward(in Frame frame)
    {
    }

    public void Backward(in Frame frame) => GaussianKernels.KlGradient(
        frame.Value(q.Mean), frame.Value(q.Deviation), frame.Value(p.Mean), frame.Value(p.Deviation), new UniformWeight(weight[frame.Member] / frame.Batch),
        frame.Floats(q.Mean),
        frame.Gradient(q.Mean), _addsMean, frame.Gradient(q.Deviation), _addsDeviation, frame.Gradient(p.Mean), frame.Gradient(p.Deviation));
}

/// <summary>KL(q(z_L | .) || N(0, I)) of the top layer.</summary>
/// <param name="q">q.</param>
/// <param name="weight">What the KL of every member counts in the loss; its sum is told unweighted.</param>
internal sealed unsafe class TopKlTerm(GaussianSlots q, float[] weight) : ITerm, IPlanned
{
    private bool _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow) => (_addsMean, _addsDeviation) = (flow.Adds(q.Mean), flow.Adds(q.Deviation));

    public double Sum(in Frame frame) =>
        GaussianKernels.KlFromStandard(frame.Value(q.Mean), frame.Value(q.Deviation), frame.Floats(q.Mean));

    public void Forward(in Frame frame)
    {
    }

    public void Backward(in Frame frame) => GaussianKernels.KlFromStandardGradient(
        frame.Value(q.Mean), frame.Value(q.Deviation), new UniformWeight(weight[frame.Member] / frame.Batch), frame.Floats(q.Mean),
        frame.Gradient(q.Mean), _addsMean, frame.Gradient(q.Deviation), _addsDeviation);
}
