using Ornstein.Randomness;

namespace Ornstein.Tests.Randomness;

public class RandomStreamTests
{
    public static TheoryData<ulong> Keys => [0, 1, 1UL << 32, 1UL << 63, ulong.MaxValue, RandomKey.FromSeed(3).Value];

    [Fact]
    public void ScalarStream_KnownStates_GivesThePublishedNumbers()
    {
        // The reference itself: the test vectors of the crate rand_xoshiro 0.6, which its authors made with the C code.
        var stream = new ScalarStream(1, 2, 3, 4);
        Assert.Equal([41943041, 58720359, 3588806011781223, 3591011842654386], Enumerable.Range(0, 4).Select(_ => stream.Next()));
        Assert.Equal([1985237415132408290, 2979275885539914483], ScalarStream.SplitMix(1477776061723855037, 2));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Next_AnyKey_IsXoshiroInEightLanes(ulong key)
    {
        const int Steps = 200;
        var stream = new RandomStream(key);
        var drawn = new uint[Steps * RandomStream.Width];
        for (var i = 0; i < Steps; i++)
        {
            var step = stream.Next();
            for (var j = 0; j < RandomStream.Width; j++) drawn[(i * RandomStream.Width) + j] = step[j];
        }

        Assert.Equal(ScalarStream.Integers(key).Take(drawn.Length), drawn);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void FillUniform_AnyKey_IsTheUpper24BitsOfTheIntegers(ulong key)
    {
        var drawn = new float[1000];
        RandomStream.FillUniform(key, drawn);
        Assert.Equal(ScalarStream.Integers(key).Take(1000).Select(n => (n >> 8) / 16777216f), drawn); // exact: 24 bits fit into a float
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void FillNormal_AnyKey_IsBoxMullerOfTheIntegers(ulong key)
    {
        var drawn = new float[320];
        RandomStream.FillNormal(key, drawn);
        uint[][] steps = [.. ScalarStream.Integers(key).Take(drawn.Length).Chunk(RandomStream.Width)];
        for (var i = 0; i < drawn.Length; i++)
        {
            var pair = i / 32 * 2;
            var exact = BoxMullerTests.Exact(steps[pair][i % 16], steps[pair + 1][i % 16], sine: i % 32 >= 16);
            Assert.InRange(drawn[i] - exact, -BoxMullerTests.RelativeError * Math.Abs(exact), BoxMullerTests.RelativeError * Math.Abs(exact));
        }
    }

    [Fact]
    public void Fill_ShorterDraw_IsTheBeginningOfALongerOne()
    {
        float[] normal = new float[200], uniform = new float[200];
        RandomStream.FillNormal(9, normal);
        RandomStream.FillUniform(9, uniform);
        for (var length = 0; length < 200; length++)
        {
            var shorter = new float[length];
            RandomStream.FillNormal(9, shorter);
            Assert.Equal(normal.Take(length), shorter);
            RandomStream.FillUniform(9, shorter);
            Assert.Equal(uniform.Take(length), shorter);
        }
    }

    [Fact]
    public void Below_BoundThatDividesBadly_GivesEveryIntegerAsOften()
    {
        // 3 * 2^29 goes 2.67 times into 2^32: without repeated draws the integers n with n mod 3 = 0, 1, 2 would come with
        // probabilities 3/8, 3/8 and 2/8 (each product's high half is one of three neighbours, of which one has one integer less).
        const uint Bound = 3u << 29;
        const int Count = 60_000;
        var stream = new RandomStream(5);
        var integers = new uint[RandomStream.Width];
        var next = RandomStream.Width;
        var counts = new int[3];
        for (var i = 0; i < Count; i++)
        {
            var drawn = RandomStream.Below(Bound, ref stream, integers, ref next);
            Assert.InRange(drawn, 0, (int)Bound - 1);
            counts[drawn % 3]++;
        }

        // Standard error of a count: sqrt(60000 * 1/3 * 2/3) = 115; six of them are 693, and the bias would be 2500 or more.
        Assert.All(counts, count => Assert.InRange(count, (Count / 3) - 693, (Count / 3) + 693));
    }
}
