using Ornstein.Results;
using Ornstein.Studies.Numbers;
using Ornstein.Transitions;

namespace Ornstein.Studies.Claims;

/// <summary>
/// What a seed must show to speak for a claim, and what to speak against it. Whatever is neither, such as a number that is missing or whose error is larger than
/// what it is held against, speaks for nothing.
/// </summary>
internal static class SeedRules
{
    /// <summary>Nats that a layer tells at most, with two standard errors, to be called collapsed: the threshold of <see cref="TransitionOptions.CollapseThreshold"/>.</summary>
    public const double Nothing = 0.05;

    /// <summary>Distance in rho within which a drop goes from half to nothing.</summary>
    public const double Short = 0.04;

    /// <summary>Share of what linear functions keep of their variance.</summary>
    public const double LinearShare = 0.9;

    private const double SameRho = 1e-9;

    /// <summary>The questions of a rule to one cell.</summary>
    /// <param name="claim">A claim whose rule asks seeds.</param>
    /// <param name="cell">The cell.</param>
    public static IEnumerable<SeedQuestion> Questions(StudyClaim claim, CellNumbers cell)
    {
        var top = cell.Layers - 1;
        var at = claim.At ?? double.NaN;
        SeedQuestion Ask(string about, Func<MemberResult?, MemberResult?, SeedVote> vote) =>
            SeedQuestion.Of(cell.Cell, about, [.. cell.Asked.Select(seed => vote(Of(cell, at, seed), Of(cell, 1, seed)))]);
        IEnumerable<SeedQuestion> OfEveryLink(Func<MemberResult, MemberResult?, int, SeedVote> vote) =>
            Enumerable.Range(0, top).Select(layer => Ask($"z{layer + 1}", (there, vanilla) => there is null ? SeedVote.Neither : vote(there, vanilla, layer)));
        return claim.Rule switch
        {
            ClaimRule.Collapses => [Ask("", (there, _) => there is null ? SeedVote.Neither : Collapses(there, top, GrowthOf(cell, at, there.Seed)))],
            ClaimRule.Revives => [Ask("", (there, vanilla) => Revives(there, vanilla, top))],
            ClaimRule.CostlyAsTrained => OfEveryLink((there, _, layer) => Costly(there.KlParts, there.Kl, layer)),
            ClaimRule.CostlyUnsmoothed => OfEveryLink((there, _, layer) => Costly(there.UnsmoothedKlParts, there.UnsmoothedKl, layer)),
            ClaimRule.Reduces => OfEveryLink(Reduces),
            ClaimRule.Filters => OfEveryLink((there, _, layer) => Filters(there, layer, cell.Draws)),
            ClaimRule.Drops => [SeedQuestion.Of(cell.Cell, "", [.. cell.Asked.Select(seed => Drops(Array.Find(cell.Drops, drop => drop.Seed == seed)))])],
            ClaimRule.Better => [Ask("", (there, vanilla) => Better(there, vanilla, bounds => bounds.ImportanceWeighted))],
            ClaimRule.BetterSmoothed => [Ask("", (there, vanilla) => Better(there, vanilla, bounds => bounds.SmoothedGenerativeImportanceWeighted))],
            _ => throw new InvalidOperationException($"{claim.Rule} compares cells."),
        };
    }

    /// <summary>When a seed speaks for a claim, and when against it.</summary>
    public static string Explanation(ClaimRule rule) => rule switch
    {
        ClaimRule.Collapses => "A seed speaks for it where its top layer tells less than 0.05 nats of the data, two standard errors added, has the verdict collapsed, and would stay below that KL "
            + "for as many epochs again at the highest rate that two standard errors allow; against it, where the layer is alive in means or in widths.",
        ClaimRule.Revives => "A seed speaks for it where its top layer is alive in means there and is not at ρ = 1; against it, where it is not alive in means there. Not alive: less than 0.05 nats, two standard errors added.",
        ClaimRule.CostlyAsTrained or ClaimRule.CostlyUnsmoothed => "A seed speaks for it where the variance part of a layer's KL is at least the KL of the layer above, so that what that layer tells costs at least "
            + "twice its KL; against it, where it is less. Seeds whose layer above has a KL below 0.05 nats say nothing.",
        ClaimRule.Reduces => "A seed speaks for it where the variance part of a layer's KL, as trained there, is less than that of the same seed trained at ρ = 1, by more than two standard errors; against it, where it is more by as much.",
        ClaimRule.Filters => "A seed speaks for it where the variance as trained is less than 0.9 of what smoothing leaves of a linear function's, ρ² + (1 - ρ²) / K of that of the same weights without smoothing; "
            + "against it, where it is more. Variances below 0.05 nats say nothing.",
        ClaimRule.Drops => "A seed speaks for it where its top layer has at least half of its most information in means at a ρ, and at another no more than 0.04 above it tells nothing from there on, with a KL below 0.01 nats; "
            + "against it, where the ρ tried show that this takes more than 0.04.",
        ClaimRule.Better or ClaimRule.BetterSmoothed => "A seed speaks for it where its bound is higher than that of the same seed at ρ = 1; against it, where it is lower.",
        _ => throw new InvalidOperationException($"{rule} compares cells."),
    };

