using Ornstein.Results;

namespace Ornstein.Diagnosis;

/// <summary>
/// Predicts at which rho a layer collapses from the share of signal s in the layer below: from models in which it is collapsed, and from a
/// sweep, where s(rho) = rho. Exact for linear models at their optimum whose layer falls continuously, a guide for others.
/// </summary>
public static class CriticalRhoPrediction
{
    /// <summary>Both predictions of a layer.</summary>
    /// <param name="links">The link under the layer, of models over rho and seeds; at least one.</param>
    /// <param name="rule">The rule of the run.</param>
    public static LayerPrediction Of(IReadOnlyList<LinkDiagnosis> links, ActivityRule rule)
    {
        ArgumentNullException.ThrowIfNull(links);
        var (collapsed, fixedPoint) = (FromCollapsed(links, rule), FixedPoint(links, rule));
        return new LayerPrediction
        {
            Layer = links[0].Below.Layer + 1,
            FromCollapsed = collapsed.Predicted,
            FromCollapsedReason = collapsed.Reason,
            FixedPoint = fixedPoint.Predicted,
            FixedPointReason = fixedPoint.Reason,
        };
    }

    /// <summary>
    /// Layer 2 from models in which it is collapsed: s_1 does not depend on rho there. Of each seed the model with the highest rho counts.
    /// </summary>
    /// <param name="links">The lowest link of models over rho and seeds.</param>
    /// <param name="rule">The rule of the run.</param>
    /// <returns>A prediction and no reason, or a reason and no prediction.</returns>
    public static (PredictedRho? Predicted, string? Reason) FromCollapsed(IReadOnlyList<LinkDiagnosis> links, ActivityRule rule)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(rule);
        if (Usable(links, out var curves) is { } reason) return (null, reason);
        if (curves[0][0].Below.Layer > 1) return (null, $"cannot say: the share of z{curves[0][0].Below.Layer} depends on rho, so a sweep is needed");
        var found = new List<(double Rho, double Low, double High)>();
        foreach (var curve in curves)
        {
            var last = curve[^1];
            if (rule.IsCollapsed(last.Below)) return (null, $"cannot say: z1 itself is collapsed at{At(last)}");
            if (last.PredictedActive == true) return (null, $"cannot say: by the rule z2 is active at{At(last)}; give higher rhos");
            if (last.MeasuredActive == true)
            {
                return (null, FormattableString.Invariant(
                    $"cannot say: z2 has a KL of {last.KlAbove:0.###} nats at{At(last)}, where linear theory has it collapsed"));
            }

            var share = last.Below.Principal[0];
            double? Rho(double s) => rule.RhoOfEffective(Onset(s, rule));
            if (Rho(share.Value) is not { } rho)
                return (null, "cannot say: with so few inner draws no rho smooths enough");
            var error = double.IsFinite(share.StandardError) ? share.StandardError : 0;
            found.Add((rho, Rho(Math.Max(0, share.Value - error)) ?? 0, Rho(Math.Min(1 - 1e-12, share.Value + error)) ?? rho));
        }

        return (new PredictedRho { Estimate = found.Average(f => f.Rho), Low = found.Min(f => f.Low), High = found.Max(f => f.High) }, null);
    }

    /// <summary>
    /// Any layer from a sweep: per seed the highest rho at which the share of the layer below falls under rho, interpolated between grid
    /// points in the effective rho. Between grid points at which the layer jumps it is as coarse as the grid.
    /// </summary>
    /// <param name="links">One link of models over rho and seeds.</param>
    /// <param name="rule">The rule of the run.</param>
    /// <returns>A prediction and no reason, or a reason and no prediction.</returns>
    public static (PredictedRho? Predicted, string? Reason) FixedPoint(IReadOnlyList<LinkDiagnosis> links, ActivityRule rule)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(rule);
        if (Usable(links, out var curves) is { } reason) return (null, reason);
        if (curves.Any(curve => curve.Select(link => link.Rho).Distinct().Count() < 2)) return (null, "cannot say: it needs models at two rhos");
        var found = new List<(double Rho, double Low, double High)>();
        foreach (var curve in curves)
        {
            var excess = Array.ConvertAll(curve, link => rule.Excess(link.Below, link.Rho));
            if (excess[^1] > 0) return (null, $"cannot say: the rule has the layer active up to {At(curve[^1]).TrimStart()}; give higher rhos");
            var low = Array.FindLastIndex(excess, value => value > 0);
            if (low < 0)
            {
                return (null, rule.IsCollapsed(curve[0].Below)
                    ? $"cannot say: z{curve[0].Below.Layer} itself is collapsed at every rho"
                    : $"cannot say: the rule has the layer collapsed at every rho, down to{At(curve[0])}");
            }

            var (from, to) = (curve[low], curve[low + 1]);
            if (rule.IsCollapsed(to.Below)) return (null, $"cannot say: z{to.Below.Layer} itself collapses between{At(from)} and{At(to)}");
            var part = excess[low] / (excess[low] - excess[low + 1]);
            var (a, b) = (rule.EffectiveRho(from.Rho), rule.EffectiveRho(to.Rho));
            found.Add((rule.RhoOfEffective(a + (part * (b - a))) ?? from.Rho, from.Rho, to.Rho));
        }

        return (new PredictedRho { Estimate = found.Average(f => f.Rho), Low = found.Min(f => f.Low), High = found.Max(f => f.High) }, null);
    }

    // The links that the rule speaks of, by seed and then by rho; or why there are none.
    private static string? Usable(IReadOnlyList<LinkDiagnosis> links, out LinkDiagnosis[][] curves)
    {
        curves =
        [
            .. links.Where(link => link.PredictedActive is not null).GroupBy(link => link.Seed)
                .Select(seed => seed.OrderBy(link => link.Rho).ToArray()),
        ];
        if (curves.Length > 0) return null;
        return links.Count == 0 ? "cannot say: there is no model" : links[0].Reason ?? "cannot say: the rule says nothing of any model";
    }

    // The effective rho at which the excess of a share that stays as it is crosses zero; falling in rho, so halving finds it.
    private static double Onset(double share, ActivityRule rule)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (rule.Excess(share, middle) > 0) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static string At(LinkDiagnosis link) => FormattableString.Invariant($" rho {link.Rho:0.######}");
}
