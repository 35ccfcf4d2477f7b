using Ornstein.Kernels;
using Ornstein.Likelihoods;
using Ornstein.Stacks;

namespace Ornstein.Steps.Operations;

/// <summary>The parameter of a likelihood's own.</summary>
/// <param name="Entry">The parameter.</param>
/// <param name="Fitted">Where the batch's own value lies, of a likelihood that depends on the batch; null for others, and for trained models.</param>
internal sealed record OwnNumbers(ParameterEntry Entry, long? Fitted)
{
    /// <summary>The values.</summary>
    public unsafe ReadOnlySpan<float> In(in Frame frame) => new(Fitted is { } place ? frame.Shared(place) : frame.Parameter(Entry), Entry.Size);
}

/// <summary>
/// -log p(x | z) row by row: of joint samples, each weighted by what it counts, and of likelihoods with a parameter of their own. The gradient of that is the sum of
/// the rows', in order.
/// </summary>
/// <param name="output">What the decoder gives.</param>
/// <param name="x">The data.</param>
/// <param name="likelihood">Which distribution.</param>
/// <param name="values">Receives -log p of every row, [samples, batch, 1].</param>
/// <param name="shares">What samples count, [samples, batch, 1]; null where there is one sample.</param>
/// <param name="own">The likelihood's own parameter; null for none.</param>
/// <param name="ownGradients">Memory for its gradient of every row, [samples, batch, size]; null where there is none.</param>
internal sealed unsafe class RowReconstructionTerm(
    Slot output, Slot x, IFusedLikelihood likelihood, Slot values, Slot? shares, OwnNumbers? own, Slot? ownGradients) : ITerm, ITrained
{
    public ParameterEntry Entry => own!.Entry;

    public int FirstColumn => 0;

    public int Columns => ownGradients is null ? 0 : own!.Entry.Size;

    public long WorkOfColumn => output.Draws;

    public double Sum(in Frame frame) => JointSums.Mean(frame, values);

    public void Forward(in Frame frame)
    {
        var numbers = own is null ? default : own.In(frame);
        for (var sample = 0; sample < output.Draws; sample++)
        {
            float* rows = frame.Value(output, sample), data = frame.Value(x), gradient = frame.Gradient(output, sample), target = frame.Value(values, sample);
            for (var row = 0; row < frame.Count; row++, rows += output.Width, gradient += output.Width, data += x.Width)
            {
                target[row] = (float)likelihood.NegativeLogProbability(
                    new(rows, output.Width), new(data, x.Width), numbers, 1f / frame.Batch, new(gradient, output.Width), OwnGradient(frame, sample, row));
            }
        }
    }

    public void Backward(in Frame frame)
    {
        if (shares is null) return;
        for (var sample = 0; sample < output.Draws; sample++)
        {
            float* gradient = frame.Gradient(output, sample), share = frame.Value(shares, sample);
            for (var row = 0; row < frame.Count; row++, gradient += output.Width) LogDensityKernels.Scale(gradient, share[row], output.Width);
        }
    }

    public int Runs(in Frame frame) => 1;

    public void ParameterGradient(in Frame frame, int run, int first, int count, bool add)
    {
        for (var i = first; i < first + count; i++)
        {
            var sum = add ? frame.Gradients[Entry.Offset + i] : 0.0;
            for (var sample = 0; sample < output.Draws; sample++)
            {
                for (var row = 0; row < frame.Count; row++)
                    sum += (shares is null ? 1.0 : frame.Value(shares, sample)[row]) * OwnGradient(frame, sample, row)[i];
            }

            frame.Gradients[Entry.Offset + i] = (float)sum;
        }
    }

    private Span<float> OwnGradient(in Frame frame, int sample, int row) => ownGradients is null ? default
        : new(frame.Value(ownGradients, sample) + ((nint)row * ownGradients.Width), ownGradients.Width);
}

/// <summary>What a likelihood that depends on the batch is fitted to: a mean over its rows.</summary>
/// <param name="output">What the decoder gives.</param>
/// <param name="x">The data.</param>
/// <param name="likelihood">Which distribution.</param>
/// <param name="place">Receives the mean.</param>
internal sealed unsafe class FitOperation(Slot output, Slot x, IFusedLikelihood likelihood, long place) : ICoupled
{
    public int Columns => 1;

    public void Forward(in Frame frame, int first, int count)
    {
        var sum = 0.0;
        float* rows = frame.Value(output), data = frame.Value(x);
        for (var row = 0; row < frame.Count; row++, rows += output.Width, data += x.Width) sum += likelihood.Fitted(new(rows, output.Width), new(data, x.Width));
        *frame.Shared(place) = (float)(sum / frame.Count);
    }

    public void Backward(in Frame frame, int first, int count)
    {
        // -log p is least at the mean: no gradient passes through it.
    }
}
