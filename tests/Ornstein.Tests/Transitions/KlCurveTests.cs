using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

/// <summary>Made curves whose levels and crossings have a closed form.</summary>
public sealed class KlCurveTests
{
    private const double Threshold = 0.05, Vanished = Threshold / 10;
    private static readonly double[] _rhos = [0, 0.2, 0.4, 0.6, 1];

    /// <summary>Active above a tenth of the largest KL, but above no more than the larger of the threshold and 0.05 nats, and above no less than what counts as collapsed.</summary>
    [Theory]
    [InlineData(0.05, 0.2, 0.03, 0, 0.4)] // a tenth: 0.02
    [InlineData(0.05, 1, 0.03, 0, 0.2)] // 0.05, where a tenth is 0.1
    [InlineData(0.02, 1, 0.03, 0, 0.2)] // 0.05, though the threshold is less
    [InlineData(0.1, 2, 0.07, 0, 0.2)] // the threshold: 0.1
    [InlineData(0.05, 0.3, 0.035, 0.02, 0.2)] // twice what is left: 0.04, where a tenth is 0.03
    [InlineData(0.05, 0.3, 0.035, 0.016, 0.4)] // twice what is left: 0.032
    public void Low_LastPointOfSomeKl_IsThereWhereThatIsActive(double threshold, double most, double some, double left, double low) =>
        Assert.Equal(low, Curve(_rhos, [most, 0.75 * most, some, left, left], threshold).Low);

    [Fact]
    public void Course_KlOfTheThresholdItself_HasReachedItAndIsNotBelow()
    {
        Assert.Equal(KlCourse.Falls, Curve([0, 1], [Threshold, 0]).Course);
        Assert.Equal(KlCourse.NeverFalls, Curve([0, 1], [0, Threshold]).Course);
        Assert.Equal(KlCourse.NeverActive, Curve([0, 1], [0.9 * Threshold, 0]).Course);
    }

    [Fact]
    public void ActiveFrom_ActiveAtTheLowestRho_IsNone()
    {
        Assert.Null(Curve(_rhos, [1, 1, 0.5, 0, 0]).ActiveFrom);
        Assert.Equal(0.2, Curve(_rhos, [0, 1, 0.5, 0, 0]).ActiveFrom);
    }

    /// <summary>Between two rhos there is a straight line alone. What counts as vanished is a tenth of the threshold, or twice what is left.</summary>
    [Theory]
    [InlineData(0.8, 0, 0.005)]
    [InlineData(0.8, 0.02, 0.04)]
    [InlineData(0.3, -0.001, 0.005)] // an estimated KL can be below 0
    public void Critical_OfTwoRhos_IsWhereTheStraightLineHasVanished(double below, double above, double level)
    {
        var curve = Curve([0.2, 0.6], [below, above]);
        Assert.Equal(0.2 + (0.4 * (below - level) / (below - above)), curve.Critical, 1e-12);
        Assert.Equal((0.2, 0.6), (curve.Low, curve.High));
        Assert.Equal((below - above) / 0.4, curve.Sharpness, 1e-12);
    }

    /// <summary>The line through (0.4, 0.4) and (0.6, 0.1), carried on, and not the interpolation, which bends.</summary>
    [Fact]
    public void Critical_LastTwoPointsThatFall_IsWhereTheirLineIsZero() => Assert.Equal(0.6 + (0.1 / 1.5), Curve(_rhos, [0.9, 0.6, 0.4, 0.1, 0]).Critical, 1e-12);

    /// <summary>
    /// No line falls there. Level on both sides of the fall, PCHIP has no slope at its ends: 1 - 3 t^2 + 2 t^3 over its length, which is y at t = 1/2 + sin(asin(1 - 2 y) / 3).
    /// </summary>
    [Fact]
    public void Critical_LevelUpToTheFall_IsWhereTheInterpolationHasVanished() =>
        Assert.Equal(0.4 + (0.2 * (0.5 + Math.Sin(Math.Asin(1 - (2 * Vanished)) / 3))), Curve(_rhos, [1, 1, 1, 0, 0]).Critical, 1e-9);

    /// <summary>
    /// With three rhos as far apart as each other the fall ends at the last one, where PCHIP takes its slope from all three: 1.5 times that of the chord. So it is (3 u - u^3) / 2 at a distance u from its
    /// end in units of its length, which is y at u = 2 sin(asin(y) / 3).
    /// </summary>
    [Fact]
    public void Critical_OfThreeRhos_IsInterpolatedToo() =>
        Assert.Equal(1 - (0.5 * 2 * Math.Sin(Math.Asin(Vanished) / 3)), Curve([0, 0.5, 1], [1, 1, 0]).Critical, 1e-9);

    /// <summary>A line through points that rise would have its zero below them.</summary>
    [Fact]
    public void Critical_LastTwoPointsThatRise_LiesBehindThem()
    {
        var curve = Curve(_rhos, [0.5, 0.6, 1, 0, 0]);
        Assert.Equal((0.4, 0.6), (curve.Low, curve.High));
        // A maximum has no slope, nor has what is level behind it: the same cubic.
        Assert.Equal(0.4 + (0.2 * (0.5 + Math.Sin(Math.Asin(1 - (2 * Vanished)) / 3))), curve.Critical, 1e-9);
    }

    /// <summary>Collapsed is below 0.01 and vanished below 0.005: 0.008 is one and not the other, and the estimate stays within [low, high].</summary>
    [Fact]
    public void Critical_CollapsedBeforeItHasVanished_IsNoFartherThanHigh()
    {
        var curve = Curve(_rhos, [1, 1, 1, 0.008, 0]);
        Assert.Equal((0.6, 0.6), (curve.High, curve.Critical));
    }

    private static KlCurve Curve(double[] rhos, double[] kl, double threshold = Threshold) => new(0, rhos.Zip(kl), threshold);
}
