using Ornstein.Experiments.Settings;
using Ornstein.Studies;
using Ornstein.Studies.Numbers;
using Ornstein.Studies.Report;
using Ornstein.Smoothing;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Studies.Numbers;

public class CellReaderTests
{
    [Fact]
    public void RangeOf_Values_IsMedianLeastAndGreatest()
    {
        Assert.Equal(new SeedRange(2, 1, 7, 3), CellReader.RangeOf([7, 1, 2, double.NaN]));
        Assert.Equal(new SeedRange(1.5, 1, 2, 2), CellReader.RangeOf([2, 1]));
        Assert.Null(CellReader.RangeOf([double.NaN]));
    }

    [Fact]
    public void Of_LinearFalls_FindsEverySeedsCriticalRho()
    {
        var cell = MadeCells.Cell("m/L3/p", 0.52, 0.66, 0.57);
        var fall = Assert.Single(cell.Falls);
        Assert.Equal([0.52, 0.66, 0.57], fall.BySeed.OrderBy(seed => seed.Key).Select(seed => Math.Round(seed.Value.Rho, 9)));
        Assert.Equal(0.5833333333, fall.Drop!.Estimate, 1e-9);
        Assert.Equal(2 * 0.57, cell.Kl[^1].Median[0], 1e-12);
        Assert.Equal((2 * 0.52, 2 * 0.66), (cell.Kl[^1].Least[0], cell.Kl[^1].Greatest[0]));
        Assert.Equal(new SeedRange(0, 0, 0, 3), cell.TopKlUnsmoothed);
    }

