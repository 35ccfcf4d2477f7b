using MathNet.Numerics.Distributions;
using Ornstein.Studies.Report;

namespace Ornstein.Cli.Tests.Studies.Report;

/// <summary>A KL that falls linearly is what the locator carries on to zero exactly, so each seed's critical rho is the one that was put in.</summary>
public class CriticalDifferenceTests
{
    [Fact]
    public void Of_CellsThatDiffer_IsTheDifferenceAndItsIntervalHoldsIt()
    {
        var difference = Only(MadeCells.Cell("m/L3/p", 0.52, 0.54, 0.56, 0.53), MadeCells.Cell("f/L3/p", 0.72, 0.73, 0.77, 0.73));
        Assert.Equal(("data", "top", DifferenceVerdict.Differs), (difference.Axis, difference.Layer, difference.Verdict));
        // Differences of the seeds: 0.20, 0.19, 0.21, 0.20.
        Assert.Equal(0.2, difference.Difference!.Mean, 1e-9);
        Assert.Equal(4, difference.Difference.Seeds);
        Assert.InRange(difference.Difference.Low!.Value, 0.17, 0.2);
        Assert.InRange(difference.Difference.High!.Value, 0.2, 0.23);
        Assert.StartsWith("differs: +0.200 from m/L3/p to f/L3/p (95 % interval +0.", difference.Sentence);
    }

    [Fact]
    public void Of_SeedsThatVaryMoreThanTheCells_AreNotToldApart()
    {
        var difference = Only(MadeCells.Cell("m/L3/p", 0.52, 0.64, 0.56), MadeCells.Cell("m/L2/p", 0.62, 0.53, 0.61));
        Assert.Equal(("model", DifferenceVerdict.NotToldApart), (difference.Axis, difference.Verdict));
        Assert.Equal((0.10 - 0.11 + 0.05) / 3, difference.Difference!.Mean, 1e-9);
        Assert.True(difference.Difference.Low < 0 && difference.Difference.High > 0);
        Assert.StartsWith("not told apart: ", difference.Sentence);
    }

    /// <summary>Pairing takes out what seeds share: each cell spreads over 0.3, and their difference is 0.05 or 0.06 with every seed.</summary>
    [Fact]
    public void Of_SeedsThatShareTheirSpread_AreToldApart()
    {
        var difference = Only(MadeCells.Cell("m/L3/p", 0.42, 0.54, 0.72, 0.61), MadeCells.Cell("m/L3/q", 0.47, 0.60, 0.77, 0.67));
        Assert.Equal(("smoothing", DifferenceVerdict.Differs), (difference.Axis, difference.Verdict));
        Assert.Contains("no more than the rhos tried lie apart there", difference.Sentence);
    }

    [Fact]
    public void Of_OneSeed_IsNotToldApart() =>
        Assert.Equal(DifferenceVerdict.NotToldApart, Only(MadeCells.Cell("m/L3/p", 0.52), MadeCells.Cell("f/L3/p", 0.72)).Verdict);

    [Fact]
    public void Of_CellWithoutACriticalRho_SaysWhy()
    {
        var difference = Only(MadeCells.Cell("m/L3/p", 0.52, 0.53), MadeCells.Cell("f/L3/p", 1.3, 1.4));
        Assert.Equal((DifferenceVerdict.CannotSay, null), (difference.Verdict, difference.Difference));
        Assert.StartsWith("f/L3/p has no critical rho of its top layer: no transition", difference.Sentence);
    }

