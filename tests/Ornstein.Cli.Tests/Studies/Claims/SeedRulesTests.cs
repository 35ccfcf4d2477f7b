using MathNet.Numerics.Distributions;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Studies;
using Ornstein.Studies.Claims;
using Ornstein.Studies.Numbers;

namespace Ornstein.Cli.Tests.Studies.Claims;

/// <summary>Rules that ask every seed, of results whose answer is known.</summary>
public class SeedRulesTests
{
    /// <summary>Against the binomial sum itself, and the two cases that the documents name.</summary>
    [Fact]
    public void SignTest_Shows_IsTheBinomialTail()
    {
        for (var seeds = 1; seeds <= 12; seeds++)
        {
            for (var count = 0; count <= seeds; count++)
            {
                var tail = Enumerable.Range(count, seeds - count + 1).Sum(k => Binomial.PMF(0.5, seeds, k));
                Assert.Equal(count > 0 && tail <= 0.05, SignTest.Shows(count, seeds));
                Assert.Equal(count > 0 && tail <= 0.05 / 3, SignTest.Shows(count, seeds, 3));
            }
        }

        Assert.Equal((true, false, false, true), (SignTest.Shows(9, 10), SignTest.Shows(8, 10), SignTest.Shows(4, 4), SignTest.Shows(5, 5)));
    }

