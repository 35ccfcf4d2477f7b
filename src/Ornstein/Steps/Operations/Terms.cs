using Ornstein.Kernels;
using Ornstein.Models;

namespace Ornstein.Steps.Operations;

/// <summary>-log p(x | z1).</summary>
/// <param name="output">Logits or means.</param>
/// <param name="x">The data.</param>
/// <param name="options">Which distribution.</param>
internal sealed unsafe class ReconstructionTerm(Slot output, Slot x, ModelOptions options) : ITerm
{
    public double Sum(in Frame frame)
    {
        var weight = 1f / frame.Batch;
        float* values = frame.Value(output), data = frame.Value(x), gradient = frame.Gradient(output);
        switch (options.Likelihood)
        {
            case Likelihood.Bernoulli:
                return LikelihoodKernels.Bernoulli(values, data, frame.Floats(output), weight, gradient);
            case Likelihood.Gaussian:
                var eta2 = options.DecoderVariance;
                var squares = LikelihoodKernels.SquaredError(values, data, frame.Floats(output), (float)(weight / eta2), gradient);
                return (squares / (2 * eta2)) + (frame.Count * 0.5 * options.Features * Math.Log(2 * Math.PI * eta2));
            default:
                throw new InvalidOperationException($"{options.Likelihood} is no likelihood.");
        }
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
        frame.Value(q.Mean), frame.Value(q.Deviation), frame.Value(p.Mean), frame.Value(p.Deviation), weight[frame.Member] / frame.Batch,
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
        frame.Value(q.Mean), frame.Value(q.Deviation), weight[frame.Member] / frame.Batch, frame.Floats(q.Mean),
        frame.Gradient(q.Mean), _addsMean, frame.Gradient(q.Deviation), _addsDeviation);
}
