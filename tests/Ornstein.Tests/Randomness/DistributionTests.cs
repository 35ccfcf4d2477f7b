using MathNet.Numerics.Distributions;
using Ornstein.Randomness;

namespace Ornstein.Tests.Randomness;

/// <summary>
/// The numbers of fixed keys against the distributions that they claim. A correct generator fails one of these for fewer than one in 10^5
/// keys: bounds on means are six standard errors (2e-9 each) unless a probability is named.
/// </summary>
public class DistributionTests
{
    private const int Count = 1 << 20;
    private const double Sigmas = 6;

    // Dvoretzky, Kiefer, Wolfowitz and Massart: a gap of more than this has a probability below 2 exp(-2 n gap^2) = 1e-6.
    private static readonly double _gap = Math.Sqrt(Math.Log(2 / 1e-6) / (2.0 * Count));

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 32)]
    [InlineData(-1)]
    public void FillNormal_ManyNumbers_AreNormal(long seed)
    {
        var x = Normal(RandomKey.FromSeed(seed), Count);
        // Moments of N(0, 1): 0, 1, 0, 3, 0, 15, 0, 105; var x^k = E x^2k - (E x^k)^2.
        AssertMean(x.Select(v => (double)v), 0, 1);
        AssertMean(x.Select(v => Math.Pow(v, 2)), 1, 2);
        AssertMean(x.Select(v => Math.Pow(v, 3)), 0, 15);
        AssertMean(x.Select(v => Math.Pow(v, 4)), 3, 96);
        Assert.InRange(Gap(x, v => MathNet.Numerics.Distributions.Normal.CDF(0, 1, v)), 0, _gap);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 32)]
    [InlineData(-1)]
    public void FillUniform_ManyNumbers_AreUniform(long seed)
    {
        var x = Uniform(RandomKey.FromSeed(seed), Count);
        Assert.InRange(x.Min(), 0, 1);
        Assert.InRange(x.Max(), 0, MathF.BitDecrement(1));
        // E u^k = 1 / (k + 1); multiples of 2^-24 move it by less than 2^-24, which is a tenth of a thousandth of a standard error.
        for (var k = 1; k <= 4; k++)
        {
            var mean = 1.0 / (k + 1);
            AssertMean(x.Select(v => Math.Pow(v, k)), mean, (1.0 / ((2 * k) + 1)) - (mean * mean));
        }

        Assert.InRange(Gap(x, v => v), 0, _gap + (1.0 / (1 << 24)));
    }

    [Fact]
    public void FillNormal_EveryTwoPlacesOfABlock_AreNotCorrelated()
    {
        // 32 places: the eight lanes' low and high halves, as cosines and sines. Squares too: a pair shares its radius.
        var x = Normal(RandomKey.FromSeed(1), Count);
        const int Width = 2 * RandomStream.Width, Rows = Count / Width;
        var bound = Sigmas / Math.Sqrt(Rows); // both factors have variance 1
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j < i; j++)
            {
                double product = 0, squares = 0;
                for (var row = 0; row < Count; row += Width)
                {
                    double a = x[row + i], b = x[row + j];
                    product += a * b;
                    squares += ((a * a) - 1) * ((b * b) - 1) / 2;
                }

                Assert.InRange(product / Rows, -bound, bound);
                Assert.InRange(squares / Rows, -bound, bound);
            }
        }
    }

    [Fact]
    public void FillUniform_NumbersUpTo64Apart_AreNotCorrelated()
    {
        double[] x = [.. Uniform(RandomKey.FromSeed(2), Count).Select(v => (v - 0.5) * Math.Sqrt(12))];
        for (var lag = 1; lag <= 64; lag++) AssertMean(x.Skip(lag).Zip(x, (a, b) => a * b), 0, 1);
    }

    [Fact]
    public void FillNormal_KeysThatDifferInOneBit_AreNotCorrelated()
    {
        const int Few = 20_000;
        var key = RandomKey.FromSeed(0);
        var x = Normal(key, Few);
        for (var bit = 0; bit < 64; bit++)
        {
            var y = Normal(new RandomKey(key.Value ^ (1UL << bit)), Few);
            AssertMean(x.Zip(y, (a, b) => (double)a * b), 0, 1);
        }
    }

    [Fact]
    public void FillPermutation_ManyKeys_GivesEveryOrderAsOften()
    {
        const int Orders = 24, PerOrder = 1000;
        var counts = new Dictionary<int, int>();
        var order = new int[4];
        for (var i = 0; i < Orders * PerOrder; i++)
        {
            RandomKey.FromSeed(0).At(i).FillPermutation(order);
            var name = order.Aggregate(0, (digits, digit) => (digits * 10) + digit);
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        var statistic = counts.Values.Sum(count => Math.Pow(count - PerOrder, 2) / PerOrder);
        Assert.Equal(Orders, counts.Count);
        Assert.InRange(statistic, ChiSquared.InvCDF(Orders - 1, 1e-6), ChiSquared.InvCDF(Orders - 1, 1 - 1e-6));
    }

    private static float[] Normal(RandomKey key, int count)
    {
        var x = new float[count];
        key.FillNormal(x);
        return x;
    }

    private static float[] Uniform(RandomKey key, int count)
    {
        var x = new float[count];
        key.FillUniform(x);
        return x;
    }

    private static void AssertMean(IEnumerable<double> values, double mean, double variance)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value;
            count++;
        }

        var bound = Sigmas * Math.Sqrt(variance / count);
        Assert.InRange((sum / count) - mean, -bound, bound);
    }

    // Kolmogorov and Smirnov's statistic: the largest distance between the sample's distribution function and the claimed one.
    private static double Gap(float[] x, Func<double, double> distribution)
    {
        Array.Sort(x);
        var gap = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var expected = distribution(x[i]);
            gap = Math.Max(gap, Math.Max(((i + 1.0) / x.Length) - expected, expected - ((double)i / x.Length)));
        }

        return gap;
    }
}
