using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Made curves whose transition is known.</summary>
public sealed class CodeLocatorTests
{
    private const double Error = 0.0005, Resolution = 0.02;

    private static readonly double[] _coarse = [0, 0.2, 0.4, 0.6, 0.8, 1];
    private static readonly double[] _fine = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];

    [Fact]
    public void Of_InformationThatLeavesZeroLinearly_IsContinuousThere()
    {
        var found = Of(_fine, 4, (rho, _) => Math.Max(0, 0.3 * (0.55 - rho)));
        Assert.Equal(TransitionKind.Continuous, found.Kind);
        // The line through the last two alive points is the curve itself: only the noise of the values, some 3 errors over the slope, moves it.
        Assert.Equal(0.55, found.Estimate!.Value, 3 * Error * 4 / 0.3);
        Assert.InRange(0.55, found.Low!.Value, found.High!.Value + (0.005 / 0.3));
        Assert.Equal(3.0 / 5, found.NextSeedProbability!.Value, 12);
    }

    [Fact]
    public void Of_InformationThatVanishesAtOnce_IsAJumpWhereTheRhosAreCloseAndSteepWhereNot()
    {
        static double Value(double rho, int seed) => rho < 0.55 ? 0.2 : 0;
        Assert.Equal(TransitionKind.Jump, Of(_fine, 3, Value).Kind);
        var coarse = Of(_coarse, 3, Value);
        Assert.Equal(TransitionKind.Steep, coarse.Kind);
        Assert.Equal((0.4, 0.6), (coarse.Low, coarse.High));
    }

    [Fact]
    public void Of_SeedsInTwoStates_GivesSharesAndNoMean()
    {
        var found = Of(_coarse, 5, (rho, seed) => rho < (seed < 2 ? 0.3 : 0.7) ? 0.2 : 0);
        Assert.Equal(TransitionKind.Bistable, found.Kind);
        Assert.Null(found.Estimate);
        Assert.Equal((0.2, 0.8), (found.Low, found.High));
        Assert.Equal([(0, 5), (0.2, 5), (0.4, 3), (0.6, 3), (0.8, 0), (1, 0)], found.States.Select(state => (state.Rho, state.Alive)));
    }

    /// <summary>
    /// Falls as steep as two linear levels have with a variance ratio g of about 20, ln(1 + 9.4 d) / 2 at a distance d: 0.09 nats at 0.02 and 0.04 at 0.01. They are continuous wherever the
    /// rhos tried lie, and seeds that end 0.015 apart have a common mean.
    /// </summary>
    [Theory]
    [InlineData(0.95, 0.95)]
    [InlineData(0.959, 0.959)]
    [InlineData(0.95, 0.935)]
    [InlineData(0.943, 0.958)]
    public void Of_ASteepContinuousFall_IsNoJumpAndNotTwoStates(double first, double second)
    {
        var found = Of(_fine, 2, (rho, seed) => Math.Log(1 + (9.4 * Math.Max(0, (seed == 0 ? first : second) - rho))) / 2);
        Assert.Equal(TransitionKind.Continuous, found.Kind);
        Assert.Equal((first + second) / 2, found.Estimate!.Value, 0.01);
    }

    /// <summary>As refinement leaves the rhos: a long way, and then short ones. The chord over the long way says nothing of the slope at its end.</summary>
    [Theory]
    [InlineData(0.912, 0.912)]
    [InlineData(0.912, 0.904)]
    public void Of_ASteepContinuousFallAfterALongStep_IsNoJumpAndNotTwoStates(double first, double second)
    {
        var found = Of([0, 0.5, 0.9, 0.9125, 0.925], 2, (rho, seed) => Math.Log(1 + (9.4 * Math.Max(0, (seed == 0 ? first : second) - rho))) / 2);
        Assert.True(found.Kind is TransitionKind.Steep or TransitionKind.Continuous);
        Assert.NotNull(found.Estimate);
    }

    /// <summary>Falls half a unit of rho apart have no common mean, however continuous each is; nor has one beside a seed that never lives.</summary>
    [Theory]
    [InlineData(0.4, 0.9)]
    [InlineData(-1, 0.9)]
    public void Of_SeedsThatFallFarApart_AreInTwoStates(double first, double second)
    {
        var found = Of(_fine, 2, (rho, seed) => Math.Max(0, 0.5 * ((seed == 0 ? first : second) - rho)));
        Assert.Equal((TransitionKind.Bistable, null), (found.Kind, found.Estimate));
    }

    [Fact]
    public void Of_SeedsThatDifferAtLowerRhosAlone_AreNotInTwoStatesAtTheTransition()
    {
        // Widths at low rho, where the layer codes in means: some seeds have them and some do not.
        var found = Of(_fine, 4, (rho, seed) => rho < 0.3 ? (seed < 2 ? 0.1 : 0) : Math.Max(0, 0.1 * (0.9 - rho)));
        Assert.Equal(TransitionKind.Continuous, found.Kind);
        Assert.Equal(0.9, found.Estimate!.Value, 3 * Error * 4 / 0.1);
    }

    /// <summary>A wide layer: between bounds that are far apart nothing is seen, which is not to see that there is nothing.</summary>
    [Fact]
    public void Of_ValuesThatMayBeAnything_CannotSay()
    {
        InformationPoint[] wide = [.. _coarse.Select(rho => new InformationPoint(rho, 0, new Estimate(200 - (10 * rho), 190)))];
        Assert.Equal("cannot say: the information of z2 in its widths is uncertain by 380 nats at rho 0", CodeLocator.Of(2, CodePart.Widths, wide, Resolution).Reason);
        InformationPoint[] half = [new(0, 0, new Estimate(5, 1)), new(0.5, 0, new Estimate(0.001, 0.001)), new(1, 0, new Estimate(200, 190))];
        Assert.StartsWith("cannot say", CodeLocator.Of(2, CodePart.Means, half, Resolution).Reason, StringComparison.Ordinal);
        Assert.Null(CodeLocator.Of(2, CodePart.Means, [.. half.Take(2)], Resolution).Reason);
        // A lower bound above zero says that it is there.
        InformationPoint[] bounded = [.. wide.Select(point => point with { IsAboveZero = true })];
        Assert.Equal("no transition: there is information in z2 in its means up to rho 1", CodeLocator.Of(2, CodePart.Means, bounded, Resolution).Reason);
    }

    [Fact]
    public void All_AVerdictByTheLowerBound_CountsForItsPart()
    {
        MemberResult Model(double rho) => TransitionLocatorTests.Member(rho, 0, 150) with
        {
            Kl = [700, 150],
            Information = [new(400, 395), new(212, 207)],
            MeanInformation = [new(390, 385), new(208, 204)],
            WidthInformation = [new(10, 500), new(4, 300)],
            Verdicts = [LayerVerdict.AliveInMeans, LayerVerdict.AliveInMeans],
        };
        var found = CodeLocator.All([Model(0), Model(0.5), Model(1)], Resolution);
        Assert.Equal("no transition: there is information in z2 in its means up to rho 1", found[0].Reason);
        Assert.StartsWith("cannot say: the information of z2 in its widths is uncertain by 600 nats", found[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingButNoise_HasNoTransition()
    {
        var found = Of(_coarse, 4, (_, _) => 0);
        Assert.StartsWith("no transition", found.Reason, StringComparison.Ordinal);
        Assert.False(found.IsEverAlive);
    }

    [Fact]
    public void Of_InformationEverywhere_HasNoTransition() =>
        Assert.Contains("up to rho 1", Of(_coarse, 2, (_, _) => 0.3).Reason, StringComparison.Ordinal);

    [Fact]
    public void Of_ACodeBetweenTwoRhos_IsLocatedAtItsUpperEnd()
    {
        // As widths do: nothing at low rho, where the layer codes in means, and nothing at rho 1.
        var found = Of(_fine, 3, (rho, _) => rho is > 0.3 and < 0.9 ? Math.Min(0.05, 0.5 * (0.9 - rho)) : 0);
        Assert.Equal(0.9, found.Estimate!.Value, 3 * Error * 4 / 0.5);
    }

    /// <summary>Two seeds end at 0.5 and one is alive at no rho: its transition lies below those tried, if there is one, and they bound nothing of a further seed's.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Of_ASeedWhoseTransitionLiesBeyondTheRhosTried_PromisesNothingOfTheNext(double other)
    {
        var found = Of(_coarse, 3, (rho, seed) => rho < (seed == 0 ? other : 0.5) ? 0.3 : 0);
        Assert.Equal((TransitionKind.Bistable, null), (found.Kind, found.NextSeedProbability));
        Assert.Equal(other < 0 ? _coarse[0] : _coarse[^1], other < 0 ? found.Low : found.High);
    }

    [Fact]
    public void Of_OneRhoOrNoNumbers_CannotSay()
    {
        Assert.Contains("two different rhos", Of([0.5], 2, (_, _) => 0.1).Reason, StringComparison.Ordinal);
        Assert.Contains("cannot say", Of(_coarse, 2, (_, _) => double.NaN).Reason, StringComparison.Ordinal);
        Assert.Contains("no seed has a model at every rho", Of(_coarse, 1, (rho, _) => rho == 0.4 ? double.NaN : 0.1).Reason, StringComparison.Ordinal);
    }

    // [min, max] of n exchangeable values holds the next with probability (n - 1) / (n + 1) where values do not tie, and more where they do.
    [Theory]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    public void Of_OneStateOrTwo_CoversTheNextSeedAsOftenAsItSays(int seeds, bool hasTwoStates)
    {
        const int Trials = 2000;
        var random = new Random(seeds);
        double Draw() => hasTwoStates ? (random.NextDouble() < 0.5 ? 0.37 : 0.71) : 0.3 + (0.5 * random.NextDouble());
        var covered = 0;
        var promised = 0.0;
        for (var trial = 0; trial < Trials; trial++)
        {
            double[] ends = [.. Enumerable.Range(0, seeds).Select(_ => Draw())];
            var found = Of(_fine, seeds, (rho, seed) => rho < ends[seed] ? 0.2 : 0);
            promised = found.NextSeedProbability!.Value;
            var next = Draw();
            if (next >= found.Low && next <= found.High) covered++;
        }

        var error = Math.Sqrt(promised * (1 - promised) / Trials);
        Assert.True(covered >= Trials * (promised - (3 * error)), $"{covered} of {Trials}, promised {promised}");
    }

    private static CodeTransition Of(double[] rhos, int seeds, Func<double, int, double> value)
    {
        var random = new Random(7);
        double Noise() => Error * Math.Sqrt(12) * (random.NextDouble() - 0.5);
        InformationPoint[] points =
        [
            .. rhos.SelectMany(rho => Enumerable.Range(0, seeds).Select(seed => new InformationPoint(rho, seed, new Estimate(value(rho, seed) + Noise(), Error)))),
        ];
        return CodeLocator.Of(3, CodePart.Means, points, Resolution);
    }
}
