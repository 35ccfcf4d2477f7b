using Ornstein.Studies.Numbers;

namespace Ornstein.Cli.Tests.Studies.Numbers;

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
        Assert.True(difference.IsCoarse);
        Assert.EndsWith("; the rhos tried lie too far apart to be sure", difference.Sentence, StringComparison.Ordinal);
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

    /// <summary>Seeds that end in two states have no common rho, and each has one of its own: two pairs of seeds, 0.00 and 0.51 apart.</summary>
    [Fact]
    public void Of_CellWhoseSeedsEndInTwoStates_ComparesEverySeed()
    {
        var means = CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", [0.42, 0.95], [0.62, 0.64]), MadeCells.CellOfCodes("f/L3/p", [0.42, 0.44], [0.82, 0.83])])[0];
        Assert.Equal(-0.255, means.Difference!.Mean, 1e-9);
        Assert.Equal((2, DifferenceVerdict.NotToldApart), (means.Difference.Seeds, means.Verdict));
    }

    /// <summary>Alive at every rho counts as 1 and alive at none as 0: both are differences that stand.</summary>
    [Theory]
    [InlineData(2.0, 0.5)]
    [InlineData(-1.0, -0.5)]
    public void Of_CellWithoutATransition_CountsAsTheEndOfTheRhos(double ends, double difference)
    {
        var means = CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", [0.5, 0.5, 0.5], [0.9, 0.9, 0.9]), MadeCells.CellOfCodes("f/L3/p", [ends, ends, ends], [0.9, 0.9, 0.9])])[0];
        Assert.Equal(difference, means.Difference!.Mean, 1e-9);
        Assert.Equal((DifferenceVerdict.Differs, false), (means.Verdict, means.IsCoarse));
    }

    /// <summary>Two seeds of two cells at opposite ends of the rhos have an interval without width, and may be so by chance; five may not.</summary>
    [Fact]
    public void Of_CellsAtTheEndsOfTheRhos_NeedEnoughSeeds()
    {
        DifferenceVerdict Of(int seeds, double first, double second) => CriticalDifference.Of(
            [MadeCells.CellOfCodes("m/L3/p", [.. Enumerable.Repeat(first, seeds)], [.. Enumerable.Repeat(0.9, seeds)]), MadeCells.CellOfCodes("f/L3/p", [.. Enumerable.Repeat(second, seeds)], [.. Enumerable.Repeat(0.9, seeds)])], 0.05)[0].Verdict;
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(2, -1, 2));
        Assert.Equal(DifferenceVerdict.Differs, Of(5, -1, 2));
        Assert.Equal(DifferenceVerdict.CannotSay, Of(5, -1, -1)); // neither has a rho that could be similar
        Assert.Equal(DifferenceVerdict.CannotSay, Of(5, 2, 2));
    }

    /// <summary>A model of three layers beside one of four: their top layers, and the layers that both have.</summary>
    [Fact]
    public void Of_CellsOfDifferentDepth_AreComparedLayerByLayer()
    {
        CellNumbers two = MadeCells.CellOfCodes("m/L3/p", [0.42, 0.43], [0.62, 0.63]), three = two with
        {
            Cell = "m/L4/p", Parts = new Dictionary<string, string> { ["data"] = "m", ["models"] = "L4", ["smoothing"] = "p" }, Latents = [4, 2, 2],
            Codes = [.. two.Codes, .. MadeCells.CellOfCodes("m/L4/p", [0.22, 0.23], [0.32, 0.33]).Codes.Select(code => code with { Transition = code.Transition with { Layer = 3 } })],
        };
        var means = CriticalDifference.Of([two, three]).Where(difference => difference.Parameter == "means").ToArray();
        Assert.Equal(["top", "z2"], means.Select(difference => difference.Layer));
        Assert.Equal((-0.2, 0), (Math.Round(means[0].Difference!.Mean, 9), Math.Round(means[1].Difference!.Mean, 9)));
        Assert.False(means[0].Is("z2") || means[0].Is("z3"));
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
        double[] first = [0.52, 0.54, 0.56, 0.53], second = [0.54, 0.56, 0.59, 0.58];
        CriticalDifference alone = Only(MadeCells.Cell("m/L3/p", first), MadeCells.Cell("f/L3/p", second));
        Assert.Null(alone.Together);
        CriticalDifference[] all = CriticalDifference.Of([MadeCells.Cell("m/L3/p", first), MadeCells.Cell("f/L3/p", second), MadeCells.Cell("d/L3/p", 0.7, 0.73, 0.71, 0.76)]);
        Assert.Equal(3, all.Length);
        Assert.Equal(alone.Difference, all[0].Difference);
        const double student = 4.856656 / 3.182446; // t at 1 - 0.025 / 3 and at 97.5 %, three degrees of freedom
        Assert.Equal(student * (all[0].Difference!.High!.Value - all[0].Difference!.Mean), all[0].Together!.High!.Value - all[0].Together!.Mean, 1e-6);
        Assert.Equal(student * (all[0].Difference!.Mean - all[0].Difference!.Low!.Value), all[0].Together!.Mean - all[0].Together!.Low!.Value, 1e-6);
        // 0.02, 0.02, 0.03 and 0.05: told apart alone, and not among three.
        Assert.Equal(DifferenceVerdict.Differs, alone.Verdict);
        Assert.True(all[0].Together!.Low < 0);
        Assert.Equal(DifferenceVerdict.NotToldApart, all[0].Verdict);
        Assert.Contains("; for all 3 pairs together ", all[0].Sentence, StringComparison.Ordinal);
        Assert.Equal([DifferenceVerdict.Differs, DifferenceVerdict.Differs], all[1..].Select(difference => difference.Verdict));
    }

    /// <summary>All transitions lie between rho 0.5 and 0.6, so that the difference of any two is at most 0.1, and 0.6 - 0.5 is a little less than 0.1 as a number.</summary>
    [Fact]
    public void Of_DifferenceWithinTheMargin_IsSimilarWhereTheRhosTriedAreFineEnough()
    {
        CellNumbers[] cells = [MadeCells.Cell("m/L3/p", 0.52, 0.54, 0.56, 0.53), MadeCells.Cell("f/L3/p", 0.53, 0.54, 0.57, 0.54)];
        CriticalDifference Of(double? margin) => Assert.Single(CriticalDifference.Of(cells, margin));
        Assert.Equal((-0.1, 0.1), (Math.Round(Of(null).Outer!.Low, 9), Math.Round(Of(null).Outer!.High, 9)));
        Assert.Equal(DifferenceVerdict.Similar, Of(0.1).Verdict);
        Assert.StartsWith("similar, within 0.1: ", Of(0.1).Sentence, StringComparison.Ordinal);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(0.09).Verdict);
        Assert.Contains("too far apart to call the two similar", Of(0.09).Sentence, StringComparison.Ordinal);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(null).Verdict);
        Assert.Equal(DifferenceVerdict.NotToldApart, Of(0.005).Verdict); // the interval is wider
    }

    /// <summary>
    /// One cell ends between 0.5 and 0.6 and the other between 0.6 and 0.7, with both seeds. Their curves meet zero 0.01 apart, with an interval of no width; they may be 0.2 apart, or not at all.
    /// </summary>
    [Fact]
    public void Of_CellsThatEndOnBothSidesOfARho_AreNeitherSimilarNorSurelyDifferent()
    {
        CellNumbers[] cells = [MadeCells.CellOfCodes("m/L3/p", [0.6, 0.6], [0.9, 0.9]), MadeCells.CellOfCodes("f/L3/p", [0.61, 0.61], [0.9, 0.9])];
        var means = CriticalDifference.Of(cells, 0.11)[0];
        Assert.Equal(0.01, means.Difference!.Mean, 1e-9);
        Assert.Equal((0, 0.2), (Math.Round(means.Outer!.Low, 9), Math.Round(means.Outer!.High, 9)));
        Assert.Equal(DifferenceVerdict.NotToldApart, means.Verdict);
        var (verdict, isCoarse) = (CriticalDifference.Of(cells)[0].Verdict, CriticalDifference.Of(cells)[0].IsCoarse);
        Assert.Equal((DifferenceVerdict.Differs, true), (verdict, isCoarse));
    }

    /// <summary>Two rhos further apart than the brackets allow to be equal: a difference that stands.</summary>
    [Fact]
    public void Of_CellsWithARhoBetweenThem_DifferWhateverLiesBetween()
    {
        var means = CriticalDifference.Of([MadeCells.CellOfCodes("m/L3/p", [0.52, 0.55], [0.9, 0.9]), MadeCells.CellOfCodes("f/L3/p", [0.72, 0.75], [0.9, 0.9])])[0];
        Assert.Equal((0.1, 0.3), (Math.Round(means.Outer!.Low, 9), Math.Round(means.Outer!.High, 9)));
        Assert.Equal((DifferenceVerdict.Differs, false), (means.Verdict, means.IsCoarse));
    }

    /// <summary>
    /// The mean of normal values lies outside its interval as often as it should: a share of 0.05 / comparisons, within four standard errors of 20,000 trials. Of few seeds a bootstrap
    /// missed it up to half as often again.
    /// </summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 12)]
    [InlineData(5, 1)]
    [InlineData(6, 12)]
    public void SeedMean_OfNormalValues_MissesAsOftenAsItShould(int seeds, int comparisons)
    {
        const int trials = 20_000;
        var random = new Random(seeds + comparisons);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var missed = Enumerable.Range(0, trials).Count(_ => SeedMean.Of([.. Enumerable.Range(0, seeds).Select(_ => Normal())], comparisons) is not { Low: < 0, High: > 0 });
        var share = 0.05 / comparisons;
        Assert.Equal(share, missed / (double)trials, 4 * Math.Sqrt(share * (1 - share) / trials));
    }

    /// <summary>
    /// 300 pairs of cells whose difference is the margin itself, spread 0.02 a seed: at most one in twenty is called similar, which the interval's one end decides.
    /// Standard error sqrt(0.05 * 0.95 / 300) = 0.013; four of them are allowed.
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
        Assert.InRange(similar / 300.0, 0, 0.05 + (4 * 0.013));
    }

    private static CriticalDifference Only(CellNumbers first, CellNumbers second) => Assert.Single(CriticalDifference.Of([first, second]));
}