    /// <summary>Means fall at the same rhos in both cells, widths 0.2 apart: the KL, which follows the widths, would say that the cells differ.</summary>
    [Fact]
    public void Of_CellsWithInformation_AreComparedInMeansAndInWidths()
    {
        double[] means = [0.42, 0.44, 0.43, 0.45];
        var all = CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", means, [0.62, 0.64, 0.63, 0.66]), MadeCells.CellOfCodes("f/L3/p", means, [0.82, 0.83, 0.84, 0.86])], 0.05);
        Assert.Equal([("means", "top"), ("widths", "top")], all.Select(difference => (difference.Parameter, difference.Layer)));
        Assert.Equal(0, all[0].Difference!.Mean, 1e-9);
        Assert.Equal(0.2, all[1].Difference!.Mean, 1e-9);
        Assert.Equal(DifferenceVerdict.NotToldApart, all[0].Verdict); // rhos a tenth apart cannot show a similarity within 0.05
        Assert.Equal(DifferenceVerdict.Differs, all[1].Verdict);
        Assert.Equal(DifferenceVerdict.Similar, CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", means, means), MadeCells.CellOfCodes("f/L3/p", means, means)], 0.11)[0].Verdict);
    }

    [Fact]
    public void Of_CellWhoseSeedsEndInTwoStates_SaysSo()
    {
        var all = CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", [0.42, 0.95], [0.62, 0.64]), MadeCells.CellOfCodes("f/L3/p", [0.42, 0.44], [0.82, 0.83])]);
        Assert.Equal(DifferenceVerdict.CannotSay, all[0].Verdict);
        Assert.Equal("m/L3/p has no critical rho of its top layer: its seeds end in two states between rho 0.4 and 1", all[0].Sentence);
    }

    [Fact]
    public void Of_CellsThatDifferInTwoThings_AreNotCompared() =>
        Assert.Empty(CriticalDifference.Of([MadeCells.Cell("m/L3/p", 0.52, 0.53), MadeCells.Cell("f/L2/p", 0.7, 0.72)]));

    /// <summary>
    /// 300 pairs of cells without a difference, three seeds each, spread 0.02 about 0.55: at most one in twenty is called different. Standard error
    /// sqrt(0.05 * 0.95 / 300) = 0.013; four of them are allowed. The widened bootstrap of three seeds errs to the safe side of that.
    /// </summary>
    [Fact]
    public void Of_CellsWithoutADifference_AreSeldomToldApart()
    {
        var random = new Random(3);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Seeds() => [.. Enumerable.Range(0, 3).Select(_ => 0.55 + (0.02 * Normal()))];
        var different = Enumerable.Range(0, 300)
            .Count(_ => Only(MadeCells.Cell("m/L3/p", Seeds()), MadeCells.Cell("f/L3/p", Seeds())).Verdict == DifferenceVerdict.Differs);
        Assert.InRange(different / 300.0, 0, 0.05 + (4 * 0.013));
    }

    /// <summary>Three pairs of three cells: each interval by Student's quantiles at a third of the 5 %.</summary>
    [Fact]
    public void Of_SeveralComparisons_AreJudgedByWhatHoldsForAllTogether()
    {
        double[] first = [0.52, 0.54, 0.56, 0.53], second = [0.54, 0.56, 0.59, 0.61];
        CriticalDifference alone = Only(MadeCells.Cell("m/L3/p", first), MadeCells.Cell("f/L3/p", second));
        Assert.Null(alone.Together);
        CriticalDifference[] all = CriticalDifference.Of([MadeCells.Cell("m/L3/p", first), MadeCells.Cell("f/L3/p", second), MadeCells.Cell("d/L3/p", 0.7, 0.73, 0.71, 0.76)]);
        Assert.Equal(3, all.Length);
        Assert.Equal(alone.Difference, all[0].Difference);
        var factor = StudentT.InvCDF(0, 1, 3, 1 - (0.025 / 3)) / StudentT.InvCDF(0, 1, 3, 0.975);
        Assert.Equal(factor * (all[0].Difference!.High!.Value - all[0].Difference!.Mean), all[0].Together!.High!.Value - all[0].Together!.Mean, 1e-9);
        Assert.Equal(factor * (all[0].Difference!.Mean - all[0].Difference!.Low!.Value), all[0].Together!.Mean - all[0].Together!.Low!.Value, 1e-9);
        // 0.02, 0.02, 0.03 and 0.08: told apart alone, and not among three.
        Assert.Equal(DifferenceVerdict.Differs, alone.Verdict);
        Assert.True(all[0].Together!.Low < 0);
        Assert.Equal(DifferenceVerdict.NotToldApart, all[0].Verdict);
        Assert.Contains("; for all 3 comparisons together ", all[0].Sentence, StringComparison.Ordinal);
        Assert.Equal([DifferenceVerdict.Differs, DifferenceVerdict.Differs], all[1..].Select(difference => difference.Verdict));
    }

    [Fact]
    public void Of_DifferenceWithinTheMargin_IsSimilarWhereTheRhosTriedAreFineEnough()
    {
        CellNumbers[] cells = [MadeCells.Cell("m/L3/p", 0.52, 0.54, 0.56, 0.53), MadeCells.Cell("f/L3/p", 0.53, 0.54, 0.57, 0.54)];
        CriticalDifference Of(double? margin) => Assert.Single(CriticalDifference.Of(cells, margin));
        var width = cells.SelectMany(cell => cell.Falls).Max(fall => fall.Drop!.High - fall.Drop.Low);
        Assert.Equal(DifferenceVerdict.Similar, Of(width + 0.01).Verdict);
        Assert.StartsWith("similar, within 0.", Of(width + 0.01).Sentence, StringComparison.Ordinal);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(width - 0.01).Verdict);
        Assert.Contains("too far to call the two similar", Of(width - 0.01).Sentence, StringComparison.Ordinal);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(null).Verdict);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(0.005).Verdict); // the interval is wider
    }

    /// <summary>
    /// 300 pairs of cells whose difference is the margin itself, spread 0.02 a seed: at most one in forty is called similar, which the interval's one end decides.
    /// Standard error sqrt(0.025 * 0.975 / 300) = 0.009; four of them are allowed.
    /// </summary>
    [Fact]
    public void Of_CellsThatDifferByTheMargin_AreSeldomCalledSimilar()
    {
        const double Margin = 0.35;
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] Seeds(double centre) => [.. Enumerable.Range(0, 4).Select(_ => centre + (0.02 * Normal()))];
        var similar = Enumerable.Range(0, 300).Count(_ => Assert.Single(CriticalDifference.Of(
            [MadeCells.Cell("m/L3/p", Seeds(0.45)), MadeCells.Cell("f/L3/p", Seeds(0.45 + Margin))], Margin)).Verdict == DifferenceVerdict.Similar);
        Assert.InRange(similar / 300.0, 0, 0.025 + (4 * 0.009));
    }

    private static CriticalDifference Only(CellNumbers first, CellNumbers second) => Assert.Single(CriticalDifference.Of([first, second]));
}
