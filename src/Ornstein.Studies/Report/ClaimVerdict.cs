namespace Ornstein.Studies.Report;

/// <summary>What becomes of a claim.</summary>
internal enum ClaimOutcome
{
    Holds,
    Refuted,

    /// <summary>The runs show neither.</summary>
    NotShown,
}

/// <summary>A claim judged by its rule, for one order parameter of the top layer.</summary>
/// <param name="Says">The claim.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Parameter">What is followed along rho: <c>means</c>, <c>widths</c> or <c>KL</c>.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Similar">Pairs that are similar.</param>
/// <param name="Different">Pairs that differ, whatever lies between the rhos tried.</param>
/// <param name="Open">All others.</param>
internal sealed record ClaimVerdict(string Says, ClaimRule Rule, string Parameter, ClaimOutcome Outcome, int Similar, int Different, int Open)
{
    /// <summary>Judges a claim for every order parameter that the differences have of top layers.</summary>
    public static ClaimVerdict[] Of(StudyClaim? claim, IReadOnlyList<CriticalDifference> differences) => claim is null ? [] :
    [
        .. differences.Where(difference => difference.IsOfTop && difference.Axis == StudyFile.Singular(claim.Axis)).GroupBy(difference => difference.Parameter, StringComparer.Ordinal).Select(group =>
        {
            var similar = group.Count(difference => difference.Verdict == DifferenceVerdict.Similar);
            // One that is coarse rests on how curves are continued between the rhos tried.
            var different = group.Count(difference => difference is { Verdict: DifferenceVerdict.Differs, IsCoarse: false });
            var open = group.Count() - similar - different;
            return new ClaimVerdict(claim.Says, claim.Rule, group.Key, OutcomeOf(claim.Rule, similar, different, open), similar, different, open);
        }),
    ];

    /// <summary>The verdict in words.</summary>
    public string Sentence => $"{Outcome switch { ClaimOutcome.Holds => "holds", ClaimOutcome.Refuted => "is refuted", _ => "is not shown" }} by {(Parameter == "KL" ? "the KL" : $"information in {Parameter}")}: "
        + $"of {Similar + Different + Open} {(Similar + Different + Open == 1 ? "pair" : "pairs")} {Similar} similar, {Different} different, {Open} open";

    private static ClaimOutcome OutcomeOf(ClaimRule rule, int similar, int different, int open) => rule switch
    {
        ClaimRule.Similar => different > 0 ? ClaimOutcome.Refuted : open == 0 ? ClaimOutcome.Holds : ClaimOutcome.NotShown,
        _ => different > 0 ? ClaimOutcome.Holds : open == 0 ? ClaimOutcome.Refuted : ClaimOutcome.NotShown,
    };
}
