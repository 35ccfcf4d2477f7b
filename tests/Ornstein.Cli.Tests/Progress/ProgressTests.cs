using Ornstein.Cli.Progress;
using Ornstein.Experiments.Progress;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Progress;

public class ProgressTests
{
    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public Action? Tick { get; private set; }

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Tick = () => callback(state);
            return new NoTimer();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            public void Dispose()
            {
            }
        }
    }

    private static ProgressReport At(long step, int failed = 0) => new(
        (int)((step - 1) / 100) + 1, 3, step, 300, 101.24, 120.26, double.NaN, 20100.4,
        TimeSpan.FromSeconds(step), TimeSpan.FromSeconds(300 - step), failed, 8);

    [Fact]
    public void Report_FastEpochs_GivesOnePlainLineAnEpoch()
    {
        using var output = new StringWriter();
        using (var progress = new PlainProgress(output, new Clock()))
        {
            for (int step = 1; step <= 300; step++) progress.Report(At(step));
        }

        string[] lines = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("epoch 1/3  step 100/300  loss 101.2 to 120.3  20,100 images/s  1:40 elapsed, 3:20 left", lines[0]);
        Assert.StartsWith("epoch 3/3  step 300/300", lines[2]);
    }

    [Fact]
    public void Report_SlowEpoch_GivesALineEveryTenSeconds()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using var progress = new PlainProgress(output, clock);
        for (int step = 1; step <= 50; step++)
        {
            clock.Now = TimeSpan.FromSeconds(step);
            progress.Report(At(step, failed: 2));
        }

        Assert.Equal(5, output.ToString().TrimEnd().Split('\n').Length);
        Assert.Contains("2 of 8 models diverged", output.ToString());
    }

    [Fact]
    public void Report_Live_RedrawsOneLineAtMostFiveTimesASecond()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using (var progress = new LiveProgress(output, clock, detect: false))
        {
            for (int step = 1; step <= 100; step++)
            {
                clock.Now = TimeSpan.FromMilliseconds(10 * step);
                progress.Report(At(step));
            }
        }

        string text = output.ToString();
        Assert.InRange(text.Split("epoch ").Length - 1, 5, 7);
        Assert.Single(text.TrimEnd().Split('\n'));
        Assert.Contains("\r\u001b[2K", text);
    }

    [Theory]
    [InlineData(40, "  14 %  4:18 left  epoch 1/3")]
    [InlineData(80, "  14 %  4:18 left  epoch 1/3  loss 101.2 to 120.3")]
    [InlineData(120, "  14 %  4:18 left  epoch 1/3  loss 101.2 to 120.3  2 of 8 models diverged  step 42/300")]
    [InlineData(200, "  14 %  4:18 left  epoch 1/3  loss 101.2 to 120.3  2 of 8 models diverged  step 42/300  20,100 images/s  0:42 elapsed")]
    public void Report_LiveInAWindow_HasTheTimeLeftFirstAndWholePiecesAlone(int columns, string expected)
    {
        using var output = new StringWriter();
        using (var progress = new LiveProgress(output, new Clock(), detect: false, columns)) progress.Report(At(42, columns > 80 ? 2 : 0));
        var line = output.ToString().TrimEnd();
        Assert.True(line.Length < columns, line);
        Assert.Equal(expected, line.TrimStart('━', '─'));
    }

    [Fact]
    public void Report_NoTimeLeftKnown_SaysNone()
    {
        using var plain = new StringWriter();
        using var live = new StringWriter();
        using (var progress = new PlainProgress(plain, new Clock())) progress.Report(At(42) with { Remaining = null });
        using (var progress = new LiveProgress(live, new Clock(), detect: false, 120)) progress.Report(At(42) with { Remaining = null });
        Assert.EndsWith("0:42 elapsed\n", plain.ToString(), StringComparison.Ordinal);
        Assert.Contains("14 %  epoch 1/3  ", live.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_MeasurementInALog_HasALineEveryTenSecondsWithTheTimeLeftOfItsPart()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using var progress = new PlainProgress(output, clock);
        for (int i = 1; i <= 50; i++)
        {
            clock.Now = TimeSpan.FromSeconds(i);
            progress.Report(new MeasurementProgress(i <= 25 ? "objective and KLs" : "information", (i <= 25 ? i : i - 25) / 25.0));
        }

        string[] expected =
        [
            "objective and KLs: 40 %, 0:15 left", "objective and KLs: 80 %, 0:05 left", "information: 20 %, 0:20 left", "information: 60 %, 0:10 left",
            "information: 100 %, 0:00 left",
        ];
        Assert.Equal(expected, output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void Report_MeasurementOfOtherModels_BeginsItsTimesAnew()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using var progress = new PlainProgress(output, clock);
        foreach (var (seconds, share) in new[] { (0, 0.1), (10, 1), (20, 0.5), (30, 0.75) })
        {
            clock.Now = TimeSpan.FromSeconds(seconds);
            progress.Report(new MeasurementProgress("information", share));
        }

        // Of the second models nothing is known when they are first told of.
        Assert.Equal("information: 100 %, 0:00 left\ninformation: 50 %\ninformation: 75 %, 0:10 left\n", output.ToString());
    }

    [Fact]
    public void Report_MeasurementLive_IsDrawnInThePlaceOfTheTrainingAndGoneInTheEnd()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using (var progress = new LiveProgress(output, clock, detect: false, width: 60))
        {
            progress.Report(At(300));
            progress.Note("measuring on 100 held-out data");
            foreach (var share in new[] { 0.25, 0.3, 0.5 })
            {
                clock.Now += TimeSpan.FromMilliseconds(share == 0.3 ? 10 : 1000); // the second one comes too soon to be drawn
                progress.Report(new MeasurementProgress("information", share));
            }
        }

        string[] drawn = output.ToString().Split("\r\u001b[2K");
        Assert.Equal("━━━━━─────────────── information: 25 %", drawn[^3]);
        Assert.Equal("━━━━━━━━━━────────── information: 50 %, 0:02 left", drawn[^2]);
        Assert.StartsWith("━━━━━━━━━━━━━━━━━━━━ 100 %  0:00 left", drawn[^1], StringComparison.Ordinal); // the training's last line stays
    }

    [Fact]
    public void Report_MeasurementAlone_LeavesNothingOnTheTerminal()
    {
        using var output = new StringWriter();
        using (var progress = new LiveProgress(output, new Clock(), detect: false, width: 80)) progress.Report(new MeasurementProgress("objective and KLs", 0.5));
        Assert.Equal("━━━━━━━━━━────────── objective and KLs: 50 %\r\u001b[2K", output.ToString());
    }

    [Fact]
    public void Busy_Live_ShowsThatItGoesOnAndKeepsTheLine()
    {
        using var output = new StringWriter();
        var clock = new Clock();
        using (var progress = new LiveProgress(output, clock, detect: false, width: 40))
        {
            using (progress.Busy("timing a few steps first (about 10 s)"))
            {
                clock.Now = TimeSpan.FromSeconds(3.4);
                clock.Tick!();
            }

            clock.Tick!(); // one that was on its way
            progress.Note("next");
        }

        string[] drawn = output.ToString().Split("\r\u001b[2K");
        Assert.Equal(["timing a few steps first (about 10   0 s", "timing a few steps first (about 10   3 s"], drawn[..2].Select(line => line[..35] + line[^5..]));
        Assert.All(drawn[..2], line => Assert.True(line.Length < 40, line));
        Assert.Equal("timing a few steps first (about 10 s)\nnext\n", drawn[2]);
    }

    [Fact]
    public void Busy_Plain_SaysTheLineOnce()
    {
        using var output = new StringWriter();
        using (IRunProgress progress = new PlainProgress(output, new Clock()))
        using (progress.Busy("timing a few steps first")) progress.Note("next");
        Assert.Equal("timing a few steps first\nnext\n", output.ToString());
    }

    [Fact]
    public void Report_LiveBetweenRedraws_AllocatesNothing()
    {
        using var progress = new LiveProgress(TextWriter.Null, new Clock(), detect: false);
        progress.Report(At(1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 2; step <= 100; step++) progress.Report(At(step));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Note_BothDisplays_KeepTheLine()
    {
        using var plain = new StringWriter();
        using var live = new StringWriter();
        using (var progress = new PlainProgress(plain, new Clock())) progress.Note("model 3 [rho 0.5] diverged");
        using (var progress = new LiveProgress(live, new Clock(), detect: false)) progress.Note("model 3 [rho 0.5] diverged");
        Assert.Equal("model 3 [rho 0.5] diverged\n", plain.ToString());
        Assert.Contains("model 3 [rho 0.5] diverged\n", live.ToString());
    }

    [Fact]
    public void Note_ControlCharacters_AreEscaped()
    {
        using var plain = new StringWriter();
        using var live = new StringWriter();
        using (var progress = new PlainProgress(plain, new Clock())) progress.Note("data \u001b[2J");
        using (var progress = new LiveProgress(live, new Clock(), detect: false)) progress.Note("data \u001b[2J");
        Assert.Equal("data \\x1b[2J\n", plain.ToString());
        Assert.Equal("data \\x1b[2J\n", live.ToString());
    }

    [Theory]
    [InlineData(5, "0:05")]
    [InlineData(65, "1:05")]
    [InlineData(3605, "1:00:05")]
    public void Time_Seconds_ReadsAsAClock(int seconds, string text) =>
        Assert.Equal(text, ProgressText.Time(TimeSpan.FromSeconds(seconds)));
}
