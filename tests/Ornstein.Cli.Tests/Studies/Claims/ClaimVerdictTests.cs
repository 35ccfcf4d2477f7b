using Ornstein.Cli.Tests.Studies.Numbers;
using Ornstein.Studies;
using Ornstein.Studies.Claims;
using Ornstein.Studies.Numbers;
using Ornstein.Studies.Report;

namespace Ornstein.Cli.Tests.Studies.Claims;

/// <summary>A claim is judged by the rule that was written down, and by nothing else.</summary>
public class ClaimVerdictTests
{
    [Theory]
    [InlineData(true, "ss", nameof(ClaimOutcome.Holds))]
    [InlineData(true, "sn", nameof(ClaimOutcome.NotShown))]
    [InlineData(true, "sc", nameof(ClaimOutcome.NotShown))]
    [InlineData(true, "sr", nameof(ClaimOutcome.NotShown))] // by how curves go on between the rhos tried
    [InlineData(false, "sr", nameof(ClaimOutcome.NotShown))]
    [InlineData(true, "snd", nameof(ClaimOutcome.Refuted))]
    [InlineData(false, "snd", nameof(ClaimOutcome.Holds))]
    [InlineData(false, "ss", nameof(ClaimOutcome.Refuted))]
    [InlineData(false, "sn", nameof(ClaimOutcome.NotShown))]
    public void Of_Differences_FollowsTheRule(bool similar, string verdicts, string outcome)
    {
        var claim = new StudyClaim("They are.", similar ? ClaimRule.Similar : ClaimRule.Differs, "models");
        var verdict = Assert.Single(ClaimVerdict.Of(claim, [], [.. verdicts.Select(letter => Difference("top", "means", letter)), Difference("z2", "means", 'd'), Difference("top", "means", 'd', "data")]));
        Assert.Equal((outcome, "means"), ($"{verdict.Outcome}", verdict.Parameter));
        Assert.Equal(verdicts.Length, verdict.For + verdict.Against + verdict.Open); // lower layers and other axes are no part of it
    }

    [Fact]
    public void Of_MeansAndWidths_AreJudgedApart()
    {
        var verdicts = ClaimVerdict.Of(new StudyClaim("They are.", ClaimRule.Similar, "models"), [], [Difference("top", "means", 's'), Difference("top", "widths", 'd')]);
        Assert.Equal([true, false], verdicts.Select(verdict => verdict.IsMain));
        Assert.Equal([("means", ClaimOutcome.Holds), ("widths", ClaimOutcome.Refuted)], verdicts.Select(verdict => (verdict.Parameter, verdict.Outcome)));
        Assert.Equal("is refuted by information in widths: of 1 pair 0 similar, 1 different, 0 open", verdicts[1].Sentence);
    }

    /// <summary>z3 of a model of three layers is its top layer; of a claim about z3 it is a part there, and beside z3 of a model of four.</summary>
    [Fact]
    public void Of_ClaimAboutALayer_IsJudgedByThatLayer()
    {
        var claim = new StudyClaim("They are.", ClaimRule.Similar, "models") { Layer = 3 };
        var verdict = Assert.Single(ClaimVerdict.Of(claim, [], [Difference("top", "means", 's') with { TopName = "z3" }, Difference("z3", "means", 'd'), Difference("top", "means", 'd'), Difference("z2", "means", 'd')]));
        Assert.Equal((1, 1, 0), (verdict.For, verdict.Against, verdict.Open));
    }

    /// <summary>A claim without a verdict is named all the same.</summary>
    [Fact]
    public void Blocks_OfAClaimThatIsNotJudged_SayWhy()
    {
        string Text(params MissingCell[] missing)
        {
            var numbers = new ExperimentNumbers("first", "", [MadeCells.Cell("m/L3/p", 0.52, 0.53)], missing, [], [new JudgedClaim(new StudyClaim("They are alike.", ClaimRule.Similar, "models"), [])]);
            return string.Concat(new ExperimentSection(numbers, "again").Blocks().Select(block => block.Markdown()));
        }

        Assert.Contains("### Claim\n\nThey are alike.\n\nNot judged yet: 2 of its 3 cells have no results.\n", Text(new("f/L3/p", "not run yet", ""), new("d/L3/p", "not run yet", "")), StringComparison.Ordinal);
        Assert.Contains("They are alike.\n\nNot judged: no two of its cells can be compared.\n", Text(), StringComparison.Ordinal);
    }

    private static CriticalDifference Difference(string layer, string parameter, char verdict, string axis = "model") => new(
        "a", "b", axis, layer, parameter, null, null, null,
        verdict switch { 's' => DifferenceVerdict.Similar, 'd' or 'r' => DifferenceVerdict.Differs, 'n' => DifferenceVerdict.NotToldApart, _ => DifferenceVerdict.CannotSay }, "")
    {
        IsCoarse = verdict == 'r',
    };
}
