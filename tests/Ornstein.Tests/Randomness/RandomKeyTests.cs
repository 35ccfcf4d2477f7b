using CsCheck;
using Ornstein.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Randomness;

public class RandomKeyTests
{
    [Fact]
    public void Normal_SameKey_GivesTheSameNumbers()
    {
        var key = RandomKey.FromSeed(5).At(17).At("z1");
        Assert.Equal(Values(key.Normal(1000)), Values(RandomKey.FromSeed(5).At(17).At("z1").Normal(1000)));
    }

    [Fact]
    public void At_DifferentSeedStepOrPlace_GivesOtherNumbers()
    {
        var keys = new[]
        {
            RandomKey.FromSeed(5).At(17).At("z1"), RandomKey.FromSeed(6).At(17).At("z1"), RandomKey.FromSeed(-5).At(17).At("z1"),
            RandomKey.FromSeed(5).At(18).At("z1"), RandomKey.FromSeed(5).At(17).At("z2"), RandomKey.FromSeed(17).At(5).At("z1"),
        };
        Assert.Equal(keys.Length, keys.Select(key => Values(key.Normal(4))[0]).Distinct().Count());
    }

    [Fact]
    public void At_ManyStepsAndPlaces_NeverGivesTheSameKeyTwice()
    {
        var keys = from seed in Enumerable.Range(0, 10)
                   from step in Enumerable.Range(0, 2000)
                   from place in new[] { "z1", "z2", "z3", "smooth.p1", "smooth.p2" }
                   select RandomKey.FromSeed(seed).At(step).At(place).Value;
        Assert.Equal(100_000, keys.Distinct().Count());
    }

    [Fact]
    public void Normal_NeighbouringSteps_AreNotCorrelated()
    {
        const int Count = 100_000;
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(0);
        var product = (key.At(1).Normal(Count) * key.At(2).Normal(Count)).mean().item<float>();
        Assert.InRange(product, -6 / Math.Sqrt(Count), 6 / Math.Sqrt(Count));
    }

    [Fact]
    public void Permutation_OfAnyCount_HoldsEveryNumberOnce() => Gen.Int[1, 500].Sample(
        count =>
        {
            using var order = RandomKey.FromSeed(count).Permutation(count);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), order.data<long>().ToArray().Order());
        },
        iter: 20, threads: 1);

    [Fact]
    public void Draws_WithAGlobalSeedSetInBetween_DoNotChange()
    {
        var before = Values(RandomKey.FromSeed(1).Normal(10));
#pragma warning disable RS0030 // The global generator is touched on purpose: nothing may depend on it.
        random.manual_seed(99);
#pragma warning restore RS0030
        Assert.Equal(before, Values(RandomKey.FromSeed(1).Normal(10)));
    }

    [Theory]
    [InlineData]
    [InlineData(1L)]
    [InlineData(3L, 5L, 7L)]
    [InlineData(0L, 5L)]
    public void Draws_AsTensorAndAsSpan_AreTheSameNumbers(params long[] shape)
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(4);
        var filled = new float[shape.Aggregate(1L, (product, length) => product * length)];

        key.FillNormal(filled);
        Assert.Equal(shape, key.Normal(shape).shape);
        Assert.Equal(filled, Values(key.Normal(shape)));
        key.FillUniform(filled);
        Assert.Equal(shape, key.Uniform(shape).shape);
        Assert.Equal(filled, Values(key.Uniform(shape)));

        var order = new int[filled.Length];
        key.FillPermutation(order);
        var tensor = key.Permutation(order.Length);
        Assert.Equal(order.Select(i => (long)i), tensor.numel() == 0 ? [] : tensor.data<long>().ToArray());
    }

    [Fact]
    public void Normal_OfTwoGibibytes_SaysSo()
    {
        var error = Assert.Throws<OrnsteinException>(() => RandomKey.FromSeed(0).Normal(1 << 20, 512));
        Assert.Contains("[1048576, 512] takes 2147483648 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_KeysThatDifferAboveThe32ndBit_GivesOtherNumbers()
    {
        float[] low = new float[100], high = new float[100];
        new RandomKey(7).FillNormal(low);
        new RandomKey(7 + (1UL << 32)).FillNormal(high);
        Assert.Empty(low.Intersect(high));
    }

    [Fact]
    public void Fill_OnSeveralThreads_GivesTheSameNumbersAsOnOne()
    {
        float[][] alone = [.. Enumerable.Range(0, 8).Select(i => Filled(i))];
        var together = new float[8][];
        Parallel.For(0, 8, i => together[i] = Filled(i));
        Assert.Equal(alone, together);

        static float[] Filled(int seed)
        {
            var values = new float[10_001];
            RandomKey.FromSeed(seed).FillNormal(values);
            return values;
        }
    }

    [Fact]
    public void Fill_AnyDraw_AllocatesNothing()
    {
        var key = RandomKey.FromSeed(1);
        var numbers = new float[1003];
        var order = new int[1003];
        Draw();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Draw();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Draw()
        {
            key.At("place").FillNormal(numbers);
            key.At(3).FillUniform(numbers);
            key.FillPermutation(order);
        }
    }

    private static float[] Values(Tensor tensor)
    {
        using (tensor) return tensor.numel() == 0 ? [] : tensor.data<float>().ToArray(); // ToArray fails where there is nothing
    }
}
