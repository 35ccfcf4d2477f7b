using Ornstein.Kernels;

namespace Ornstein.Steps.Operations;

/// <summary>
/// The points m + rho (z - m) + sqrt(1 - rho^2) s eps' at which a smoothed function is taken (<see cref="Smoothing.SmoothingOperator"/>), or
/// rho z + sqrt(1 - rho^2) eps' under the standard measure.
/// </summary>
/// <param name="layer">The layer's own Gaussian; null under the standard measure.</param>
/// <param name="z">Where the smoothed function is wanted.</param>
/// <param name="eps">The inner draws eps'.</param>
/// <param name="points">The points, one per draw.</param>
/// <param name="rho">Rho of every member, which may change between steps.</param>
internal sealed unsafe class PointsOperation(GaussianSlots? layer, Slot z, Slot eps, Slot points, float[] rho) : IOperation, IPlanned
{
    private bool _addsZ, _addsMean, _addsDeviation;

    public void Plan(GradientFlow flow)
    {
        _addsZ = flow.Adds(z);
        if (layer is not null) (_addsMean, _addsDeviation) = (flow.Adds(layer.Mean), flow.Adds(layer.Deviation));
    }

    public void Forward(in Frame frame)
    {
        var (r, c, floats) = (rho[frame.Member], ComplementOf(rho[frame.Member]), frame.Floats(z));
        for (var draw = 0; draw < points.Draws; draw++)
        {
            float* draws = frame.Value(eps, draw), target = frame.Value(points, draw), at = frame.Value(z, z.DrawFor(points, draw));
            if (layer is null) SmoothingKernels.StandardPoints(at, draws, r, c, target, floats);
            else SmoothingKernels.Points(Mean(frame, draw), Deviation(frame, draw), at, draws, r, c, target, floats);
        }
    }

    public void Backward(in Frame frame)
    {
        var (r, c, floats) = (rho[frame.Member], ComplementOf(rho[frame.Member]), frame.Floats(z));
        for (var draw = 0; draw < points.Draws; draw++)
        {
            var gradient = frame.Gradient(points, draw);
            SmoothingKernels.AddScaled(gradient, r, frame.Gradient(z, z.DrawFor(points, draw)), _addsZ || z.IsServedAgain(points, draw), floats);
            if (layer is null) continue;
            var (own, again) = (layer.Mean.DrawFor(points, draw), layer.Mean.IsServedAgain(points, draw));
            SmoothingKernels.AddScaled(gradient, 1 - r, frame.Gradient(layer.Mean, own), _addsMean || again, floats);
            SmoothingKernels.AddProduct(gradient, frame.Value(eps, draw), c, frame.Gradient(layer.Deviation, own), _addsDeviation || again, floats);
        }
    }

    private float* Mean(in Frame frame, int draw) => frame.Value(layer!.Mean, layer.Mean.DrawFor(points, draw));

    private float* Deviation(in Frame frame, int draw) => frame.Value(layer!.Deviation, layer.Deviation.DrawFor(points, draw));

    private static float ComplementOf(double value) => (float)Math.Sqrt((1 - value) * (1 + value));
}

/// <summary>The mean over the inner draws of every sample, with equal weights or those of a quadrature.</summary>
internal sealed unsafe class DrawMeanOperation(Slot perDraw, Slot mean, float[] weights) : IOperation, IPlanned
{
    private bool _adds;

    public void Plan(GradientFlow flow) => _adds = flow.Adds(perDraw);

    public void Forward(in Frame frame)
    {
        for (var sample = 0; sample < mean.Draws; sample++)
        {
            SmoothingKernels.Mean(
                frame.Value(perDraw, sample * weights.Length), perDraw.Block, weights, frame.Value(mean, sample), frame.Floats(mean));
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < perDraw.Draws; draw++)
        {
            SmoothingKernels.AddScaled(
                frame.Gradient(mean, mean.DrawFor(perDraw, draw)), weights[draw % weights.Length], frame.Gradient(perDraw, draw), _adds, frame.Floats(mean));
        }
    }
}