    /// <summary>
    /// 4 exp(-12 rho) nats fall through 0.1 at ln(40) / 12 and through 0.01 at ln(400) / 12, which are ln(10) / 12 apart, whatever rhos are tried: an exponential is a straight
    /// line. Near rho 0 the curve dips through 0.1 once more, which is not the last time.
    /// </summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.25)]
    public void Decade_OfAnExponential_IsItsOwnWhateverRhosAreTried(double step)
    {
        double[] rhos = [.. Enumerable.Range(0, (int)(1 / step) + 1).Select(i => i * step)];
        var members = rhos.Select(rho => Fixtures.Member(rho, 3, 2, 0.1) with { Information = [new(3, 0), new(rho == 0 ? 0.02 : 4 * Math.Exp(-12 * rho), 0)] });
        var decade = SeedDecade.Of(members.Where(member => member.Rho < 0.7), 1)!;
        Assert.Equal((3, Math.Log(40) / 12, Math.Log(400) / 12, Math.Log(10) / 12), (decade.Seed, decade.From, decade.To, decade.Distance), (a, b) =>
            a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) + Math.Abs(a.Item4 - b.Item4) < 1e-9);
        Assert.Equal(step > 0.2, decade.IsOneStep);
        Assert.Null(SeedDecade.Of(members.Where(member => member.Rho < 0.45), 1)); // it does not end
        Assert.Null(SeedDecade.Of(members.Select(member => member with { Information = null }), 1));
    }

    /// <summary>A layer that has 10 nats at one rho and nothing at the next falls by four factors of ten in that step, of which this is one; and it counts where it falls the last time.</summary>
    [Fact]
    public void Decade_OfALayerThatFallsAtOnce_IsAShareOfTheStep()
    {
        double[] told = [10, 0, 10, 0, 0];
        var decade = SeedDecade.Of(told.Select((nats, i) => Fixtures.Member(0.2 * i, 0, 2, 0.1) with { Information = [new(3, 0), new(nats, 0)] }), 1)!;
        Assert.True(decade.IsOneStep);
        Assert.Equal((0.5, 0.55, 0.05), (Math.Round(decade.From, 9), Math.Round(decade.To, 9), Math.Round(decade.Distance, 9)));
    }

    /// <summary>docs/theory.md: the root of rho^2 + (1 - rho^2) / K.</summary>
    [Fact]
    public void EffectiveRhos_OfDraws_AreThoseOfTheory()
    {
        CellNumbers Of(RunSettings settings) => CellReader.Of(new StudyCell([], settings, "0123456789"), "folder", MadeCells.Phase(0.5), [], settings);
        var settings = RunSettings.ForPhase with { Draws = 4 };
        var cell = Of(settings);
        Assert.Equal(Math.Sqrt(0.36 + (0.64 / 4)), cell.EffectiveRhos![Array.IndexOf(cell.Rhos, 0.6)], 1e-12);
        Assert.Equal((0.5, 1), (cell.EffectiveRhos[0], cell.EffectiveRhos[^1]));
        Assert.Null(Of(settings with { Sampler = SmoothingSampler.Sobol }).EffectiveRhos);
        Assert.Null(Of(settings with { Measure = ReferenceMeasure.Standard }).EffectiveRhos);

        var numbers = new ExperimentNumbers("draws", "", [cell, Of(settings with { Draws = 8 })], [], [], []);
        Assert.NotNull(StudyFigures.EffectiveKl(numbers));
        Assert.Null(StudyFigures.EffectiveKl(numbers with { Cells = [cell, cell] }));
    }

    /// <summary>The bound of the fixtures rises by 11.5 from rho 0 to 1; here it is bent down by 30 (rho - 0.5)^2, and seed 1 gains 0.4 more.</summary>
    [Fact]
    public void Of_BoundWithAMaximum_GainsOverRhoOnePairedBySeed()
    {
        var phase = MadeCells.Phase(0.5, 0.6);
        MemberResult[] members =
        [
            .. phase.Members.Select(member => member with
            {
                Elbo = -100 - (3 * member.Seed) - (30 * Math.Pow(member.Rho - 0.5, 2)) - (member.Rho == 1 ? 0.4 * member.Seed : 0),
            }),
        ];
        var settings = RunSettings.ForPhase;
        var cell = CellReader.Of(new StudyCell([], settings, "0123456789"), "folder", phase with { Members = members }, [], settings);
        var bound = cell.Bounds[0];
        Assert.Equal(("ELBO, unsmoothed", 0.5), (bound.Name, bound.BestRho));
        Assert.Equal(7.5 + 0.2, bound.GainOverUnsmoothed!.Mean, 1e-9);
        Assert.Equal(2, bound.GainOverUnsmoothed.Seeds);
        Assert.InRange(7.7, bound.GainOverUnsmoothed.Low!.Value, bound.GainOverUnsmoothed.High!.Value);
    }

    /// <summary>At rho 0.4 the poor seed diverged, which made that rho the best one.</summary>
    [Fact]
    public void Of_BoundWhereThePoorSeedDiverged_IsBestAmongSeedsThatFinishedEverywhere()
    {
        var phase = MadeCells.Phase(0.5, 0.6);
        MemberResult[] members =
        [
            .. phase.Members.Select(member => member.Rho == 0.4 && member.Seed == 1 ? Fixtures.Diverged(0.4, 1, 2)
                : member with { Elbo = -100 - (10 * member.Seed) - Math.Abs(member.Rho - 0.7) }),
        ];
        var settings = RunSettings.ForPhase;
        BoundNumbers Bound(MemberResult[] of) => CellReader.Of(new StudyCell([], settings, "0123456789"), "folder", phase with { Members = of }, [], settings).Bounds[0];
        Assert.Equal(0.7, Bound(members).BestRho);
        Assert.Equal(2, Bound(members).GainOverUnsmoothed!.Seeds);
        // Where none finished everywhere, all count.
        Assert.Equal(0.4, Bound([.. members.Where(member => member.Rho != 0.3 || member.Seed != 0)]).BestRho);
    }

    [Fact]
    public void Of_Fall_KnowsTheRhosTriedAroundEverySeedsOwn()
    {
        var falls = MadeCells.Cell("m/L3/p", 0.52, 0.6).Falls[^1].BySeed;
        Assert.Equal((0.5, 0.6), (falls[0].Low, falls[0].High));
        // A line that meets zero at a rho that was tried says that the layer is gone there.
        Assert.Equal((0.5, 0.6), (falls[1].Low, falls[1].High));
    }

    [Fact]
    public void Of_KlParts_VarianceAsTrainedAndOfTheSameWeightsUnsmoothed()
    {
        static KlParts Part(double variance) => new() { Scale = 0, Bias = 0, Variance = variance, ScaleError = 0, BiasError = 0, VarianceError = 0, EstimatorBias = 0 };
        var phase = MadeCells.Phase(0.5, 0.6, 0.7);
        MemberResult[] members = [.. phase.Members.Select(member => member with { KlParts = [Part(1 + member.Seed)], UnsmoothedKlParts = [Part(10 + member.Rho)], UnsmoothedKl = [.. member.Kl.Select((_, layer) => 20 + layer + member.Rho)] })];
        members[0] = members[0] with { KlParts = null };
        var settings = RunSettings.ForPhase;
        var cell = CellReader.Of(new StudyCell([], settings, "0123456789"), "folder", phase with { Members = members }, [], settings);
        var (trained, unsmoothed) = (Assert.Single(cell.Variance), Assert.Single(cell.UnsmoothedVariance));
        // Seeds 0, 1, 2 have 1, 2, 3; the first of rho 0 has none.
        Assert.Equal((2.5, 2.0, 3.0), (trained.Median[0], trained.Least[0], trained.Greatest[0]));
        Assert.Equal((2.0, 1.0, 3.0), (trained.Median[^1], trained.Least[^1], trained.Greatest[^1]));
        Assert.Equal(cell.Rhos.Select(rho => 10 + rho), unsmoothed.Median);
        for (var layer = 0; layer < phase.Latents.Length; layer++) Assert.Equal(cell.Rhos.Select(rho => 20 + layer + rho), cell.UnsmoothedKl[layer].Median);
    }

    [Fact]
    public void Of_TrainingCurves_ChangeIsThatOfTheLastFifth()
    {
        var settings = RunSettings.ForPhase with { Rho = [1, 0.5], Seeds = [4, 9] };
        EpochMetrics[] epochs =
        [
            .. Enumerable.Range(1, 10).Select(epoch => new EpochMetrics
            {
                Epoch = epoch, Step = epoch, LearningRate = 1, Loss = [], Reconstruction = [], ImagesPerSecond = 1,
                Kl = [[9, 9, 9, 9], [epoch, epoch, epoch * epoch, 3 * epoch * epoch]],
            }),
        ];
        var phase = MadeCells.Phase(0.5, 0.6);
        var training = CellReader.Of(new StudyCell([], settings, "0123456789"), "folder", phase, epochs, settings).Training;
        Assert.Equal([0.5, 1], training.Select(line => line.Rho));
        // Medians of two seeds: 2 epoch^2, and epoch.
        Assert.Equal([2.0 * (100 - 64), 10 - 8], training.Select(line => line.Change));
        Assert.Equal(200, training[0].TopKl[^1]);
    }

    [Fact]
    public void Of_Information_FindsWhereItBeginsWithEverySeed()
    {
        var cell = MadeCells.CellOfCodes("m/L3/p", [0.42, 0.47], [0.73, 0.78]);
        Assert.Equal([CodePart.Means, CodePart.Widths], cell.Codes.Select(code => code.Transition.Part));
        Assert.Equal([0.42, 0.47], cell.Codes[0].BySeed.OrderBy(seed => seed.Key).Select(seed => Math.Round(seed.Value.Rho, 9)));
        Assert.Equal([0.73, 0.78], cell.Codes[1].BySeed.OrderBy(seed => seed.Key).Select(seed => Math.Round(seed.Value.Rho, 9)));
        Assert.Equal(0.445, cell.Codes[0].Transition.Estimate!.Value, 1e-9);
        Assert.All(cell.Codes[0].BySeed.Values, seed => Assert.Equal((0.4, 0.5), (seed.Low, seed.High)));
        Assert.Equal([2 * 0.42, 2 * 0.47], [cell.MeanInformation[1].Least[0], cell.MeanInformation[1].Greatest[0]]);
        Assert.Equal(0, cell.MeanInformation[1].Median[^1]);
        Assert.All(MadeCells.Cell("m/L3/p", 0.5, 0.6).Codes, code => Assert.False(code.IsMeasured));
    }

    [Fact]
    public void Of_DivergedModels_AreLeftOutAndCounted()
    {
        var phase = MadeCells.Phase(0.5, 0.6);
        var settings = RunSettings.ForPhase;
        var cell = CellReader.Of(
            new StudyCell([], settings, "0123456789"), "folder", phase with { Members = [.. phase.Members[..^1], Fixtures.Diverged(1, 1, 2)] }, [], settings);
        Assert.Equal((1, 1), (cell.Diverged, cell.TopKlUnsmoothed!.Seeds));
        Assert.Equal([0L], cell.Falls[^1].BySeed.Keys);
    }
}
