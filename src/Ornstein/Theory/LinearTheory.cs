namespace Ornstein.Theory;

/// <summary>
/// The global optimum of one eigen-direction of a linear-Gaussian stack of any depth under the smoothed objective: data variance lambda,
/// decoder variance eta^2 fixed, everything else learned, a variance per unit, smoothing in the layers' own coordinates
/// (docs/theory.md, "The cascade").
/// </summary>
public static class LinearTheory
{
    // rho = 0 stands for its limit from above: the infimum is not attained there (the weights of p grow without bound).
    private const double LeastSquare = 1e-12;
    private const double Tie = 1e-13;
    private const double LowestLog = -32, HighestLog = 40, StepLog = 0.25;

    /// <summary>The best parameters with the same rho at every link.</summary>
    /// <param name="ratio">g = lambda / eta^2, at least 0.</param>
    /// <param name="rho">Smoothing parameter in [0, 1]; 0 stands for its limit from above.</param>
    /// <param name="smoothing">Depth, draws and what is smoothed.</param>
    /// <exception cref="OrnsteinException">A value is out of range.</exception>
    public static LinearOptimum Optimum(double ratio, double rho, LinearSmoothing smoothing)
    {
        ArgumentNullException.ThrowIfNull(smoothing);
        smoothing.Validate();
        return Optimum(ratio, [.. Enumerable.Repeat(rho, smoothing.Layers - 1)], smoothing);
    }

    /// <summary>The best parameters with a rho for each link.</summary>
    /// <param name="ratio">g = lambda / eta^2, at least 0.</param>
    /// <param name="rho">A smoothing parameter per link, lowest first, in [0, 1].</param>
    /// <param name="smoothing">Depth, draws and what is smoothed.</param>
    /// <exception cref="OrnsteinException">A value is out of range.</exception>
    public static LinearOptimum Optimum(double ratio, IReadOnlyList<double> rho, LinearSmoothing smoothing)
    {
        ArgumentNullException.ThrowIfNull(rho);
        ArgumentNullException.ThrowIfNull(smoothing);
        smoothing.Validate();
        if (!(ratio >= 0 && double.IsFinite(ratio)))
            throw new OrnsteinException($"lambda over the decoder variance is {ratio}; it must be a number from 0.");
        if (rho.Count != smoothing.Layers - 1)
            throw new OrnsteinException($"there are {rho.Count} rhos for {smoothing.Layers - 1} links; give one per link.");
        var path = new StationaryPath([.. rho.Select(r => Math.Max(LeastSquare, smoothing.EffectiveSquare(r)))], smoothing.SmoothsQ);
        var best = At(path, ratio, smoothing.Layers, ratio > 1 ? [ratio - 1] : []);
        // With p alone smoothed nothing is active at or below ln 2, at any depth.
        if (!smoothing.SmoothsQ && ratio <= TwoLevelTheory.LeastActiveRatio) return best;
        for (var active = 2; active <= smoothing.Layers; active++)
        {
            foreach (var kappa in StationaryPoints(path, ratio, active))
            {
                var found = At(path, ratio, smoothing.Layers, kappa);
                // A state that appears continuously is lower by less than rounding at first: on a tie the deeper one holds.
                var gain = best.Objective - found.Objective;
                if (gain > (active > best.ActiveLayers ? -Tie : 0)) best = found;
            }
        }

        return best;
    }

    /// <summary>
    /// The g = lambda / eta^2 at which a layer leaves zero continuously at a given rho. Layer 2: 1 / (1 - rho). Where
    /// <see cref="Cascade"/> calls a transition continuous, its critical rho solves Onset(layer, rho) = g.
    /// </summary>
    /// <param name="layer">Layer from 2.</param>
    /// <param name="effectiveRho">Effective rho in (0, 1).</param>
    /// <param name="smoothsQ">Whether q is smoothed as well.</param>
    public static double Onset(int layer, double effectiveRho, bool smoothsQ = false)
    {
        if (layer < 2) throw new OrnsteinException($"layer is {layer}; layers from 2 upwards can collapse by smoothing.");
        LinearSmoothing.RequireRho(effectiveRho);
        var square = new double[layer - 1];
        Array.Fill(square, Math.Max(LeastSquare, effectiveRho * effectiveRho));
        return new StationaryPath(square, smoothsQ).Descend(new double[layer]);
    }

    private static LinearOptimum At(StationaryPath path, double ratio, int layers, double[] active)
    {
        var kappa = new double[layers];
        active.CopyTo(kappa, 0);
        var kl = path.Kl(kappa);
        return new LinearOptimum { Kappa = kappa, Kl = kl, Objective = (0.5 * ratio / (1 + kappa[0])) + kl.Sum() };
    }

    /// <summary>All stationary points with the given number of active layers.</summary>
    private static IEnumerable<double[]> StationaryPoints(StationaryPath path, double ratio, int active)
    {
        double Excess(double log)
        {
            Span<double> kappa = stackalloc double[active];
            kappa[^1] = Math.Exp(log);
            var excess = Math.Log(path.Descend(kappa)) - Math.Log(ratio);
            return double.IsNaN(excess) ? double.PositiveInfinity : excess;
        }

        foreach (var log in LineSearch.Roots(Excess, LowestLog, HighestLog, StepLog))
        {
            var kappa = new double[active];
            kappa[^1] = Math.Exp(log);
            if (double.IsFinite(path.Descend(kappa))) yield return kappa;
        }
    }
}
