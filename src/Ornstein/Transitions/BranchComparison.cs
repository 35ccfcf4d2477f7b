using System.Globalization;
using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>Tells what two branches of a top layer come to at every rho, and where the collapsed state loses its stability.</summary>
public static class BranchComparison
{
    /// <summary>The state of one rho and seed.</summary>
    /// <param name="fromAlive">Information from the alive root.</param>
    /// <param name="fromCollapsed">Information from the collapsed root.</param>
    /// <param name="growth">Growth rate from the collapsed root.</param>
    /// <param name="drift">Rate at the end of the alive branch.</param>
    public static BranchState StateOf(Estimate fromAlive, Estimate fromCollapsed, Estimate growth, Estimate drift)
    {
        if (!double.IsFinite(fromAlive.Value) || !double.IsFinite(fromCollapsed.Value)) return BranchState.Unknown;
        var (alive, other) = (CodeLocator.IsAlive(fromAlive), CodeLocator.IsAlive(fromCollapsed));
        if (alive == other) return alive ? BranchState.Alive : BranchState.Collapsed;
        if (other) return BranchState.Undecided;
        if (SignOf(growth) > 0) return BranchState.Growing;
        if (SignOf(drift) < 0) return BranchState.Falling;
        return SignOf(growth) < 0 && double.IsFinite(drift.Value) ? BranchState.TwoStates : BranchState.Undecided;
    }

    /// <summary>Where the growth rate of the collapsed state is zero.</summary>
    /// <param name="points">Every rho with every seed, each once.</param>
    public static StabilityLimit LimitOf(IReadOnlyList<BranchPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        BranchPoint[][] seeds = [.. points.Where(point => double.IsFinite(point.FromCollapsed.Value)).GroupBy(point => point.Seed)
            .Select(seed => seed.OrderBy(point => point.Rho).ToArray())];
        static double? Known(double rho) => double.IsFinite(rho) ? rho : null;
        SeedLimit[] limits = [.. seeds.Select(seed => new SeedLimit(seed[0].Seed, Zero(seed)) { Low = Known(UnstableUpTo(seed)), High = Known(StableFrom(seed)) })];
        StabilityLimit Without(string reason) => new() { Seeds = limits, Reason = reason };
        if (Comparable.Twice(points.Select(point => (point.Rho, point.Seed))) is { } twice) return Without(twice);
        if (seeds.Length == 0) return Without("cannot say: no model began with a collapsed top layer");
        var rhos = seeds.SelectMany(seed => seed).Select(point => point.Rho).Distinct().Order().ToArray();
        if (rhos.Length == 1) return Without("cannot say: a limit needs at least two different rhos");
        if (Array.TrueForAll(seeds, seed => Array.TrueForAll(seed, IsStable)))
            return Without($"it stays at every rho tried, from {Text(rhos[0])} on");
        if (Array.TrueForAll(seeds, seed => Array.TrueForAll(seed, IsUnstable)))
            return Without($"it is left at every rho tried, up to {Text(rhos[^1])}");
        var (low, high) = (seeds.Min(UnstableUpTo), seeds.Max(StableFrom));
        var reason = double.IsNegativeInfinity(low)
            ? $"cannot say up to where it is left: at rho {Text(rhos[0])} not every seed surely leaves it; train longer, or try a lower rho"
            : double.IsPositiveInfinity(high)
            ? $"cannot say from where on it stays: at rho {Text(rhos[^1])} not every seed surely does; train longer, or try a higher rho" : null;
        return new StabilityLimit
        {
            Seeds = limits, Low = Known(low), High = Known(high), Reason = reason,
        };
    }

    // 1, -1, or 0 where two standard errors leave both open.
    private static int SignOf(Estimate rate) => !double.IsFinite(rate.Value) || !(Math.Abs(rate.Value) > 2 * rate.StandardError) ? 0 : Math.Sign(rate.Value);

    // What was left, or is surely being left.
    private static bool IsUnstable(BranchPoint point) => CodeLocator.IsAlive(point.FromCollapsed) || SignOf(point.Growth) > 0;

    // Where what began alive came down to it, or it surely comes back to itself.
    private static bool IsStable(BranchPoint point) => !IsUnstable(point) && (point.State == BranchState.Collapsed || SignOf(point.Growth) < 0);

    private static double UnstableUpTo(BranchPoint[] seed) =>
        seed.TakeWhile(IsUnstable).Select(point => point.Rho).DefaultIfEmpty(double.NegativeInfinity).Last();

    private static double StableFrom(BranchPoint[] seed) =>
        seed.Reverse().TakeWhile(IsStable).Select(point => point.Rho).DefaultIfEmpty(double.PositiveInfinity).Last();

    // Between the highest rho whose rate is above zero and the next.
    private static double Zero(BranchPoint[] seed)
    {
        BranchPoint[] known = [.. seed.Where(point => double.IsFinite(point.Growth.Value))];
        var last = Array.FindLastIndex(known, point => point.Growth.Value > 0);
        if (last < 0 || last == known.Length - 1) return double.NaN;
        var (low, high) = (known[last], known[last + 1]);
        return low.Rho + ((high.Rho - low.Rho) * low.Growth.Value / (low.Growth.Value - high.Growth.Value));
    }

    private static string Text(double rho) => rho.ToString("0.###", CultureInfo.InvariantCulture);
}
