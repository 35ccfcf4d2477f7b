using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>How the Gaussian that a sample is drawn from is differentiated in log q.</summary>
internal enum ScoredBy
{
    /// <summary>With the sample, which moves with it.</summary>
    ItsSample,

    /// <summary>Apart from the sample; its mean and deviation pass gradients on to the layers that they are computed from.</summary>
    Itself,

    /// <summary>Not at all: the sample alone.</summary>
    Nothing,
}

/// <summary>log q(z) - log p(z) of a layer at every sample, weighted by what the sample counts.</summary>
/// <param name="q">q.</param>
/// <param name="scored">How q is differentiated.</param>
/// <param name="p">p; null for N(0, I).</param>
/// <param name="z">The samples.</param>
/// <param name="values">Receives the log-ratio of every row, [samples, batch, 1].</param>
/// <param name="shares">What samples count, [samples, batch, 1].</param>
/// <param name="klWeight">What the layer's log-ratio of every member counts.</param>
/// <param name="weights">Memory for a weight of every number, [samples, batch, units].</param>
internal sealed unsafe class LogRatioTerm(
    GaussianSlots q, ScoredBy scored, GaussianSlots? p, Slot z, Slot values, Slot shares, float[] klWeight, Slot weights) : ITerm, IPlanned
{
    private bool _addsZ, _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow)
    {
        _addsZ = flow.Adds(z);
        if (scored == ScoredBy.Itself) _addsMean = flow.Adds(q.Mean);
        if (scored != ScoredBy.Nothing) _addsDeviation = flow.Adds(q.Deviation);
        if (p is not null && (flow.Adds(p.Mean) || flow.Adds(p.Deviation))) throw new InvalidOperationException("p has a gradient from elsewhere.");
    }

    public double Sum(in Frame frame) => JointSums.Mean(frame, values);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
        {
            var sums = frame.Value(values, draw);
            new Span<float>(sums, frame.Count).Clear();
            RowKernels.AddLogDensity(frame.Value(z, draw), Q(frame, q.Mean, draw), Q(frame, q.Deviation, draw), z.Width, frame.Count, 1, sums);
            RowKernels.AddLogDensity(
                frame.Value(z, draw), p is null ? null : frame.Value(p.Mean, draw), p is null ? null : frame.Value(p.Deviation, draw), z.Width, frame.Count, -1, sums);
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
        {
            var own = Weigh(frame, draw);
            float* at = frame.Value(z, draw), gradient = frame.Gradient(z, draw);
            var (count, adds) = (frame.Floats(z), _addsZ);
            if (scored != ScoredBy.ItsSample)
            {
                LogDensityKernels.Gradient(
                    at, Q(frame, q.Mean, draw), Q(frame, q.Deviation, draw), own, 1, count, gradient, adds,
                    scored == ScoredBy.Itself ? frame.Gradient(q.Mean, draw) : null, _addsMean,
                    scored == ScoredBy.Itself ? frame.Gradient(q.Deviation, draw) : null, _addsDeviation);
                adds = true;
            }
            else
            {
                LogDensityKernels.OwnSampleGradient(
                    Q(frame, q.Deviation, draw), own, count, frame.Gradient(q.Deviation, q.Deviation.DrawFor(z, draw)),
                    _addsDeviation || q.Deviation.IsServedAgain(z, draw));
            }

            if (p is null) LogDensityKernels.StandardGradient(at, own, count, gradient, adds);
            else
            {
                LogDensityKernels.Gradient(
                    at, frame.Value(p.Mean, draw), frame.Value(p.Deviation, draw), own, -1, count, gradient, adds,
                    frame.Gradient(p.Mean, draw), false, frame.Gradient(p.Deviation, draw), false);
            }
        }
    }

    private float* Q(in Frame frame, Slot slot, int draw) => frame.Value(slot, slot.DrawFor(z, draw));

    private float* Weigh(in Frame frame, int draw)
    {
        float* share = frame.Value(shares, draw), target = frame.Value(weights, draw);
        var factor = klWeight[frame.Member] / frame.Batch;
        for (var row = 0; row < frame.Count; row++) new Span<float>(target + (row * z.Width), z.Width).Fill(factor * share[row]);
        return target;
    }
}