    /// <summary>The top layer tells nothing at rho 1 and rests; or it is alive in widths; or it may still wake; or its information is uncertain.</summary>
    [Theory]
    [InlineData(LayerVerdict.Collapsed, 0.001, 0.001, -0.1, 5, 0)]
    [InlineData(LayerVerdict.AliveInWidths, 0.2, 0.001, -0.1, 0, 5)]
    [InlineData(LayerVerdict.Collapsed, 0.001, 0.001, 1, 0, 0)]
    [InlineData(LayerVerdict.Collapsed, 0.001, 0.03, -0.1, 0, 0)]
    [InlineData(LayerVerdict.CannotSay, 0.001, 0.001, -0.1, 0, 0)]
    public void Collapses_AtRhoOne_NeedsNothingToldAndNoGrowth(LayerVerdict verdict, double told, double error, double rate, int forIt, int against)
    {
        var cell = Cell(member => member with { Verdicts = [LayerVerdict.Both, verdict], Information = [new(3, 0.1), new(told, error)] });
        // ln KL rises by the rate per epoch over twenty, from one that ends at 0.001.
        double[] time = [.. Enumerable.Range(1, 20).Select(epoch => (double)epoch)], kl = [.. time.Select(epoch => 0.001 * Math.Exp(rate * (epoch - 20)))];
        var growing = cell with { Training = [new(1, [20], [0.001], 0, [.. cell.Seeds.Select(seed => SeedGrowth.Of(seed, kl, time, 0.05)!)])] };
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Collapses, null) { At = 1 }, growing));
        Assert.Equal((forIt, against, 5), (question.For, question.Against, question.Seeds));
        // Where nothing is known of the training, nothing is said of its end.
        Assert.Equal(0, Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Collapses, null) { At = 1 }, cell)).For);
    }

    [Theory]
    [InlineData(0.5, 0.001, 5, 0)]
    [InlineData(0.001, 0.001, 0, 5)]
    [InlineData(0.5, 0.5, 0, 0)] // alive without smoothing: nothing was revived
    public void Revives_AtARho_IsAliveInMeansThereAndNotAtRhoOne(double there, double vanilla, int forIt, int against)
    {
        var cell = Cell(member => member with { MeanInformation = [new(3, 0.1), new(member.Rho == 1 ? vanilla : there, 0.001)] });
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Revives, null) { At = 0.5 }, cell));
        Assert.Equal((forIt, against), (question.For, question.Against));
    }

    /// <summary>The variance between z1 and z2 is 0.3 of 0.2 nats above, or 0.1; unsmoothed it is ten times as much.</summary>
    [Theory]
    [InlineData(0.3, 0.2, nameof(ClaimRule.CostlyAsTrained), 5, 0)]
    [InlineData(0.1, 0.2, nameof(ClaimRule.CostlyAsTrained), 0, 5)]
    [InlineData(0.1, 0.2, nameof(ClaimRule.CostlyUnsmoothed), 5, 0)]
    [InlineData(0.3, 0.04, nameof(ClaimRule.CostlyAsTrained), 0, 0)]
    public void Costly_Variance_IsHeldAgainstTheLayerAbove(double variance, double above, string rule, int forIt, int against)
    {
        var cell = Cell(member => member with { KlParts = [Parts(variance)], UnsmoothedKlParts = [Parts(10 * variance)], Kl = [9, above], UnsmoothedKl = [9, above] });
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", Enum.Parse<ClaimRule>(rule), null) { At = 0.5 }, cell));
        Assert.Equal(("z1", forIt, against), (question.About, question.For, question.Against));
    }

    [Theory]
    [InlineData(0.3, 5, 0)]
    [InlineData(0.7, 0, 5)]
    [InlineData(0.49, 0, 0)] // within two standard errors of 0.01 each
    public void Reduces_Variance_IsHeldAgainstRhoOne(double there, int forIt, int against)
    {
        var cell = Cell(member => member with { KlParts = [Parts(member.Rho == 1 ? 0.5 : there)] });
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Reduces, null) { At = 0.5 }, cell));
        Assert.Equal((forIt, against), (question.For, question.Against));
    }

    /// <summary>At rho 0.5 with K = 8 a linear function keeps 0.25 + 0.75 / 8 = 0.34375 of its variance; nine tenths of that are 0.309.</summary>
    [Theory]
    [InlineData(0.34375, 0, 5)]
    [InlineData(0.31, 0, 5)]
    [InlineData(0.3, 5, 0)]
    public void Filters_Variance_IsHeldAgainstALinearFunctions(double kept, int forIt, int against)
    {
        var cell = Cell(member => member with { KlParts = [Parts(2 * kept)], UnsmoothedKlParts = [Parts(2)] });
        Assert.Equal(8, cell.Draws);
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Filters, null) { At = 0.5 }, cell));
        Assert.Equal((forIt, against), (question.For, question.Against));
    }

    /// <summary>Rhos 0.02 apart from 0.8: from half of its most to nothing within 0.04, in more, or in a way that these rhos leave open.</summary>
    [Theory]
    [InlineData("1 1 1 0.6 0 0 0 0 0 0 0", 5, 0)]
    [InlineData("1 1 1 0.6 0.3 0 0 0 0 0 0", 5, 0)]
    [InlineData("1 1 1 0.6 0.4 0.3 0 0 0 0 0", 0, 0)] // 0.06 at most, 0.02 at least
    [InlineData("1 1 0.6 0.4 0.4 0.3 0.2 0.1 0 0 0", 0, 5)]
    [InlineData("1 1 1 1 1 1 1 1 1 1 1", 0, 0)]
    [InlineData("0 0 0 0 0 0 0 0 0 0 0", 0, 0)]
    public void Drops_InformationInMeans_FallsFromHalfToNothingWithinAShortWay(string along, int forIt, int against)
    {
        double[] told = [.. along.Split(' ').Select(double.Parse)];
        var cell = Cell(member => member, [.. told.Select((_, i) => Math.Round(0.8 + (0.02 * i), 2))]);
        MemberResult[] members = [.. cell.Members.Select(member => member with
        {
            MeanInformation = [new(3, 0.1), new(told[(int)Math.Round((member.Rho - 0.8) / 0.02)], 0.001)],
            Kl = [9, told[(int)Math.Round((member.Rho - 0.8) / 0.02)]],
        })];
        cell = cell with { Members = members, Drops = [.. members.GroupBy(member => member.Seed).Select(seed => SeedDrop.Of(seed, 1)).OfType<SeedDrop>()] };
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Drops, null), cell));
        Assert.Equal((forIt, against), (question.For, question.Against));
    }

    [Fact]
    public void Better_Bound_IsHeldAgainstRhoOneOfTheModelThatItNames()
    {
        var cell = Cell(member => member with
        {
            Bounds = member.Bounds! with { ImportanceWeighted = new(member.Rho == 1 ? -90 : -89, 0.5), SmoothedGenerativeImportanceWeighted = new(member.Rho == 1 ? -90 : -91, 0.5) },
        });
        SeedQuestion Of(ClaimRule rule) => Assert.Single(SeedRules.Questions(new StudyClaim("", rule, null) { At = 0.5 }, cell));
        Assert.Equal((5, 0), (Of(ClaimRule.Better).For, Of(ClaimRule.Better).Against));
        Assert.Equal((0, 5), (Of(ClaimRule.BetterSmoothed).For, Of(ClaimRule.BetterSmoothed).Against));
    }

    /// <summary>Five of five by chance: 1 in 32, which is more than 5 % over two questions. So two cells of five seeds cannot refute what one can.</summary>
    [Fact]
    public void Of_SeveralQuestions_RefutesByWhatHoldsForAllTogether()
    {
        var against = Cell(member => member with { KlParts = [Parts(0.1)], Kl = [9, 1] });
        ClaimVerdict Of(params CellNumbers[] cells) => Assert.Single(ClaimVerdict.Of(new StudyClaim("It is costly.", ClaimRule.CostlyAsTrained, null) { At = 0.5 }, cells, []));
        Assert.Equal(ClaimOutcome.Refuted, Of(against).Outcome);
        Assert.Equal("is not shown: of 2 questions 0 for it, 0 against it, 2 open", Of(against, against).Sentence);
    }

    /// <summary>All cells must hold; one against it refutes; what no seed answers is no question.</summary>
    [Theory]
    [InlineData("ff", nameof(ClaimOutcome.Holds), 2, 0)]
    [InlineData("f", nameof(ClaimOutcome.Holds), 1, 0)]
    [InlineData("fa", nameof(ClaimOutcome.NotShown), 1, 0)]
    [InlineData("a", nameof(ClaimOutcome.Refuted), 0, 1)]
    [InlineData("f-", nameof(ClaimOutcome.NotShown), 1, 0)] // a cell that says nothing keeps it from holding
    public void Of_SeveralCells_HoldsWhereAllDo(string cells, string outcome, int forIt, int against)
    {
        CellNumbers[] made = [.. cells.Select(letter => Cell(member => letter == '-' ? member : member with { KlParts = [Parts(letter == 'f' ? 2 : 0.1)], Kl = [9, 1] }))];
        var verdict = Assert.Single(ClaimVerdict.Of(new StudyClaim("", ClaimRule.CostlyAsTrained, null) { At = 0.5 }, made, []));
        Assert.Equal((outcome, forIt, against), ($"{verdict.Outcome}", verdict.For, verdict.Against));
        Assert.Empty(ClaimVerdict.Of(new StudyClaim("", ClaimRule.CostlyAsTrained, null) { At = 0.5 }, [Cell(member => member)], []));
    }

    // Two layers, five seeds.
    private static CellNumbers Cell(Func<MemberResult, MemberResult> change, double[]? rhos = null)
    {
        rhos ??= [0, 0.5, 1];
        var settings = RunSettings.ForPhase with { Rho = [.. rhos.Select(rho => (RhoEntry)rho)], Seeds = [0, 1, 2, 3, 4] };
        MemberResult[] members = [.. rhos.SelectMany(rho => settings.Seeds.Select(seed => change(Fixtures.Member(rho, (int)seed, 2, 0.5))))];
        var phase = Fixtures.Phase(layers: 2, critical: false) with { Members = members, Layers = null, CollapseThreshold = 0.05 };
        return CellReader.Of(new StudyCell([("data", "m")], settings, "0123456789"), "folder", phase, [], settings);
    }

    /// <summary>Uncertain numbers and seeds that diverged speak for nothing, and count among those asked.</summary>
    [Fact]
    public void Questions_OfUncertainAndDivergedSeeds_CountThemAsNotSpeakingForIt()
    {
        var cell = Cell(member => member.Seed == 4 ? Fixtures.Diverged(member.Rho, 4, 2) : member with
        {
            MeanInformation = [new(3, 0.1), member.Rho < 1 ? new(0.5, 0.001) : member.Seed == 3 ? new(0.5, 0.3) : new(0.001, 0.001)],
        });
        var question = Assert.Single(SeedRules.Questions(new StudyClaim("", ClaimRule.Revives, null) { At = 0.5 }, cell));
        Assert.Equal((3, 0, 5), (question.For, question.Against, question.Seeds));
    }

    private static KlParts Parts(double variance) => new() { Scale = 1, Bias = 1, Variance = variance, ScaleError = 0.01, BiasError = 0.01, VarianceError = 0.01, EstimatorBias = 0 };
}
