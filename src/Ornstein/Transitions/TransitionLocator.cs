using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>
/// Finds where the KL of every layer above the first drops to zero along rho. Each seed's curve gives a critical rho (see docs/theory.md,
/// "Locating a transition"); the estimate is their mean, its confidence interval a bootstrap over seeds, and [low, high] are the grid points
/// that span the drop of every seed. Where the curves do not show a drop, the reason is said and no number is given.
/// </summary>
public static class TransitionLocator
{
    /// <summary>The critical rho of the top layer, or the reason why there is none.</summary>
    /// <param name="members">Members that differ in rho and seed alone, else a reason is all there is; those that diverged are left out.</param>
    /// <param name="options">When a layer counts as collapsed.</param>
    /// <returns>A critical rho and no reason, or a reason and no critical rho.</returns>
    /// <exception cref="OrnsteinException">An option is out of range.</exception>
    public static (CriticalRho? Critical, string? Reason) Locate(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (Comparable.ReasonAgainst(members) is { } reason) return (null, reason);
        if (members.Any(member => member.Kl.Length == 1)) return (null, "no transition: a model of one layer has no function to smooth");
        var layers = Layers(members, options);
        if (layers.Count == 0) return (null, "cannot say: there is no model");
        if (layers[^1].Drop is not { } drop) return (null, layers[^1].Reason);
        return (new CriticalRho
        {
            Estimate = drop.Estimate,
            Low = drop.Low,
            High = drop.High,
            ConfidenceLow = drop.ConfidenceLow,
            ConfidenceHigh = drop.ConfidenceHigh,
            Sharpness = drop.Sharpness,
            TopLayerKlBelow = drop.KlBelow,
            TopLayerKlAbove = drop.KlAbove,
        }, null);
    }

