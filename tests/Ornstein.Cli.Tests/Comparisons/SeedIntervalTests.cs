using Ornstein.Experiments.Comparisons;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.Comparisons;

public class SeedIntervalTests
{
    /// <summary>Of printed tables; for one degree of freedom t is Cauchy's, tan(0.475 pi), for two sqrt(2) 0.95 / sqrt(1 - 0.95^2).</summary>
    [Theory]
    [InlineData(1, 12.7062)]
    [InlineData(2, 4.3027)]
    [InlineData(4, 2.7764)]
    [InlineData(9, 2.2622)]
    [InlineData(30, 2.0423)]
    public void StudentQuantile_DegreesOfFreedom_IsThatOfTheTable(int degrees, double quantile) =>
        Assert.Equal(quantile, SeedInterval.StudentQuantile(degrees), 5e-5);

    [Fact]
    public void StudentQuantile_OneAndTwoDegrees_AreTheClosedForms()
    {
        Assert.Equal(Math.Tan(0.475 * Math.PI), SeedInterval.StudentQuantile(1), 1e-8);
        Assert.Equal(Math.Sqrt(2) * 0.95 / Math.Sqrt(1 - 0.95 * 0.95), SeedInterval.StudentQuantile(2), 1e-8);
    }

    /// <summary>1, 2 and 3 have mean 2 and sample deviation 1.</summary>
    [Fact]
    public void Of_ThreeSeeds_IsTheStudentInterval()
    {
        var interval = SeedInterval.Of([new(1, 9), new(2, 9), new(double.NaN, 9), new(3, 9)]);
        Assert.Equal((2, SpreadKind.Student95), (interval.Value, interval.Spread));
        Assert.Equal(4.3026527 / Math.Sqrt(3), interval.PlusMinus, 1e-6);
    }

    [Fact]
    public void Of_OneSeedOrNone_HasTheErrorOverDataOrNothing()
    {
        Assert.Equal(new SeedInterval(2, 0.5, SpreadKind.DataError), SeedInterval.Of([new(2, 0.5)]));
        Assert.Equal(new SeedInterval(2, double.NaN, SpreadKind.None), SeedInterval.Of([new(2, double.NaN)]));
        Assert.Equal(SeedInterval.None, SeedInterval.Of([Estimate.None]));
    }

    /// <summary>
    /// 20,000 samples of three seeds: the interval holds the mean in 95 % of them. Standard error sqrt(0.95 * 0.05 / 20,000) = 0.0015; four
    /// of them are allowed.
    /// </summary>
    [Fact]
    public void Of_NormalSeeds_CoversTheMeanInNineteenOfTwentyCases()
    {
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var covered = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var interval = SeedInterval.Of([new(Normal(), 0), new(Normal(), 0), new(Normal(), 0)]);
            if (Math.Abs(interval.Value) <= interval.PlusMinus) covered++;
        }

        Assert.Equal(0.95, covered / 20_000.0, 0.0062);
    }
}
