using CsCheck;
using Ornstein.Optimization;
using Ornstein.Remedies;
using Ornstein.Stacks;
using Ornstein.Training;

namespace Ornstein.Tests.Training;

public class ScheduleWarningsTests
{
    private const int PerEpoch = 20;

    [Fact]
    public void Of_AWarmUpLongerThanTheTraining_SaysTheWeightThatTheKlsEndWith()
    {
        // The last of 40 steps sees 39 done: 39 / 20 epochs of 20.
        Assert.Equal(
            ["warm-up takes 20 epochs and the training has 2: the KLs end with a weight of 0.0975, so results are those of a model trained for less"],
            Of(new Remedy { WarmUp = new KlWarmUp { Epochs = 20 } }, epochs: 2));
        Assert.Contains("0.0975 times beta", Assert.Single(Of(new Remedy { WarmUp = new KlWarmUp { Epochs = 20 }, Beta = [0.5] }, epochs: 2)));
    }

    [Fact]
    public void Of_CyclesOfOneStep_SayTheWeightThatTheKlsEndWith()
    {
        // As many cycles as steps: every step is the first of its cycle.
        var sentence = Assert.Single(Of(new Remedy { WarmUp = new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = 40 } }, epochs: 2));
        Assert.StartsWith("cyclic warm-up has 40 cycles in 40 steps", sentence, StringComparison.Ordinal);
        Assert.Contains("a weight of 0,", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RhoThatMovesByEpochUpToTheEnd_SaysWhereItEnds() => Assert.Equal(
        // The last of four epochs is trained at three quarters of the way from 0.2, and from 0.6.
        ["annealed rho moves from epoch to epoch and is not at its end in the last step: the training ends with rho 0.8 to 0.9, and results are measured "
            + "at 1"],
        ScheduleWarnings.Of(
            [.. new[] { 0.2, 0.6 }.Select(rho => new Member(rho, 0) { Remedy = new Remedy { Annealing = new RhoAnnealing { Until = 1, ByEpoch = true } } })],
            2, new TrainingOptions { Epochs = 4 }, PerEpoch));

    [Fact]
    public void Of_ACooldownWithinOneStep_SaysTheAllowanceThatStays() => Assert.Contains(
        "they end at 0.5 nats", Assert.Single(Of(new Remedy { FreeBits = new FreeBits { Cooldown = 0.01 } }, epochs: 2)), StringComparison.Ordinal);

    [Fact]
    public void Of_AnAggressivePhaseBeyondTheTraining_SaysSo() => Assert.StartsWith(
        "aggressive updates of the encoder last 5 epochs and the training has 2",
        Assert.Single(Of(new Remedy { Aggressive = new AggressiveEncoder() }, epochs: 2)), StringComparison.Ordinal);

    [Fact]
    public void Of_ALearningRateThatNeverReachesItsPeak_SaysWhatItEndsAt() => Assert.Equal(
        ["the learning rate rises over 80 steps and the training has 40 steps: it ends at 0.0005 and never reaches 0.001"],
        Rate(new LearningRateSchedule { WarmupSteps = 80, Shape = ScheduleShape.Cosine }));

    [Fact]
    public void Of_StagesInASingleStep_AreNotReached() => Assert.Equal(
        ["the staged learning rate has 1 step to fall in: it ends at 0.001, not at 0.0001"],
        Rate(new LearningRateSchedule { WarmupSteps = 39, Shape = ScheduleShape.Staged }));

    [Fact]
    public void Of_RoundedStagesInASingleStep_AreNotReached() => Assert.Equal(
        ["the staged-rounded learning rate has 1 step to fall in: it ends at 0.001, not at 0.0001"],
        Rate(new LearningRateSchedule { WarmupSteps = 39, Shape = ScheduleShape.StagedRounded }));

    /// <summary>All of these end with the training: their last step is one increment short, or at the end.</summary>
    [Fact]
    public void Of_SchedulesThatEndWithTheTraining_SaysNothing()
    {
        Remedy[] remedies =
        [
            Remedy.None,
            new() { WarmUp = new KlWarmUp { Epochs = 20 }, Beta = [4] },
            new() { WarmUp = new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = 200 } },
            new() { Annealing = new RhoAnnealing { Until = 1 } },
            new() { Annealing = new RhoAnnealing { Until = 1, Order = AnnealingOrder.HighestFirst, To = [1, 0.5] } },
            new() { Annealing = new RhoAnnealing { Until = 0.95, ByEpoch = true } },
            new() { FreeBits = new FreeBits { Cooldown = 1 } },
            new() { Aggressive = new AggressiveEncoder { Epochs = 20 } },
        ];
        Assert.All(remedies, remedy => Assert.Empty(Of(remedy, epochs: 20)));
        Assert.All(Enum.GetValues<ScheduleShape>(), shape => Assert.Empty(Rate(new LearningRateSchedule { Shape = shape })));
        Assert.All(Enum.GetValues<ScheduleShape>(), shape => Assert.Empty(Rate(new LearningRateSchedule { Shape = shape, WarmupSteps = 40 })));
    }

