using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Diagnosis;

/// <summary>
/// Predicts at which rho a layer collapses from the onset in the layer below: from models in which it is collapsed, and from a sweep, where
/// onset(rho) = rho. Exact for linear models at their optimum whose layer falls continuously, a guide for others.
/// </summary>
public static class CriticalRhoPrediction
{
    /// <summary>Both predictions of a layer.</summary>
    /// <param name="links">The link under the layer, of models over rho and seeds; at least one.</param>
    /// <param name="rule">The rule of the run.</param>
    public static LayerPrediction Of(IReadOnlyList<LinkDiagnosis> links, ActivityRule rule)
    {
        ArgumentNullException.ThrowIfNull(links);
        var means = By(Criterion.Means);
        return new LayerPrediction
        {
            Layer = links[0].Below.Layer + 1,
            FromCollapsed = means.FromCollapsed,
            FromCollapsedReason = means.FromCollapsedReason,
            FixedPoint = means.FixedPoint,
            FixedPointReason = means.FixedPointReason,
            LinearReadOut = By(Criterion.LinearReadOut),
            CodesInWidths = By(Criterion.Widths),
        };

        CriterionPrediction By(Criterion criterion)
        {
            var (collapsed, fixedPoint) = (FromCollapsed(links, rule, criterion), FixedPoint(links, rule, criterion));
            return new CriterionPrediction
            {
                FromCollapsed = collapsed.Predicted,
                FromCollapsedReason = collapsed.Reason,
                FixedPoint = fixedPoint.Predicted,
                FixedPointReason = fixedPoint.Reason,
            };
        }
    }

    /// <summary>
    /// From models in which the layer is collapsed, at best vanilla ones: the onset in the layer below, as it is there. Of each seed the
    /// model with the highest rho counts. Below layer 2 the onset does not depend on rho; in a linear model that of a higher layer falls
    /// with rho, so that this is a lower bound.
    /// </summary>
    /// <param name="links">One link of models over rho and seeds.</param>
    /// <param name="rule">The rule of the run.</param>
    /// <param name="criterion">Which code of the layer.</param>
    /// <returns>A prediction and no reason, or a reason and no prediction.</returns>
    public static (PredictedRho? Predicted, string? Reason) FromCollapsed(
        IReadOnlyList<LinkDiagnosis> links, ActivityRule rule, Criterion criterion = Criterion.Means)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(rule);
        // At rho 1 alone nothing is smoothed, and the rule holds; the rho that it would predict lies below.
        if (rule.ReasonBelowOne is { } without) return (null, without);
        if (Usable(links, criterion, out var curves) is { } reason) return (null, reason);
        if (rule.SmoothsQ) return (null, "cannot say: with q smoothed the onset depends on rho, so a sweep is needed");
        var found = new List<(double Rho, double Low, double High)>();
        foreach (var last in curves.Select(curve => curve[^1]))
        {
            var (below, above) = ($"z{last.Below.Layer}", $"z{last.Below.Layer + 1}");
            if (rule.IsCollapsed(last.Below)) return (null, $"cannot say: {below} itself is collapsed at{At(last)}");
            if (rule.Excess(last.Below, last.Rho, criterion) > 0) return (null, Active(last));
            if (last.MeasuredActive == true)
            {
                return (null, FormattableString.Invariant(
                    $"cannot say: {above} has a KL of {last.KlAbove:0.###} nats at{At(last)}, where the rule has it collapsed"));
            }

            var onset = ActivityRule.Onset(last.Below, criterion)!.Value; // usable links have one
            var error = double.IsFinite(onset.StandardError) ? onset.StandardError : 0;
            if (rule.RhoOfEffective(onset.Value, criterion) is not { } rho) return (null, "cannot say: with so few inner draws no rho smooths enough");
            var (low, high) = (Math.Max(0, onset.Value - error), Math.Min(1, onset.Value + error));
            found.Add((rho, rule.RhoOfEffective(low, criterion) ?? 0, rule.RhoOfEffective(high, criterion) ?? 1));
        }

