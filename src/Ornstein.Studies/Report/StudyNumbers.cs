using Ornstein.Studies.Claims;
using Ornstein.Studies.Numbers;

namespace Ornstein.Studies.Report;

/// <summary>A cell of which the report has no numbers.</summary>
internal sealed record MissingCell(string Cell, string Reason, string Command);

/// <summary>A claim of an experiment.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Verdicts">What becomes of it; empty while cells are missing, and where there is nothing to judge.</param>
internal sealed record JudgedClaim(StudyClaim Claim, ClaimVerdict[] Verdicts);

/// <summary>One experiment's numbers.</summary>
/// <param name="Claims">What the study file says that it is to show.</param>
internal sealed record ExperimentNumbers(string Experiment, string Question, CellNumbers[] Cells, MissingCell[] Missing, CriticalDifference[] Differences, JudgedClaim[] Claims);

/// <summary>All derived numbers: the content of <c>report.json</c>.</summary>
internal sealed record StudyNumbers(string Study, int Cells, int Missing, ExperimentNumbers[] Experiments)
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 3;
}