    [Fact]
    public void Of_MembersThatShareACause_SaysItOnce()
    {
        var remedy = new Remedy { WarmUp = new KlWarmUp { Epochs = 20 } };
        var members = Member.Grid([0, 0.5, 1], [0, 1]).Select(member => member with { Remedy = remedy with { CommittedRate = member.Rho[0] } });
        Assert.Single(ScheduleWarnings.Of([.. members], 2, new TrainingOptions { Epochs = 2 }, PerEpoch));
    }

    /// <summary>
    /// The rule. A ramp of n steps, n any positive number, has moved by (N - 1) / n of its range before the last of N steps, at most by all of it. One
    /// increment is 1 / n of the range, so that the last step is off by more than it where N &lt; n, and by all of the range where N = 1, or
    /// where the ramp lies in the last step alone. A warm-up begins with the training; a cooldown of n steps is off by 1 / n unless n &lt;= 1; a rho
    /// that moves by epoch has moved by (E - 1) / E of the training in the last of its E epochs.
    /// </summary>
    [Fact]
    public void Of_AnyRamp_WarnsWhereTheLastStepIsOffByMoreThanAnIncrement() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 9], Gen.Int[1, 60], Gen.Int[1, 20]).Sample((epochs, perEpoch, sixth, twentieth) =>
        {
            var (steps, options) = (epochs * perEpoch, new TrainingOptions { Epochs = epochs });
            bool Warns(Remedy remedy) => ScheduleWarnings.Of([new Member(0.3, 0) { Remedy = remedy }], 1, options, perEpoch).Count > 0;
            var length = sixth / 6.0; // epochs
            Assert.Equal(6 * steps < sixth * perEpoch || steps == 1, Warns(new() { WarmUp = new KlWarmUp { Epochs = length } }));
            var share = twentieth / 20.0;
            Assert.Equal(twentieth * steps <= 20, Warns(new() { FreeBits = new FreeBits { Cooldown = share } }));
            // (E - 1) / E < until, by more than a step of 1 / N, or nothing has moved.
            Assert.Equal(
                (20 * (epochs - 1) * perEpoch) + 20 < twentieth * steps || epochs == 1,
                Warns(new() { Annealing = new RhoAnnealing { Until = share, ByEpoch = true } }));
            Assert.Equal(steps == 1, Warns(new() { Annealing = new RhoAnnealing { Until = share } }));
            Assert.Equal(sixth * perEpoch > 6 * steps, Warns(new() { Aggressive = new AggressiveEncoder { Epochs = length } }));
        });

    private static IReadOnlyList<string> Of(Remedy remedy, int epochs) =>
        ScheduleWarnings.Of([new Member(0.5, 0) { Remedy = remedy }], 2, new TrainingOptions { Epochs = epochs }, PerEpoch);

    private static IReadOnlyList<string> Rate(LearningRateSchedule schedule) =>
        ScheduleWarnings.Of([new Member(0.5, 0)], 2, new TrainingOptions { Epochs = 2, LearningRate = schedule }, PerEpoch);
}
