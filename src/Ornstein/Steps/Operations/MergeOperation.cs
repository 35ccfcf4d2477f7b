using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>A ladder's q of a layer: what climbs from the data merged with p by precision (<see cref="Models.LadderInference"/>).</summary>
/// <param name="climbing">The Gaussian that climbs from the data, one for all samples.</param>
/// <param name="p">The layer's Gaussian given those above.</param>
/// <param name="merged">q.</param>
internal sealed unsafe class MergeOperation(GaussianSlots climbing, GaussianSlots p, GaussianSlots merged) : IOperation, IPlanned
{
    private bool _addsM, _addsS, _addsMu, _addsSigma;

    public void Plan(GradientFlow flow)
    {
        (_addsM, _addsS) = (flow.Adds(climbing.Mean), flow.Adds(climbing.Deviation));
        (_addsMu, _addsSigma) = (flow.Adds(p.Mean), flow.Adds(p.Deviation));
    }

    public void Forward(in Frame frame)
    {
        var made = merged.Mean;
        for (var draw = 0; draw < made.Draws; draw++)
        {
            var (own, other) = (climbing.Mean.DrawFor(made, draw), p.Mean.DrawFor(made, draw));
            MergeKernels.Merge(
                frame.Value(climbing.Mean, own), frame.Value(climbing.Deviation, own), frame.Value(p.Mean, other), frame.Value(p.Deviation, other),
                frame.Value(made, draw), frame.Value(merged.Deviation, draw), frame.Floats(made));
        }
    }

    public void Backward(in Frame frame)
    {
        var made = merged.Mean;
        for (var draw = 0; draw < made.Draws; draw++)
        {
            var (own, other) = (climbing.Mean.DrawFor(made, draw), p.Mean.DrawFor(made, draw));
            bool again = climbing.Mean.IsServedAgain(made, draw), otherAgain = p.Mean.IsServedAgain(made, draw);
            MergeKernels.Gradient(
                frame.Value(climbing.Mean, own), frame.Value(climbing.Deviation, own), frame.Value(p.Mean, other), frame.Value(p.Deviation, other),
                frame.Gradient(made, draw), frame.Gradient(merged.Deviation, draw), frame.Floats(made),
                frame.Gradient(climbing.Mean, own), _addsM || again, frame.Gradient(climbing.Deviation, own), _addsS || again,
                frame.Gradient(p.Mean, other), _addsMu || otherAgain, frame.Gradient(p.Deviation, other), _addsSigma || otherAgain);
        }
    }
}
