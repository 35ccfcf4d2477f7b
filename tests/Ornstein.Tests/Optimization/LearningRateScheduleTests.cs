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

    [Fact]
    public void At_DuringWarmUp_RisesLinearlyFromZero()
    {
        var schedule = new LearningRateSchedule { Peak = 1, WarmupSteps = 10 };
        Assert.Equal(0.1, schedule.At(1, 100), 1e-12);
        Assert.Equal(1, schedule.At(10, 100), 1e-12);
        Assert.Equal(1, schedule.At(11, 100), 1e-12);
    }
}
