using Ornstein.Studies.Numbers;
using Ornstein.Transitions;

namespace Ornstein.Cli.Tests.Studies.Numbers;

/// <summary>What a curve of KLs says of the training that is still to come.</summary>
public class SeedGrowthTests
{
    private const double Threshold = 0.05;
    private static readonly double[] _epochs = [.. Enumerable.Range(1, 40).Select(epoch => (double)epoch)];

    [Theory]
    [InlineData(0.001, 0.02, nameof(GrowthState.Growing))]
    [InlineData(0.02, -0.05, nameof(GrowthState.Shrinking))]
    [InlineData(2, 0.001, nameof(GrowthState.Alive))]
    [InlineData(2, 0.02, nameof(GrowthState.Moving))]
    [InlineData(2, -0.02, nameof(GrowthState.Moving))]
    public void Of_SteadyCurve_IsTheSignOfItsGrowth(double first, double rate, string state)
    {
        var growth = SeedGrowth.Of(3, [.. _epochs.Select(epoch => first * Math.Exp(rate * epoch))], _epochs, Threshold)!;
        Assert.Equal((3, state), (growth.Seed, $"{growth.State}"));
        Assert.Equal(rate, growth.Rate.Value, 1e-9);
        Assert.Equal(state is not (nameof(GrowthState.Growing) or nameof(GrowthState.Moving)), growth.IsSettled);
    }

    /// <summary>The study's first edition called a layer settled that dipped to 0.0024 nats and was at 0.025 and rising at the end.</summary>
    [Fact]
    public void Of_ALayerThatDipsAndRises_IsNotSettled()
    {
        double[] kl = [.. _epochs.Select(epoch => epoch <= 20 ? 0.05 * Math.Exp(-0.152 * epoch) : 0.0024 * Math.Exp(0.117 * (epoch - 20)))];
        Assert.Equal(0.025, kl[^1], 0.001);
        Assert.Equal(GrowthState.Growing, SeedGrowth.Of(0, kl, _epochs, Threshold)!.State);
    }

    /// <summary>Around 0.0001 nats without a trend it is at rest; around 0.03, from where its noise may lift it, nothing is said.</summary>
    [Theory]
    [InlineData(0.0001, nameof(GrowthState.AtRest))]
    [InlineData(0.03, nameof(GrowthState.Undecided))]
    public void Of_NoiseWithoutTrend_IsAtRestOnlyFarBelowTheThreshold(double level, string state)
    {
        double[] kl = [.. _epochs.Select(epoch => level * Math.Exp(0.3 * ((int)epoch * 7 % 5 - 2) / 2.0))];
        Assert.Equal(state, $"{SeedGrowth.Of(0, kl, _epochs, Threshold)!.State}");
    }

    /// <summary>A KL of exactly 0 once was at rest whatever its error, since no rate leads away from it; one of 1e-10 was not.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-10)]
    [InlineData(GrowthRate.LeastKl)]
    public void Of_AWalkThatEndsAtNothing_IsNotAtRestFromRounding(double last)
    {
        var random = new Random(3);
        double[] kl = [.. _epochs.Select(epoch => epoch < 40 ? 1e-5 * Math.Exp(6 * (random.NextDouble() - 0.5)) : last)];
        Assert.NotEqual(GrowthState.AtRest, SeedGrowth.Of(0, kl, _epochs, Threshold)!.State);
    }

    /// <summary>Noise around a floor: too noisy for a walk, and the longer the more so; a line says that it stays.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void Of_NoiseAroundAFloor_CouldWakeByAWalkAndNotByALine(int epochs)
    {
        var random = new Random(4);
        double[] time = [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)], kl = [.. time.Select(_ => 2e-5 * Math.Exp(3 * (random.NextDouble() - 0.5)))];
        var growth = SeedGrowth.Of(0, kl, time, Threshold)!;
        Assert.Equal((true, false), (growth.CouldWake, growth.CouldWakeByLine));
    }

    [Fact]
    public void Of_FewEpochsOrADivergedModel_SaysNothing()
    {
        Assert.Null(SeedGrowth.Of(0, [1, 2, 3, 4], [1, 2, 3, 4], Threshold));
        Assert.Null(SeedGrowth.Of(0, [.. _epochs.Select(epoch => epoch > 30 ? double.NaN : 1)], _epochs, Threshold));
    }
}