        return (Over(found), null);
    }

    /// <summary>
    /// Any layer from a sweep: per seed the highest rho at which the onset in the layer below falls under rho, interpolated between grid
    /// points in the effective rho. Between grid points at which the layer jumps it is as coarse as the grid.
    /// </summary>
    /// <param name="links">One link of models over rho and seeds.</param>
    /// <param name="rule">The rule of the run.</param>
    /// <param name="criterion">Which code of the layer.</param>
    /// <returns>A prediction and no reason, or a reason and no prediction.</returns>
    public static (PredictedRho? Predicted, string? Reason) FixedPoint(
        IReadOnlyList<LinkDiagnosis> links, ActivityRule rule, Criterion criterion = Criterion.Means)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.ReasonBelowOne is { } without) return (null, without);
        if (Usable(links, criterion, out var curves) is { } reason) return (null, reason);
        if (curves.Any(curve => curve.Select(link => link.Rho).Distinct().Count() < 2))
            return (null, "cannot say: it needs models at two rhos");
        var found = new List<(double Rho, double Low, double High)>();
        foreach (var curve in curves)
        {
            var excess = Array.ConvertAll(curve, link => rule.Excess(link.Below, link.Rho, criterion));
            if (excess[^1] > 0) return (null, Active(curve[^1]));
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
            var (a, b) = (rule.EffectiveRho(from.Rho, criterion), rule.EffectiveRho(to.Rho, criterion));
            // What antithetic pairs leave of a width does not rise with rho everywhere.
            var rho = rule.RhoOfEffective(a + (part * (b - a)), criterion) ?? from.Rho;
            found.Add((Math.Clamp(rho, from.Rho, to.Rho), from.Rho, to.Rho));
        }

        return (Over(found), null);
    }

    // The links that the rule speaks of, by seed and then by rho; or why there are none.
    private static string? Usable(IReadOnlyList<LinkDiagnosis> links, Criterion criterion, out LinkDiagnosis[][] curves)
    {
        curves = [];
        if (Comparable.SeveralRemedies(links.Select(link => link.Remedy)) is { } several) return several;
        if (Different([.. links.Where(link => link.PredictedActive is not null)]) is { } different) return different;
        curves =
        [
            .. links.Where(link => link.PredictedActive is not null).GroupBy(link => link.Seed)
                .Select(seed => seed.OrderBy(link => link.Rho).ToArray()),
        ];
        var unknown = curves.SelectMany(curve => curve).FirstOrDefault(link => ActivityRule.Onset(link.Below, criterion) is null);
        if (unknown is not null) return unknown.Below.MomentReason ?? "cannot say: moments were not measured";
        if (curves.Length > 0) return null;
        return links.Count == 0 ? "cannot say: there is no model" : links[0].Reason ?? "cannot say: the rule says nothing of any model";
    }

    // Why models that the rule speaks of are no sweep over the rho of one link; null where nothing is against it.
    private static string? Different(LinkDiagnosis[] links)
    {
        if (links.Select(link => link.Below.Layer).Distinct().Count() > 1) return "cannot say: the links are of several layers, and a critical rho is that of one";
        if (links.Select(link => link.Below.Units.Length).Distinct().Count() > 1)
            return "cannot say: the layer below has another number of units in some models, and a critical rho is that of one architecture";
        // Under a single rho for all links, given once or for each of them, the others go along.
        string Others(LinkDiagnosis link) => link.RhoPerLink is { } rhos && rhos.Distinct().Count() > 1
            ? string.Join(':', rhos.Where((_, i) => i != link.Below.Layer - 1)) : "";
        return links.Select(Others).Distinct(StringComparer.Ordinal).Count() > 1
            ? "cannot say: the models differ in the rhos of other links too, so there is no single rho to vary"
            : Comparable.Twice(links.Select(link => (link.Rho, link.Seed)));
    }

    private static PredictedRho Over(List<(double Rho, double Low, double High)> seeds) => new()
    {
        Estimate = seeds.Average(seed => seed.Rho),
        Low = seeds.Min(seed => seed.Low),
        High = seeds.Max(seed => seed.High),
    };

    private static string Active(LinkDiagnosis last) => last.Rho == 1
        ? $"no transition: the rule has z{last.Below.Layer + 1} active at every rho"
        : $"cannot say: the rule has z{last.Below.Layer + 1} active up to{At(last)}; give higher rhos";

    private static string At(LinkDiagnosis link) => FormattableString.Invariant($" rho {link.Rho:0.######}");
}
