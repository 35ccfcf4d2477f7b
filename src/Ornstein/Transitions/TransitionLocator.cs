using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>
/// Finds where the top layer's KL drops to zero along rho. Per seed, the crossing of the collapse threshold is interpolated in
/// log KL between the last rho below which the layer is always active and the first above which it is always collapsed;
/// the interval spans these grid points over all seeds, so it is as wide as the grid and the seeds' disagreement make it.
/// </summary>
public static class TransitionLocator
{
    private const double LeastKl = 1e-6; // nats; keeps the logarithm of a collapsed layer finite

    /// <summary>The critical rho of the top layer, or the reason why there is none.</summary>
    /// <param name="members">Members over rho and seeds; those that diverged are left out.</param>
    /// <param name="options">When a layer counts as collapsed.</param>
    /// <returns>A critical rho and no reason, or a reason and no critical rho.</returns>
    public static (CriticalRho? Critical, string? Reason) Locate(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (members.Any(member => member.RhoPerLink is not null))
        {
            return (null, "cannot say: the links of a member have different rhos, so there is no single rho to vary");
        }

        if (members.Any(member => member.Kl.Length == 1)) return (null, "no transition: a model of one layer has no function to smooth");
        var valid = members.Where(member => double.IsFinite(member.TopKl)).ToArray();
        var curves = valid.GroupBy(member => member.Seed).Select(seed => seed.OrderBy(member => member.Rho).ToArray()).ToArray();
        if (curves.Length == 0) return (null, "cannot say: every member diverged");
        if (curves.Max(curve => curve.Select(member => member.Rho).Distinct().Count()) < 2)
        {
            return (null, "cannot say: a transition needs at least two different rhos");
        }

        var threshold = options.CollapseThreshold;
        if (valid.All(member => member.TopKl >= threshold))
        {
            return (null, $"no transition: the top layer's KL is above {threshold} nats at every rho");
        }

        if (valid.All(member => member.TopKl < threshold))
        {
            return (null, $"no transition: the top layer's KL is below {threshold} nats at every rho");
        }

        foreach (var curve in curves)
        {
            // The ends may be missing where a member diverged, so the rho is named.
            if (curve[0].TopKl < threshold)
                return (null, $"cannot say: with seed {curve[0].Seed} the top layer is collapsed at rho {curve[0].Rho} already; give lower rhos");
            if (curve[^1].TopKl >= threshold)
                return (null, $"cannot say: with seed {curve[0].Seed} the top layer is active up to rho {curve[^1].Rho}; give higher rhos");
        }

        var crossings = curves.Select(curve => Crossing(curve, threshold)).ToArray();
        var low = crossings.Min(crossing => crossing.Low);
        var high = crossings.Max(crossing => crossing.High);
        return (new CriticalRho
        {
            Estimate = crossings.Average(crossing => crossing.Estimate),
            Low = low,
            High = high,
            TopLayerKlBelow = valid.Where(member => member.Rho == low).Average(member => member.TopKl),
            TopLayerKlAbove = valid.Where(member => member.Rho == high).Average(member => member.TopKl),
        }, null);
    }

    // Of a curve whose first member is active and whose last is collapsed.
    private static (double Low, double High, double Estimate) Crossing(MemberResult[] curve, double threshold)
    {
        var low = Array.FindIndex(curve, member => member.TopKl < threshold) - 1;
        var high = Array.FindLastIndex(curve, member => member.TopKl >= threshold) + 1;
        var (below, above) = (curve[low], curve[high]);
        if (high > low + 1) return (below.Rho, above.Rho, (below.Rho + above.Rho) / 2); // active and collapsed in turn: no finer word
        var (from, to) = (Math.Log(below.TopKl), Math.Log(Math.Max(LeastKl, above.TopKl)));
        var share = (from - Math.Log(threshold)) / (from - to);
        return (below.Rho, above.Rho, below.Rho + (share * (above.Rho - below.Rho)));
    }
}
