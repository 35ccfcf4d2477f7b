using Ornstein.Results;
using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Made curves without noise, at the edges of the rules that tell one kind of transition from another.</summary>
public sealed class CodeLocatorKindTests
{
    private const double Error = 0.0005;
    private static readonly double[] _coarse = [0, 0.2, 0.4, 0.6, 0.8, 1];
    private static readonly double[] _fine = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];

    /// <summary>Two seeds are alive everywhere, and two at the lowest rho alone: much is 4 thresholds, of 0.005, and 4 times what the most of the dead have, within their errors.</summary>
    [Theory]
    [InlineData(0.3, 0.021, 0, true)]
    [InlineData(0.3, 0.019, 0, false)]
    [InlineData(0.05, 0.041, 0.01, true)]
    [InlineData(0.05, 0.039, 0.01, false)]
    public void Of_SomeSeedsAliveAndOthersNot_IsBistableWhereTheLeastAliveHasMuchMoreThanTheMostDead(double more, double least, double dead, bool isBistable)
    {
        InformationPoint[] points =
        [
            .. _coarse.SelectMany(rho => new InformationPoint[]
            {
                new(rho, 0, new(more, Error)), new(rho, 1, new(least, Error)),
                new(rho, 2, rho > 0 ? new(dead, 0.006) : new(0.3, Error)), new(rho, 3, new(rho > 0 ? 0 : 0.3, Error)),
            }),
        ];
        var found = CodeLocator.Of(3, CodePart.Means, points, 0.02);
        Assert.Equal(isBistable ? TransitionKind.Bistable : null, found.Kind);
        Assert.Equal(isBistable ? null : "cannot say: seeds disagree on z3 in its means at the ends of the rhos tried; train longer or with more seeds", found.Reason);
    }

    /// <summary>Too little for two states, and one of the seeds has no transition between the rhos tried: no number is given.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Of_LittleInformationThatOneSeedHasEverywhereOrNowhere_CannotSay(double until)
    {
        var found = Of(_coarse, rho => rho < 0.5 ? 0.01 : 0, rho => rho <= until ? 0.01 : 0);
        Assert.Equal("cannot say: seeds disagree on z3 in its means at the ends of the rhos tried; train longer or with more seeds", found.Reason);
        Assert.Equal((null, null, null, null), (found.Kind, found.Estimate, found.Low, found.High));
    }

    [Fact]
    public void Of_ARhoBetweenAtWhichNoneIsAlive_LooksAtTheOthers()
    {
        var found = Of(_coarse, rho => rho < 0.1 ? 0.2 : 0, rho => rho < 0.1 || rho == 0.6 ? 0.2 : 0);
        Assert.Equal((TransitionKind.Bistable, 0.0, 0.8), (found.Kind, found.Low, found.High));
    }

    /// <summary>Seeds that fall continuously are in one state where they fall within a tenth of rho, from the first rho at which one is dead to the last at which another is alive.</summary>
    [Theory]
    [InlineData(0.42, 0.54, false)] // 0.42 to 0.52
    [InlineData(0.42, 0.56, true)] // 0.42 to 0.54
    public void Of_ContinuousFalls_AreInOneStateWithinATenthOfRho(double first, double second, bool isBistable)
    {
        var found = Of(_fine, rho => 0.5 * Math.Max(0, first - rho), rho => 0.5 * Math.Max(0, second - rho));
        Assert.Equal(isBistable ? TransitionKind.Bistable : TransitionKind.Continuous, found.Kind);
        if (!isBistable) Assert.Equal((first + second) / 2, found.Estimate!.Value, 1e-9);
    }

    /// <summary>However near to each other: one that ends at once, and one that does not end, have left the other behind.</summary>
    [Theory]
    [InlineData(0.35, 0.41)]
    [InlineData(0.95, 2)]
    public void Of_AFallAtOnceNextToAnother_IsInTwoStates(double first, double second) =>
        Assert.Equal(TransitionKind.Bistable, Of(_fine, rho => rho < first ? 0.2 : 0, rho => rho < second ? 0.2 : 0).Kind);

    /// <summary>Its last two alive values are level, which is no fall at once where they are little: below 4 thresholds.</summary>
    [Fact]
    public void Of_LittleLeftBeforeTheEnd_IsNoFallAtOnce() =>
        Assert.Equal(TransitionKind.Continuous, Of(_fine, rho => 0.5 * Math.Max(0, 0.42 - rho), rho => rho < 0.45 ? 0.2 : rho < 0.49 ? 0.015 : 0).Kind);

    [Fact]
    public void Of_HalfOfTheSeedsFallAtOnce_IsContinuousAndMoreAreAJump()
    {
        static double AtOnce(double rho) => rho < 0.41 ? 0.2 : 0;
        static double Slowly(double rho) => 0.5 * Math.Max(0, 0.42 - rho);
        Assert.Equal(TransitionKind.Continuous, Of(_fine, AtOnce, Slowly).Kind);
        Assert.Equal(TransitionKind.Jump, Of(_fine, AtOnce, Slowly, AtOnce).Kind);
    }

    /// <summary>A step before the end of up to 4 times the one behind it tells the slope there; a longer one does not, nor does the end say more where the next rho is farther than the resolution.</summary>
    [Theory]
    [InlineData(0.58, 0.6, TransitionKind.Jump)]
    [InlineData(0.59, 0.61, TransitionKind.Steep)]
    [InlineData(0.58, 0.61, TransitionKind.Steep)]
    public void Of_AFallAtOnceAfterALongStep_IsAJumpWhereTheStepTellsTheSlope(double last, double dead, TransitionKind kind) =>
        Assert.Equal(kind, Of([0, 0.5, last, dead, 1], rho => rho <= last ? 0.2 : 0).Kind);

    /// <summary>Nothing lies before their end, so nothing says that it is no fall at once; each has its own between the rhos tried.</summary>
    [Fact]
    public void Of_MuchAtTheLowestRhoAlone_IsSteepAndHalfwayToTheNext()
    {
        var found = Of(_coarse, rho => rho < 0.1 ? 0.2 : 0, rho => rho < 0.1 ? 0.3 : 0);
        Assert.Equal((TransitionKind.Steep, 0.1, 0.0, 0.2), (found.Kind, found.Estimate, found.Low, found.High));
        Assert.Equal(1.0 / 3, found.NextSeedProbability!.Value, 1e-12);
    }

    /// <summary>The last two alive values, at 0.2 and at 0.4: their line is zero at the estimate, but no farther than 0.6; where it does not fall, halfway is all that can be said.</summary>
    [Theory]
    [InlineData(0.25, 0.1, 0.4 + (0.2 * 0.1 / 0.15))]
    [InlineData(0.25, 0.2, 0.6)]
    [InlineData(0.2, 0.2, 0.5)]
    [InlineData(0.1, 0.2, 0.5)]
    public void Of_OneSeed_IsWhereTheLineThroughItsLastValuesIsZero(double before, double last, double estimate) =>
        Assert.Equal(estimate, Of(_coarse, rho => rho < 0.3 ? before : rho < 0.5 ? last : 0).Estimate!.Value, 1e-12);

    [Fact]
    public void Of_SeveralSeeds_SaysOfEveryRhoWhatTheAliveHaveOnAverage()
    {
        var states = Of([0, 0.5, 1], rho => rho < 1 ? 0.1 : 0, rho => rho < 1 ? 0.4 : 0, rho => rho < 0.5 ? 0.1 : 0.004).States;
        Assert.Equal([(0.0, 3, 3), (0.5, 2, 3), (1.0, 0, 3)], states.Select(state => (state.Rho, state.Alive, state.Seeds)));
        Assert.Equal((0.1 + 0.4 + 0.1) / 3, states[0].AliveInformation, 1e-12);
        Assert.Equal((0.1 + 0.4) / 2, states[1].AliveInformation, 1e-12);
        Assert.Equal(double.NaN, states[2].AliveInformation);
    }

    [Fact]
    public void Of_InformationUpToTheHighestRho_SaysWhetherHigherWasTried()
    {
        Assert.Equal("no transition: there is information in z3 in its means up to rho 0.6; higher was not tried", Of([0, 0.2, 0.6], _ => 0.3).Reason);
        Assert.Equal("no transition: there is information in z3 in its means up to rho 1", Of([0, 0.2, 1], _ => 0.3).Reason);
    }

    [Fact]
    public void Of_ValuesThatMayBeAnything_NamesTheLeastCertain()
    {
        double[] errors = [100, 150, 50];
        InformationPoint[] points = [.. errors.Select((error, i) => new InformationPoint(i / 2.0, 0, new(40, error)))];
        Assert.Equal("cannot say: the information of z3 in its means is uncertain by 300 nats at rho 0.5", CodeLocator.Of(3, CodePart.Means, points, 0.02).Reason);
    }

    /// <summary>What is uncertain at a lower rho than the last at which the seed is alive moves no end.</summary>
    [Fact]
    public void Of_AValueThatMayBeAnythingBelowTheEnd_DoesNotMatter()
    {
        InformationPoint[] points = [new(0, 0, new(0.2, Error)), new(0.2, 0, new(5, 10)), new(0.4, 0, new(0.2, Error)), new(0.6, 0, new(0, Error))];
        var found = CodeLocator.Of(3, CodePart.Means, points, 0.02);
        Assert.Equal((null, 0.4, 0.6), (found.Reason, found.Low, found.High));
    }

    [Fact]
    public void All_ModelsOfThreeLayers_HaveBothPartsOfTheSecondAndTheThird()
    {
        var members = _coarse.Select(rho => TransitionLocatorTests.Member(rho, 0, 0.1) with { Kl = [15, 1, 0.1] });
        Assert.Equal(
            [(2, CodePart.Means), (2, CodePart.Widths), (3, CodePart.Means), (3, CodePart.Widths)],
            CodeLocator.All([.. members], 0.02).Select(code => (code.Layer, code.Part)));
    }

    private static CodeTransition Of(double[] rhos, params Func<double, double>[] seeds) => CodeLocator.Of(
        3, CodePart.Means, [.. seeds.SelectMany((value, seed) => rhos.Select(rho => new InformationPoint(rho, seed, new(value(rho), Error))))], 0.02);
}
