using Ornstein.Kernels;
using Ornstein.Models;

namespace Ornstein.Steps.Operations;

/// <summary>Adds sign * log N(z; layer) to a sum per row; not differentiated.</summary>
/// <param name="layer">The Gaussian; null for N(0, I).</param>
/// <param name="z">The points.</param>
/// <param name="sign">1 or -1.</param>
/// <param name="sums">What is added to, [1, rows, 1].</param>
internal sealed unsafe class LogDensityOperation(GaussianSlots? layer, Slot z, float sign, Slot sums) : IOperation
{
    public void Forward(in Frame frame) => RowKernels.AddLogDensity(
        frame.Value(z), layer is null ? null : frame.Value(layer.Mean), layer is null ? null : frame.Value(layer.Deviation),
        z.Width, frame.Count, sign, frame.Value(sums));

    public void Backward(in Frame frame) => throw new NotSupportedException();
}

/// <summary>Adds log p(x | z1) to a sum per row; not differentiated.</summary>
/// <param name="output">Logits or means of samples of z1.</param>
/// <param name="x">The data, each for several samples one after another.</param>
/// <param name="samples">Samples of a datum.</param>
/// <param name="options">Which distribution.</param>
/// <param name="sums">What is added to, [1, rows, 1].</param>
internal sealed unsafe class LogLikelihoodOperation(Slot output, Slot x, int samples, ModelOptions options, Slot sums) : IOperation
{
    public void Forward(in Frame frame)
    {
        float* values = frame.Value(output), data = frame.Value(x), target = frame.Value(sums);
        switch (options.Likelihood)
        {
            case Likelihood.Bernoulli: RowKernels.AddBernoulli(values, data, output.Width, frame.Count, samples, target); break;
            case Likelihood.Gaussian: RowKernels.AddGaussian(values, data, options.DecoderVariance, output.Width, frame.Count, samples, target); break;
            default: throw new InvalidOperationException($"{options.Likelihood} is no likelihood.");
        }
    }

    public void Backward(in Frame frame) => throw new NotSupportedException();
}
