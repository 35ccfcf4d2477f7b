using System.Text.Json.Serialization;
using Ornstein.Studies.Numbers;

namespace Ornstein.Studies.Claims;

/// <summary>What becomes of a claim.</summary>
internal enum ClaimOutcome
{
    Holds,
    Refuted,

    /// <summary>The runs show neither.</summary>
    NotShown,
}

/// <summary>A claim judged by its rule.</summary>
/// <param name="Claim">The claim with its rule.</param>
/// <param name="Parameter">What is followed along rho where cells are compared: <c>means</c>, <c>widths</c> or <c>KL</c>; null where seeds are asked.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="For">Pairs of cells, or questions to the seeds of a cell, that speak for it.</param>
/// <param name="Against">Those that speak against it.</param>
/// <param name="Open">All others.</param>
internal sealed record ClaimVerdict([property: JsonIgnore] StudyClaim Claim, string? Parameter, ClaimOutcome Outcome, int For, int Against, int Open)
{
    /// <summary>What the seeds said; empty where cells are compared.</summary>
    public SeedQuestion[] Questions { get; init; } = [];

    /// <summary>Whether this is what the claim stands or falls by: information in means, where there are several.</summary>
    public bool IsMain => Parameter != "widths";

    /// <summary>Judges a claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cells">All cells of its experiment.</param>
    /// <param name="differences">The differences between them.</param>
    /// <returns>A verdict for everything that is followed along rho, or one; none where there is nothing to judge.</returns>
    public static ClaimVerdict[] Of(StudyClaim claim, IReadOnlyList<CellNumbers> cells, IReadOnlyList<CriticalDifference> differences) =>
        claim.ComparesCells ? OfPairs(claim, differences) : OfSeeds(claim, cells);

    /// <summary>The verdict in words.</summary>
    public string Sentence
    {
        get
        {
            var all = For + Against + Open;
            var outcome = Outcome switch { ClaimOutcome.Holds => "holds", ClaimOutcome.Refuted => "is refuted", _ => "is not shown" };
            if (!Claim.ComparesCells) return $"{outcome}: of {all} {(all == 1 ? "question" : "questions")} {For} for it, {Against} against it, {Open} open";
            var (similar, different) = Claim.Rule == ClaimRule.Similar ? (For, Against) : (Against, For);
            return $"{outcome} by {(Parameter == "KL" ? "the KL" : $"information in {Parameter}")}: of {all} {(all == 1 ? "pair" : "pairs")} {similar} similar, {different} different, {Open} open";
        }
    }

    private static ClaimVerdict[] OfPairs(StudyClaim claim, IReadOnlyList<CriticalDifference> differences)
    {
        var isSimilar = claim.Rule == ClaimRule.Similar;
        var layer = claim.Layer is { } own ? $"z{own}" : CriticalDifference.Top;
        var axis = StudyFile.Singular(claim.Axis!);
        return
        [
            .. differences.Where(difference => difference.Is(layer) && difference.Axis == axis).GroupBy(difference => difference.Parameter, StringComparer.Ordinal).Select(group =>
            {
                var similar = group.Count(difference => difference.Verdict == DifferenceVerdict.Similar);
                // One that is coarse rests on how curves are continued between the rhos tried.
                var different = group.Count(difference => difference is { Verdict: DifferenceVerdict.Differs, IsCoarse: false });
                var open = group.Count() - similar - different;
                return isSimilar ? new ClaimVerdict(claim, group.Key, different > 0 ? ClaimOutcome.Refuted : open == 0 ? ClaimOutcome.Holds : ClaimOutcome.NotShown, similar, different, open)
                    : new ClaimVerdict(claim, group.Key, different > 0 ? ClaimOutcome.Holds : open == 0 ? ClaimOutcome.Refuted : ClaimOutcome.NotShown, different, similar, open);
            }),
        ];
    }

    // Of a layer that no seed can say anything of nothing is claimed, where another layer of the cell answers. A cell without an answer is open, and keeps the claim from holding.
    private static SeedQuestion[] Asked(SeedQuestion[] ofCell) => Array.TrueForAll(ofCell, question => question.IsSilent) ? ofCell : [.. ofCell.Where(question => !question.IsSilent)];

    // All must hold, each by itself; one against it is to be none by chance, of however many are asked.
    private static ClaimVerdict[] OfSeeds(StudyClaim claim, IReadOnlyList<CellNumbers> cells)
    {
        SeedQuestion[] questions = [.. cells.SelectMany(cell => Asked([.. SeedRules.Questions(claim, cell)]))];
        if (questions.All(question => question.IsSilent)) return [];
        var holds = questions.Count(question => SignTest.Shows(question.For, question.Seeds));
        var against = questions.Count(question => SignTest.Shows(question.Against, question.Seeds, questions.Length));
        var outcome = against > 0 ? ClaimOutcome.Refuted : holds == questions.Length ? ClaimOutcome.Holds : ClaimOutcome.NotShown;
        return [new ClaimVerdict(claim, null, outcome, holds, against, questions.Length - holds - against) { Questions = questions }];
    }
}
