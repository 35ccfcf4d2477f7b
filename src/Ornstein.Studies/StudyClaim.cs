using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ornstein.Studies;

/// <summary>What must be seen for a claim to hold. The first two compare cells, and all others ask every seed of every cell.</summary>
internal enum ClaimRule
{
    /// <summary>All pairs of cells are similar within the study's margin; one that differs refutes it.</summary>
    Similar,

    /// <summary>At least one pair of cells differs; pairs that are all similar refute it.</summary>
    Differs,

    /// <summary>The top layer tells nothing of the data.</summary>
    Collapses,

    /// <summary>The top layer tells of the data in its means.</summary>
    Revives,

    /// <summary>As trained, the variance between two layers costs at least as much as the upper of them.</summary>
    CostlyAsTrained,

    /// <summary>So it does for the same weights without smoothing.</summary>
    CostlyUnsmoothed,

    /// <summary>The variance between two layers costs less than at rho 1.</summary>
    Reduces,

    /// <summary>Smoothing takes more off the variance than it takes off that of linear functions.</summary>
    Filters,

    /// <summary>From half of its most to nothing, the top layer's information in means falls within a short way.</summary>
    Drops,

    /// <summary>The importance-weighted bound of the unsmoothed model is better than at rho 1.</summary>
    Better,

    /// <summary>That of the smoothed generative model is.</summary>
    BetterSmoothed,
}

/// <summary>A claim with the rule by which it is judged, written down before the runs.</summary>
/// <param name="Says">The claim, in words.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Axis">What the cells differ in that are compared: one of <see cref="StudyFile.Axes"/>. Null for rules that ask seeds.</param>
internal sealed record StudyClaim(string Says, ClaimRule Rule, string? Axis)
{
    /// <summary>The layer whose transitions are compared, from 2; null for the top layer of every cell.</summary>
    public int? Layer { get; init; }

    /// <summary>The rho at which seeds are asked; null for rules that need none.</summary>
    public double? At { get; init; }

    /// <summary>Whether its rule compares cells; else it asks every seed of each.</summary>
    [JsonIgnore]
    public bool ComparesCells => IsPairRule(Rule);

    /// <summary>Whether a rule compares cells.</summary>
    public static bool IsPairRule(ClaimRule rule) => rule is ClaimRule.Similar or ClaimRule.Differs;

    /// <summary>Whether a rule asks at one rho.</summary>
    public static bool NeedsRho(ClaimRule rule) => !IsPairRule(rule) && rule != ClaimRule.Drops;

    /// <summary>A rule as study files write it.</summary>
    public static string NameOf(ClaimRule rule) => JsonNamingPolicy.KebabCaseLower.ConvertName($"{rule}");
}
