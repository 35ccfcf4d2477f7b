using CsCheck;
using Ornstein.Remedies;

namespace Ornstein.Tests.Remedies;

public class ScheduleTests
{
    private static TrainingClock At(double progress) => new((long)(progress * 1000), 10, 1000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 0.25)]
    [InlineData(0.2, 1)]
    [InlineData(1, 1)]
    public void KlWarmUpAt_Linear_RisesOverItsEpochs(double progress, double weight) =>
        Assert.Equal(weight, new KlWarmUp { Epochs = 20 }.At(At(progress)), 12);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0625, 0.5)]
    [InlineData(0.125, 1)]
    [InlineData(0.2, 1)]
    [InlineData(0.25, 0)]
    [InlineData(0.3125, 0.5)]
    [InlineData(1, 1)]
    public void KlWarmUpAt_Cyclic_RisesInTheFirstHalfOfEachCycle(double progress, double weight) =>
        Assert.Equal(weight, new KlWarmUp { Shape = WarmUpShape.Cyclic, Cycles = 4 }.At(new((long)(progress * 10_000), 10, 10_000)), 12);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.6, 0.5)]
    [InlineData(0.8, 0.25)]
    [InlineData(1, 0)]
    public void FreeBitsAt_Cooldown_FallsToZeroAtTheEnd(double progress, double nats) =>
        Assert.Equal(nats, new FreeBits { Nats = 0.5, Cooldown = 0.4 }.At(At(progress)), 12);

    [Fact]
    public void RhoAnnealingAt_LowestFirst_MovesOneLinkAfterAnother()
    {
        var annealing = new RhoAnnealing { To = [1, 0.8], Until = 0.5, Order = AnnealingOrder.LowestFirst };
        Assert.Equal([0.2, 0.2], Both(annealing, 0));
        Assert.Equal([0.6, 0.2], Both(annealing, 0.125));
        Assert.Equal([1, 0.2], Both(annealing, 0.25));
        Assert.Equal([1, 0.5], Both(annealing, 0.375));
        Assert.Equal([1, 0.8], Both(annealing, 0.5));
        Assert.Equal([1, 0.8], Both(annealing, 1));
        Assert.Equal([0.6, 0.8], Both(annealing with { Order = AnnealingOrder.HighestFirst }, 0.375));
    }

    [Fact]
    public void RhoAnnealingAt_ByEpoch_StaysWithinAnEpochAndEndsAtTheFinalRho()
    {
        var annealing = new RhoAnnealing { Until = 1, ByEpoch = true };
        var rhos = Enumerable.Range(0, 41).Select(step => annealing.At(0.5, 0, 1, new(step, 10, 40))).ToArray();
        Assert.Equal([0.5, 0.625, 0.75, 0.875], rhos[..40].Chunk(10).Select(epoch => Assert.Single(epoch.Distinct())));
        Assert.Equal(1, rhos[40]);
    }

    // The interval halving ends within one rounding of ln r, of size at most 50.5 * 1.1e-16; delta's slope in ln r is at most 1.
    [Fact]
    public void CommittedRateCapOf_AnyRate_IsTheCapThatKeepsIt() => Gen.Double[0, 50].Sample(nats =>
    {
        var cap = CommittedRate.CapOf(nats);
        Assert.InRange(cap, 0, 1);
        Assert.Equal(nats, CommittedRate.OfCap(cap), 1e-13);
    });

    private static double[] Both(RhoAnnealing annealing, double progress) =>
        [.. Enumerable.Range(0, 2).Select(link => Math.Round(annealing.At(0.2, link, 2, At(progress)), 12))];
}