/// <summary>
/// What every sample of a datum counts in the gradient of -log (1/k) sum_s exp(log w_s): the shares of w_s in their sum, with
/// log w = log p(x | z) - sum_i w_i (log q - log p)(z_i).
/// </summary>
/// <param name="reconstruction">-log p(x | z), [samples, batch, 1].</param>
/// <param name="ratios">The log-ratios of all layers, each [samples, batch, 1].</param>
/// <param name="klWeight">What they count, [layers][members].</param>
/// <param name="shares">Receives the shares, [samples, batch, 1].</param>
internal sealed unsafe class SharesOperation(Slot reconstruction, Slot[] ratios, float[][] klWeight, Slot shares) : IOperation
{
    // A share that no sum beside it feels, even squared; what it multiplies would be numbers below the normal ones, on which processors take many times as long.
    private const float Negligible = 1e-15f;

    public void Forward(in Frame frame)
    {
        for (var sample = 0; sample < shares.Draws; sample++)
        {
            float* target = frame.Value(shares, sample), loss = frame.Value(reconstruction, sample);
            for (var row = 0; row < frame.Count; row++) target[row] = -loss[row];
            for (var layer = 0; layer < ratios.Length; layer++)
            {
                var ratio = frame.Value(ratios[layer], sample);
                var weight = klWeight[layer][frame.Member];
                for (var row = 0; row < frame.Count; row++) target[row] -= weight * ratio[row];
            }
        }

        for (var row = 0; row < frame.Count; row++) Normalize(frame.Value(shares) + row, shares.Block);
    }

    public void Backward(in Frame frame)
    {
        // The gradient of a logarithm of a sum is made of the shares, which terms read.
    }

    // A number that is not finite becomes shares that are none: the step is not taken.
    private void Normalize(float* first, nint block)
    {
        var (most, sum) = (float.NegativeInfinity, 0.0);
        for (var s = 0; s < shares.Draws; s++) most = Math.Max(most, first[s * block]);
        for (var s = 0; s < shares.Draws; s++) sum += first[s * block] = MathF.Exp(first[s * block] - most);
        for (var s = 0; s < shares.Draws; s++)
        {
            var share = (float)(first[s * block] / sum);
            first[s * block] = share < Negligible ? 0 : share;
        }
    }
}

/// <summary>
/// A copy of samples at which gradients stop, to go on multiplied by what the sample counts: with the share that they hold already its square, as the doubly
/// reparameterized gradient has it (Tucker et al. 2019, equation 8).
/// </summary>
/// <param name="z">The samples.</param>
/// <param name="copy">What all others read.</param>
/// <param name="shares">What samples count, [samples, batch, 1].</param>
internal sealed unsafe class CutOperation(Slot z, Slot copy, Slot shares) : IOperation, IPlanned
{
    private bool _adds;

    public void Plan(GradientFlow flow) => _adds = flow.Adds(z);

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
            new ReadOnlySpan<float>(frame.Value(z, draw), frame.Floats(z)).CopyTo(new Span<float>(frame.Value(copy, draw), frame.Floats(z)));
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < z.Draws; draw++)
        {
            float* source = frame.Gradient(copy, draw), target = frame.Gradient(z, draw), share = frame.Value(shares, draw);
            for (var (row, i) = (0, 0); row < frame.Count; row++)
            {
                for (var u = 0; u < z.Width; u++, i++) target[i] = (_adds ? target[i] : 0) + (share[row] * source[i]);
            }
        }
    }
}

/// <summary>Sums of joint samples' terms.</summary>
internal static unsafe class JointSums
{
    /// <summary>Sum over a part's data of the mean over samples, nats.</summary>
    public static double Mean(in Frame frame, Slot values)
    {
        var sum = 0.0;
        for (var sample = 0; sample < values.Draws; sample++)
        {
            var rows = frame.Value(values, sample);
            for (var row = 0; row < frame.Count; row++) sum += rows[row];
        }

        return sum / values.Draws;
    }
}
