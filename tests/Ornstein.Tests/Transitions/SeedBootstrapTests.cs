using Ornstein.Transitions;

namespace Ornstein.Tests.Transitions;

public class SeedBootstrapTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(20)]
    public void Interval_OfNormalValues_CoversTheMean(int count)
    {
        // 95 % nominally. With two values the percentiles are these values, and the widened interval is 9.2 half-ranges instead of
        // Student's 12.7: 93.1 %. 1,000 trials have a standard error of 0.8 %.
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var covered = Enumerable.Range(0, 1000).Count(_ =>
        {
            double[] values = [.. Enumerable.Range(0, count).Select(_ => 0.8 + (0.05 * Normal()))];
            var (low, high) = SeedBootstrap.Interval(values, 1000)!.Value;
            return low <= 0.8 && 0.8 <= high;
        });
        Assert.InRange(covered / 1000.0, 0.931 - (4 * 0.008), 1);
        Assert.InRange(covered / 1000.0, 0, 0.985); // not wide for nothing
    }

    [Fact]
    public void Interval_OfOneValue_IsNone() => Assert.Null(SeedBootstrap.Interval([0.8], 1000));

    [Fact]
    public void Interval_OfEqualValues_IsThatValue() => Assert.Equal((0.75, 0.75), SeedBootstrap.Interval([0.75, 0.75, 0.75, 0.75], 1000));

    [Fact]
    public void Interval_OfManyValues_IsThatOfTheNormalApproximation()
    {
        double[] values = [.. Enumerable.Range(0, 400).Select(i => i / 399.0)];
        var (low, high) = SeedBootstrap.Interval(values, 20_000)!.Value;
        // Standard error of the mean of 400 equally spaced values: 0.2894 / 20. Its bootstrap quantiles are known to 2 %.
        Assert.Equal(0.5 - (1.966 * 0.2894 / 20), low, 0.001);
        Assert.Equal(0.5 + (1.966 * 0.2894 / 20), high, 0.001);
    }
}
