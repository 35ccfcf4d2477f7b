using Ornstein.Optimization;

namespace Ornstein.Tests.Optimization;

public class LearningRateScheduleTests
{
    [Fact]
    public void At_Constant_IsThePeak() => Assert.Equal(0.5, new LearningRateSchedule { Peak = 0.5 }.At(77, 100));

    [Theory]
    [InlineData(ScheduleShape.Linear)]
    [InlineData(ScheduleShape.Cosine)]
    public void At_AnyShape_StartsAtThePeakAndIsHalfwayAtHalf(ScheduleShape shape)
    {
        var schedule = new LearningRateSchedule { Peak = 2, Shape = shape };
        Assert.Equal(2, schedule.At(1, 100), 1e-12);
        Assert.Equal(1, schedule.At(51, 100), 1e-12);
        Assert.InRange(schedule.At(100, 100), 0, 0.03);
    }

    /// <summary>Burda et al. 2016: 3^i passes at 0.001 * 10^(-i/7), here pass by pass over all 3,280 of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3000)] // 60,000 images in batches of 20
    public void At_StagedOverAllPasses_ChangesAtThePassesOfThePaper(int stepsPerPass)
    {
        var schedule = new LearningRateSchedule { Peak = 1e-3, Shape = ScheduleShape.Staged };
        var steps = 3280L * stepsPerPass;
        var pass = 0L;
        for (var stage = 0; stage < 8; stage++)
        {
            for (var k = 0; k < (int)Math.Pow(3, stage); k++, pass++)
            {
                var expected = 1e-3 * Math.Pow(10, -stage / 7.0);
                Assert.Equal(expected, schedule.At(pass * stepsPerPass + 1, steps), 1e-15);
                Assert.Equal(expected, schedule.At((pass + 1) * stepsPerPass, steps), 1e-15);
            }
        }

        Assert.Equal(3280, pass);
        Assert.Equal(1e-4, schedule.At(steps, steps), 1e-15);
    }

    /// <summary>The rates of the program that Burda et al. published, and how far they are from the paper's: 1.6 % in a stage, 0.03 % of the mean rate.</summary>
    [Fact]
    public void At_StagedRounded_HasTheRatesOfTheProgram()
    {
        var (rounded, exact) = (new LearningRateSchedule { Shape = ScheduleShape.StagedRounded }, new LearningRateSchedule { Shape = ScheduleShape.Staged });
        double[] expected = [1e-3, 7.2e-4, 5.2e-4, 3.7e-4, 2.7e-4, 1.9e-4, 1.4e-4, 1e-4];
        double[] rates = [.. Enumerable.Range(1, 3280).Select(pass => rounded.At(pass, 3280))];
        Assert.Equal(expected, rates.Distinct().Select(rate => Math.Round(rate, 12)));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (int)Math.Pow(3, i)), rates.GroupBy(rate => rate).Select(stage => stage.Count()));
        double[] paper = [.. Enumerable.Range(1, 3280).Select(pass => exact.At(pass, 3280))];
        Assert.InRange(rates.Zip(paper, (a, b) => Math.Abs(a / b - 1)).Max(), 0.015, 0.0165);
        Assert.InRange(Math.Abs(rates.Average() / paper.Average() - 1), 0, 0.0003);
    }

    /// <summary>A stage that falls between two steps begins at the next: off by less than a step.</summary>
    [Fact]
    public void At_StagedOverFewerSteps_KeepsTheSharesOfTheStages()
    {
        var schedule = new LearningRateSchedule { Peak = 1, Shape = ScheduleShape.Staged, WarmupSteps = 7 };
        const int Steps = 1007;
        double[] rates = [.. Enumerable.Range(8, Steps - 7).Select(step => schedule.At(step, Steps))];
        Assert.Equal(rates.OrderDescending(), rates);
        for (var stage = 0; stage < 8; stage++)
        {
            var count = rates.Count(rate => Math.Abs(rate - Math.Pow(10, -stage / 7.0)) < 1e-12);
            Assert.InRange(count, 1000 * Math.Pow(3, stage) / 3280 - 1, 1000 * Math.Pow(3, stage) / 3280 + 1);
        }
    }

    [Fact]
    public void At_DuringWarmUp_RisesLinearlyFromZero()
    {
        var schedule = new LearningRateSchedule { Peak = 1, WarmupSteps = 10 };
        Assert.Equal(0.1, schedule.At(1, 100), 1e-12);
        Assert.Equal(1, schedule.At(10, 100), 1e-12);
        Assert.Equal(1, schedule.At(11, 100), 1e-12);
    }
}
