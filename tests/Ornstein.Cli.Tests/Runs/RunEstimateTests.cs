using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Optimization;
using Ornstein.Stacks;

namespace Ornstein.Cli.Tests.Runs;

public class RunEstimateTests
{
    private static readonly RunRates _rates = new(100, Step: 0.01, CurveRow: 0.001, RowDraw: 0.002, RowSample: 1e-4, InformationStart: 1.5, InformationRow: 0.01, Memory: default);

    private static readonly RunLengths _lengths = new()
    {
        Steps = 1000, Batch = 100, Epochs = 10, Validation = 50, Test = 200, Draws = 8, Samples = 100, Information = 150,
    };

    [Fact]
    public void Of_RatesAndLengths_AddsUpEveryPart()
    {
        var (training, curves, draws, samples, information) = (1000 * 0.01, 10 * 50 * 0.001, 200 * 8 * 0.002, 200 * 100 * 1e-4, 1.5 + (150 * 0.01));
        var sum = training + curves + draws + samples + information;
        Assert.Equal(sum + RunEstimate.Overhead, RunEstimate.Of(_rates, _lengths).Seconds, 1e-9);
        Assert.Equal((3 * sum) + RunEstimate.Overhead, RunEstimate.Of(_rates, _lengths with { Stacks = 3 }).Seconds, 1e-9);
        Assert.Equal(sum + training + RunEstimate.Overhead, RunEstimate.Of(_rates, _lengths with { Updates = 2 }).Seconds, 1e-9);
        Assert.Equal(sum - information + RunEstimate.Overhead, RunEstimate.Of(_rates, _lengths with { Information = 0 }).Seconds, 1e-9);
        Assert.Equal(100, RunEstimate.Of(_rates, _lengths).Steps);
        var ofOneStack = RunEstimate.Of(_rates, _lengths with { Stacks = 3 });
        Assert.Equal(training + curves, ofOneStack.Training, 1e-9);
        Assert.Equal(draws + samples + information + RunEstimate.Overhead, ofOneStack.Afterwards, 1e-9);
    }

    [Fact]
    public void Memory_OfAProbe_IsItsPeakOrWhatTheRestOfTheRunAdds()
    {
        var memory = new ProbeMemory(Step: 200, After: 1000, Peak: 1100);
        Assert.Equal(1200, memory.Of(data: 0, units: 3584, members: 4)); // a training step, where nothing is measured
        Assert.Equal(1000 + (226 * 3.584), memory.Of(1000, 3584, 1), 1e-9);
        Assert.Equal(memory.Of(1000, 3584, 1), memory.Of(1000, 3584, 8), 1e-9); // one at a time: two would keep more than 512 MB
        Assert.Equal(1000 + ((226 + (3 * 128)) * 0.896), memory.Of(250, 3584, 8), 1e-9); // four at a time
        Assert.Equal(1100, (memory with { Step = 50 }).Of(0, 3584, 1));
        Assert.Equal(0, default(ProbeMemory).Of(1000, 3584, 1)); // nothing is known
    }

    [Fact]
    public void Fit_OfALine_FindsStartAndRow()
    {
        var (start, row) = RunProbe.Fit(100, 1.5 + (100 * 0.02), 400, 1.5 + (400 * 0.02));
        Assert.Equal((1.5, 0.02), (Math.Round(start, 12), Math.Round(row, 12)));
        Assert.Equal((2, 0), RunProbe.Fit(100, 2, 400, 1.9)); // no slower with more data
        Assert.Equal((0, 0.03), RunProbe.Fit(100, 1, 200, 4)); // nothing takes less than no time
    }

    [Fact]
    public void MedianOfLaterHalf_SlowBeginningAndABurst_AreNotInIt() =>
        Assert.Equal(1.5, RunProbe.MedianOfLaterHalf([50, 9, 7, 3, 1, 1, 2, 90]));

