using System.Runtime.Intrinsics;
using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>KLs of a layer's units, means over the batch, which allowances are compared with.</summary>
/// <param name="q">q.</param>
/// <param name="p">p; null for N(0, I).</param>
/// <param name="means">Where the means lie.</param>
internal sealed unsafe class UnitKlOperation(GaussianSlots q, GaussianSlots? p, long means) : ICoupled
{
    public int Columns => q.Mean.Width;

    public void Forward(in Frame frame, int first, int count)
    {
        var width = q.Mean.Width;
        for (var j = first; j < first + count; j += Lanes.Count)
        {
            var sum = GaussianKernels.KlOfColumns(
                frame.Value(q.Mean) + j, frame.Value(q.Deviation) + j, p is null ? null : frame.Value(p.Mean) + j, p is null ? null : frame.Value(p.Deviation) + j,
                width, frame.Count);
            Lanes.PutFirst(frame.Shared(means) + j, sum / Vector512.Create((float)frame.Count), width - j);
        }
    }

    public void Backward(in Frame frame, int first, int count)
    {
        // The gradient is the term's.
    }
}

/// <summary>
/// KL(q || p) of a layer that costs max(lambda, sum_u max(lambda_u, KL_u)), KLs being means over the batch (<see cref="Remedies.FreeBits"/>): its gradient is
/// zero where the allowance is the greater.
/// </summary>
/// <param name="q">q.</param>
/// <param name="p">p; null for N(0, I).</param>
/// <param name="means">Where the means of the units' KLs lie.</param>
/// <param name="costs">Weight and allowances of every member.</param>
/// <param name="weights">Memory for a weight of every number, [1, batch, units].</param>
internal sealed unsafe class AllowedKlTerm(GaussianSlots q, GaussianSlots? p, long means, KlCostScalars costs, Slot weights) : ITerm, IPlanned
{
    private bool _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow)
    {
        (_addsMean, _addsDeviation) = (flow.Adds(q.Mean), flow.Adds(q.Deviation));
        if (p is not null && (flow.Adds(p.Mean) || flow.Adds(p.Deviation))) throw new InvalidOperationException("p has a gradient from elsewhere.");
    }

    public double Sum(in Frame frame) => p is null
        ? GaussianKernels.KlFromStandard(frame.Value(q.Mean), frame.Value(q.Deviation), frame.Floats(q.Mean))
        : GaussianKernels.Kl(frame.Value(q.Mean), frame.Value(q.Deviation), frame.Value(p.Mean), frame.Value(p.Deviation), frame.Floats(q.Mean));

    public void Forward(in Frame frame)
    {
    }

    public void Backward(in Frame frame)
    {
        Weigh(frame);
        var own = new OwnWeights(frame.Value(weights));
        if (p is null)
        {
            GaussianKernels.KlFromStandardGradient(
                frame.Value(q.Mean), frame.Value(q.Deviation), own, frame.Floats(q.Mean),
                frame.Gradient(q.Mean), _addsMean, frame.Gradient(q.Deviation), _addsDeviation);
            return;
        }

        GaussianKernels.KlGradient(
            frame.Value(q.Mean), frame.Value(q.Deviation), frame.Value(p.Mean), frame.Value(p.Deviation), own, frame.Floats(q.Mean),
            frame.Gradient(q.Mean), _addsMean, frame.Gradient(q.Deviation), _addsDeviation, frame.Gradient(p.Mean), frame.Gradient(p.Deviation));
    }

    // The same of every row: a unit counts where both it and its layer are beyond what they are allowed.
    private void Weigh(in Frame frame)
    {
        float* kl = frame.Shared(means), target = frame.Value(weights);
        var width = q.Mean.Width;
        float unit = costs.UnitFloor[frame.Member], sum = 0;
        for (var u = 0; u < width; u++) sum += Math.Max(unit, kl[u]);
        var weight = sum > costs.LayerFloor[frame.Member] ? costs.Weight[frame.Member] / frame.Batch : 0;
        for (var u = 0; u < width; u++) target[u] = kl[u] > unit ? weight : 0;
        var first = new ReadOnlySpan<float>(target, width);
        for (var row = 1; row < frame.Count; row++) first.CopyTo(new Span<float>(target + (row * width), width));
    }
}
