using Ornstein.Kernels;
using Ornstein.Likelihoods;

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
/// <param name="output">What the decoder gives of samples of z1.</param>
/// <param name="x">The data, each for several samples one after another.</param>
/// <param name="samples">Samples of a datum.</param>
/// <param name="likelihood">Which distribution.</param>
/// <param name="own">The likelihood's own parameter; null for none.</param>
/// <param name="sums">What is added to, [1, rows, 1].</param>
internal sealed unsafe class LogLikelihoodOperation(Slot output, Slot x, int samples, IFusedLikelihood likelihood, OwnNumbers? own, Slot sums) : IOperation
{
    public void Forward(in Frame frame)
    {
        if (own is not null) AddRows(frame, own.In(frame));
        else
        {
            likelihood.AddLogProbability(
                new(frame.Value(output), frame.Floats(output)), new(frame.Value(x), frame.Count / samples * x.Width), x.Width, samples, new(frame.Value(sums), frame.Count));
        }
    }

    public void Backward(in Frame frame) => throw new NotSupportedException();

    private void AddRows(in Frame frame, ReadOnlySpan<float> numbers)
    {
        float* rows = frame.Value(output), target = frame.Value(sums);
        for (var row = 0; row < frame.Count; row++, rows += output.Width)
        {
            var data = new ReadOnlySpan<float>(frame.Value(x) + ((nint)(row / samples) * x.Width), x.Width);
            target[row] -= (float)likelihood.NegativeLogProbability(new(rows, output.Width), data, numbers, 1, default, default);
        }
    }
}