    [Theory]
    [InlineData(2, "about 5 s")]
    [InlineData(63, "about 65 s")]
    [InlineData(12 * 60, "about 12 min")]
    [InlineData((2 * 3600) + (11 * 60), "about 2 h 10 min")]
    [InlineData((59 * 60) + 50, "about 1 h")]
    [InlineData(26 * 3600, "about 26 h")]
    [InlineData(76 * 3600, "about 3 days 4 h")]
    [InlineData(72 * 3600, "about 3 days")]
    public void About_Seconds_SaysNoMoreThanIsKnown(double seconds, string text) => Assert.Equal(text, ProgressText.About(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Text_OfAProbeAndOfNone_SaysWhichItWas()
    {
        Assert.Equal("this takes about 2 h 10 min (probe of 1,049 steps)", RunEstimator.Text(RunSettings.ForPhase, new(7800, 1049)));
        Assert.Equal("this takes less than a minute", RunEstimator.Text(RunSettings.ForPhase, new(7, 0)));
        Assert.Equal("this takes about 2 h 10 min and about 1.7 GB of memory (probe of 9 steps)", RunEstimator.Text(RunSettings.ForPhase, new(7800, 9, 1720)));
        Assert.Equal("this takes about 2 h 10 min and less than 1 GB of memory (probe of 9 steps)", RunEstimator.Text(RunSettings.ForPhase, new(7800, 9, 720)));
        // Two rounds of up to four rhos more, where there are eight: as much again.
        Assert.Equal(
            "this takes about 1 h, and up to about 1 h more for --refine (probe of 9 steps)", RunEstimator.Text(RunSettings.ForPhase with { Refine = 2 }, new(3600, 9)));
    }

    [Fact]
    public void KindOf_LengthsAndRates_AreOneKindAndParts_AreOthers()
    {
        var settings = RunSettings.ForPhase;
        var kind = RunProbe.KindOf(settings);
        Assert.Equal(kind, RunProbe.KindOf(settings with
        {
            Epochs = 7, Seeds = [5, 6], Rho = [0, 0.31, 0.5, 0.6, 0.7, 0.8, 0.9, 1], LearningRate = 0.1, Schedule = ScheduleShape.Staged, TestLimit = 3, ImportanceDraws = 5000,
        }));
        Assert.All(
            new[] { settings with { Rho = [1] }, settings with { Draws = 2 }, settings with { Batch = 20 }, settings with { Remedy = [RemedyEntry.Parse("iwae:5", "")] }, settings with { Seeds = [0] } },
            other => Assert.NotEqual(kind, RunProbe.KindOf(other)));
    }

    /// <summary>What is left, and 5 further updates of the encoder in the first of two epochs, where a step is worth six.</summary>
    [Fact]
    public void LengthsOf_ARunThatGoesOn_AreWhatIsLeft()
    {
        var settings = RunSettings.ForTrain with
        {
            TrainLimit = 64, TestLimit = 20, Batch = 16, Epochs = 2, Validation = 10, ImportanceDraws = 50, Remedy = [RemedyEntry.Parse("aggressive:5:epochs=1", "--remedy")],
        };
        using var data = RunData.Load(settings, null, CancellationToken.None);
        using var vae = RunPlan.Stack(settings, data.ModelShape, data.Likelihood);
        var all = RunEstimator.LengthsOf(settings, data, vae, done: 0);
        Assert.Equal((8, 2, 10, 20, 8, 50, 20), (all.Steps, all.Epochs, all.Validation, all.Test, all.Draws, all.Samples, all.Information));
        Assert.Equal((6 + 1) / 2.0, all.Updates);
        var left = RunEstimator.LengthsOf(settings, data, vae, done: 6);
        Assert.Equal((2, 0.5, 1), (left.Steps, left.Epochs, left.Updates));
        Assert.Equal(0, RunEstimator.LengthsOf(settings, data, vae, done: 8).Steps);
        // Two passes of 4 steps with 2 measurements each, of 4 batches and 2 draws, in steps of 3.5 updates: a measurement is one.
        Assert.Equal(8 + (long)(2 * 2 * 8 / 3.5), RunEstimator.LengthsOf(settings with { GradientNoise = 2 }, data, vae, done: 0).Steps);
        // A batch that is larger than the data holds all of them, and its step is no longer for it: a run of a second was probed for six.
        Assert.Equal(16, all.Batch);
        var large = settings with { Batch = 1_000_000 };
        var ofAllData = RunEstimator.LengthsOf(large, data, vae, done: 0);
        Assert.Equal((64, 2), (ofAllData.Batch, ofAllData.Epochs));
        Assert.InRange(RunEstimator.Rough(large, vae, ofAllData), 0, 1);
    }

    /// <summary>Few weights, used at every pixel: a hundred steps or so of half a second each are worth a probe.</summary>
    [Fact]
    public void Rough_Convolutions_CountsTheirWeightsAtEveryPixel()
    {
        var settings = RunSettings.ForTrain with { Epochs = 2, Batch = 32, Latents = [new Shape(8, 14, 14), new Shape(16, 7, 7)], Hidden = [32, 48], Networks = "convolution" };
        using var data = RunData.Load(settings, null, CancellationToken.None);
        using var vae = RunPlan.Stack(settings, data.ModelShape, data.Likelihood);
        Assert.True(RunEstimator.Rough(settings, vae, RunEstimator.LengthsOf(settings, data, vae, done: 0)) > 20);
    }

    /// <summary>A probe leaves no trace: it works on a stack of its own.</summary>
    [Fact]
    public void Of_AnyRun_HasRatesAboveZero()
    {
        var settings = RunSettings.ForTrain with { TrainLimit = 64, TestLimit = 20, Batch = 16, Latents = [3, 2], Hidden = [6, 5], Validation = 5 };
        using var data = RunData.Load(settings, null, CancellationToken.None);
        var rates = RunProbe.Of(settings, data, CancellationToken.None);
        Assert.True(rates is { Steps: > 3, Step: > 0, CurveRow: > 0, RowDraw: > 0, RowSample: > 0 }, $"{rates}");
        Assert.Same(rates, RunProbe.Of(settings with { Epochs = 9, Seeds = [4] }, data, CancellationToken.None));
    }
}