    /// <summary>The drop of every layer from the second, z2 first.</summary>
    /// <param name="members">Members that differ in rho and seed alone, else a reason is all there is; those that diverged are left out.</param>
    /// <param name="options">When a layer counts as collapsed.</param>
    /// <exception cref="OrnsteinException">An option is out of range.</exception>
    public static IReadOnlyList<LayerCollapse> Layers(IReadOnlyList<MemberResult> members, TransitionOptions options)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var layers = members.Select(member => member.Kl.Length).DefaultIfEmpty(0).Max();
        return [.. Enumerable.Range(2, Math.Max(0, layers - 1)).Select(layer => Layer(members, layer, layer == layers, options))];
    }

    private static LayerCollapse Layer(IReadOnlyList<MemberResult> members, int layer, bool isTop, TransitionOptions options)
    {
        var name = isTop ? "the top layer" : $"layer z{layer}";
        if (Comparable.ReasonAgainst(members) is { } different) return Without(layer, different);
        var valid = members.Where(member => member.Kl.Length >= layer && double.IsFinite(member.Kl[layer - 1])).ToArray();
        if (valid.Length == 0) return Without(layer, "cannot say: every member diverged");
        double[] tried = [.. members.Select(member => member.Rho).Distinct().Order()];
        if (tried.Length < 2) return Without(layer, "cannot say: a transition needs at least two different rhos");
        // A curve without its upper end would be taken for one that does not fall.
        var whole = valid.GroupBy(member => member.Seed)
            .Where(seed => seed.Any(member => member.Rho == tried[^1]) && seed.Any(member => member.Rho != tried[^1]))
            .SelectMany(seed => seed).ToArray();
        if (whole.Length == 0) return Without(layer, FormattableString.Invariant($"cannot say: the members at rho {tried[^1]} diverged, or all others"));
        var curves = Curves(whole, member => member.Kl[layer - 1], options.CollapseThreshold);
        if (NoDrop(curves, name, tried, options.CollapseThreshold) is { } reason) return Without(layer, reason);
        return new LayerCollapse { Layer = layer, Drop = DropOf(curves, whole, layer, options), Units = Units(whole, layer, options) };
    }

    private static LayerCollapse Without(int layer, string reason) => new() { Layer = layer, Reason = reason };

    private static KlCurve[] Curves(IEnumerable<MemberResult> members, Func<MemberResult, double> kl, double threshold) =>
        [.. members.GroupBy(member => member.Seed).Select(seed => new KlCurve(seed.Key, seed.Select(m => (m.Rho, kl(m))), threshold))];

    private static string? NoDrop(KlCurve[] curves, string layer, double[] tried, double threshold)
    {
        var (lowest, highest) = (tried[0], tried[^1]);
        if (Array.TrueForAll(curves, curve => curve.Course == KlCourse.NeverActive))
        {
            return FormattableString.Invariant($"no transition: {layer}'s KL is below {threshold} nats at every rho{(lowest > 0 ? FormattableString.Invariant($"; below {lowest} was not tried") : "")}");
        }

        if (Array.TrueForAll(curves, curve => curve.Course == KlCourse.NeverFalls))
        {
            return FormattableString.Invariant($"no transition: {layer}'s KL is above {threshold} nats up to rho {highest}{(highest < 1 ? "; higher was not tried" : "")}");
        }

        if (Array.TrueForAll(curves, curve => curve.Course == KlCourse.Falls)) return null;
        var courses = curves.GroupBy(curve => curve.Course).OrderByDescending(group => group.Key)
            .Select(group => $"{Words(group.Key)} with seed {string.Join(", ", group.Select(curve => curve.Seed))}");
        return $"cannot say: the seeds disagree: {layer} {string.Join(", ", courses)}; train longer or with more seeds";
    }

    private static string Words(KlCourse course) => course switch
    {
        KlCourse.Falls => "falls",
        KlCourse.NeverFalls => "is active at the highest rho",
        KlCourse.NeverActive => "is collapsed at every rho",
        _ => throw new InvalidOperationException($"{course} is no course of a KL."),
    };

    private static Drop DropOf(KlCurve[] curves, MemberResult[] valid, int layer, TransitionOptions options)
    {
        var (low, high) = (curves.Min(curve => curve.Low), curves.Max(curve => curve.High));
        var estimates = curves.Select(curve => curve.Critical).ToArray();
        var interval = SeedBootstrap.Interval(estimates, options.Resamples);
        double Kl(double rho) => valid.Where(member => member.Rho == rho).Average(member => member.Kl[layer - 1]);
        return new Drop(
            estimates.Average(), low, high, InRange(interval?.Low), InRange(interval?.High), curves.Average(curve => curve.Sharpness), Kl(low), Kl(high),
            curves.Max(curve => curve.ActiveFrom), curves.Length);
    }

    private static double? InRange(double? rho) => rho is { } value ? Math.Clamp(value, 0, 1) : null;

    // The k-th largest of a layer's units, whichever unit that is: no unit has to be recognised from one rho to the next.
    private static UnitDrop?[]? Units(MemberResult[] valid, int layer, TransitionOptions options)
    {
        var count = valid[0].UnitKl?.ElementAtOrDefault(layer - 1)?.Length;
        if (count is null || Array.Exists(valid, member => member.UnitKl?.ElementAtOrDefault(layer - 1)?.Length != count)) return null;
        MemberResult[] sorted =
            [.. valid.Select(member => member with { UnitKl = [.. member.UnitKl!.Select(units => units.OrderDescending().ToArray())] })];
        return
        [
            .. Enumerable.Range(0, count.Value).Select(rank =>
            {
                var curves = Curves(sorted, member => member.UnitKl![layer - 1][rank], options.UnitThreshold);
                return Array.TrueForAll(curves, curve => curve.Course == KlCourse.Falls)
                    ? new UnitDrop(curves.Average(curve => curve.Critical), curves.Min(curve => curve.Low), curves.Max(curve => curve.High))
                    : null;
            }),
        ];
    }
}