    private static MemberResult? Of(CellNumbers cell, double rho, long seed) => Array.Find(cell.Members, member => Math.Abs(member.Rho - rho) < SameRho && member.Seed == seed);

    private static SeedGrowth? GrowthOf(CellNumbers cell, double rho, long seed) =>
        cell.Training.Where(line => Math.Abs(line.Rho - rho) < SameRho).SelectMany(line => line.Seeds).FirstOrDefault(growth => growth.Seed == seed);

    // Alive in means, not alive, or null where that is not known.
    private static bool? IsAlive(MemberResult member, int layer) => member.MeanInformation is not { } means || layer >= means.Length ? null
        : SeedDrop.Tells(member, layer) ? true
        : means[layer].Value + (2 * means[layer].StandardError) < Nothing ? false : null;

    private static SeedVote Collapses(MemberResult member, int layer, SeedGrowth? growth)
    {
        if (member is not { Verdicts: { } verdicts, Information: { } information } || layer >= verdicts.Length || layer >= information.Length) return SeedVote.Neither;
        if (verdicts[layer] is LayerVerdict.AliveInMeans or LayerVerdict.AliveInWidths or LayerVerdict.Both) return SeedVote.Against;
        var isNothing = verdicts[layer] == LayerVerdict.Collapsed && information[layer].Value + (2 * information[layer].StandardError) < Nothing;
        return isNothing && growth is { CouldWake: false } ? SeedVote.For : SeedVote.Neither;
    }

    private static SeedVote Revives(MemberResult? there, MemberResult? vanilla, int layer) => (there is null ? null : IsAlive(there, layer), vanilla is null ? null : IsAlive(vanilla, layer)) switch
    {
        (true, false) => SeedVote.For,
        (false, not null) => SeedVote.Against,
        _ => SeedVote.Neither,
    };

    private static SeedVote Costly(KlParts[]? parts, double[] kl, int layer)
    {
        if (PartOf(parts, layer) is not { } part || !(kl[layer + 1] >= Nothing)) return SeedVote.Neither;
        return part.Variance >= kl[layer + 1] ? SeedVote.For : SeedVote.Against;
    }

    private static SeedVote Reduces(MemberResult there, MemberResult? vanilla, int layer)
    {
        if (PartOf(there.KlParts, layer) is not { } part || PartOf(vanilla?.KlParts, layer) is not { } before) return SeedVote.Neither;
        var difference = part.Variance - before.Variance;
        var error = 2 * Math.Sqrt(Math.Pow(part.VarianceError, 2) + Math.Pow(before.VarianceError, 2));
        return difference < -error ? SeedVote.For : difference > error ? SeedVote.Against : SeedVote.Neither;
    }

    // Of an affine mean with K draws around rho z; theory.md, "Inner draws".
    private static SeedVote Filters(MemberResult there, int layer, int draws)
    {
        if (PartOf(there.KlParts, layer) is not { } part || PartOf(there.UnsmoothedKlParts, layer) is not { Variance: >= Nothing } without) return SeedVote.Neither;
        var square = there.Rho * there.Rho;
        return part.Variance < LinearShare * (square + ((1 - square) / draws)) * without.Variance ? SeedVote.For : SeedVote.Against;
    }

    private static KlParts? PartOf(KlParts[]? parts, int layer) => parts is not null && layer < parts.Length && double.IsFinite(parts[layer].Variance) ? parts[layer] : null;

    private static SeedVote Drops(SeedDrop? drop) => drop is null ? SeedVote.Neither
        : drop.Most <= Short + SameRho ? SeedVote.For
        : drop.Least > Short + SameRho ? SeedVote.Against : SeedVote.Neither;

    private static SeedVote Better(MemberResult? there, MemberResult? vanilla, Func<MemberBounds, Estimate> bound)
    {
        if (there?.Bounds is not { } reached || vanilla?.Bounds is not { } before) return SeedVote.Neither;
        var gain = bound(reached).Value - bound(before).Value;
        return gain > 0 ? SeedVote.For : gain < 0 ? SeedVote.Against : SeedVote.Neither;
    }
}
