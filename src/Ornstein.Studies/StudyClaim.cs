namespace Ornstein.Studies;

/// <summary>What must be seen for a claim to hold.</summary>
internal enum ClaimRule
{
    /// <summary>All pairs of cells are similar within the study's margin; one that differs refutes it.</summary>
    Similar,

    /// <summary>At least one pair of cells differs; pairs that are all similar refute it.</summary>
    Differs,
}

/// <summary>A claim with the rule by which it is judged, written down before the runs.</summary>
/// <param name="Says">The claim, in words.</param>
/// <param name="Rule">The rule, for the top layer's transitions of the cells that differ in nothing but the axis.</param>
/// <param name="Axis">What the cells differ in: one of <see cref="StudyFile.Axes"/>.</param>
internal sealed record StudyClaim(string Says, ClaimRule Rule, string Axis);
