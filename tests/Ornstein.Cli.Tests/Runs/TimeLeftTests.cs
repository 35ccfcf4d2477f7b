using Ornstein.Experiments.Runs;

namespace Ornstein.Cli.Tests.Runs;

public class TimeLeftTests
{
    private const int Steps = 20_000, Epochs = 20;
    private const double Step = 0.01, PrintedEvery = 0.2;

    /// <summary>Code is compiled in the first step: it says nothing of the others.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(60)]
    public void After_ASlowStartWithoutAnEstimate_IsRightFromTheSecondLineOn(double compilation)
    {
        var lines = Printed(new TimeLeft(null), step => compilation + (step * Step));
        Assert.Null(lines[0].Left);
        Assert.All(lines[1..], AssertWithinAThird);
    }

    /// <summary>The estimate speaks until the slow steps are in no pace; what follows the training is in the time left.</summary>
    [Fact]
    public void After_SlowStepsWithAnEstimate_IsRightFromTheFirstLineOn()
    {
        const int Slow = 10;
        var estimate = new RunEstimate(0, 100) { Training = Steps * Step * 1.2, Afterwards = 30 };
        var lines = Printed(new TimeLeft(estimate), step => (Math.Min(step, Slow) * 0.4) + (step * Step));
        Assert.All(lines, line => Assert.InRange(line.Left!.Value - 30, line.True * 2 / 3, line.True * 4 / 3));
        Assert.Equal(30, lines[^1].Left!.Value, 1e-6);
    }

    /// <summary>A machine that becomes half as fast: two epochs later the time left has noticed.</summary>
    [Fact]
    public void After_APaceThatChanges_FollowsIt()
    {
        const int Change = Steps / 2;
        var left = new TimeLeft(null);
        double At(int step) => (step * Step) + (Math.Max(0, step - Change) * Step);
        for (var step = 1; step <= Change + (3 * Steps / Epochs); step++)
        {
            var said = left.After(TimeSpan.FromSeconds(At(step)), step, Steps, Epochs);
            if (step > Change + (2.2 * Steps / Epochs)) AssertWithinAThird((step, said!.Value.TotalSeconds, At(Steps) - At(step)));
        }
    }

    /// <summary>Curves that are measured after every epoch are in the pace.</summary>
    [Fact]
    public void After_PausesBetweenEpochs_AreInThePace()
    {
        const int PerEpoch = Steps / Epochs;
        const double Pause = 10;
        static double At(int step) => (step * Step) + ((step - 1) / PerEpoch * Pause);
        var lines = Printed(new TimeLeft(null), At).Where(line => line.Step > 2 * PerEpoch && line.Step < Steps - PerEpoch);
        // Where a pause is what is next, or what has just been, it is a matter of luck whether it is in the time left.
        Assert.All(lines, line => Assert.InRange(line.Left!.Value, (line.True * 2 / 3) - Pause, (line.True * 4 / 3) + Pause));
    }

    /// <summary>A lid that was closed for hours, a process that was stopped: what is left is what it was before. It used to say hundreds of hours.</summary>
    [Fact]
    public void After_HoursOfStandingStill_IsAsBefore()
    {
        const int Stop = (Steps / 2) + 7;
        static double At(int step) => (step * Step) + (step > Stop ? 3 * 3600 : 0);
        var lines = Printed(new TimeLeft(null), At);
        Assert.Contains(lines, line => line.Step > Stop);
        Assert.All(lines[1..], line => AssertWithinAThird((line.Step, line.Left, (Steps - line.Step) * Step)));
    }

    private static void AssertWithinAThird((int Step, double? Left, double True) line) =>
        Assert.True(line.Left >= (line.True * 2 / 3) - 1e-6 && line.Left <= (line.True * 4 / 3) + 1e-6, $"{line}");

    // What a display prints of it that redraws so often.
    private static (int Step, double? Left, double True)[] Printed(TimeLeft left, Func<int, double> at)
    {
        var (lines, last) = (new List<(int, double?, double)>(), double.NegativeInfinity);
        for (var step = 1; step <= Steps; step++)
        {
            var said = left.After(TimeSpan.FromSeconds(at(step)), step, Steps, Epochs);
            if (at(step) - last < PrintedEvery && step < Steps) continue;
            last = at(step);
            lines.Add((step, said?.TotalSeconds, at(Steps) - at(step)));
        }

        return [.. lines];
    }
}
