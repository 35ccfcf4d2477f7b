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

    private static float[] Values(Tensor tensor)
    {
        using (tensor) return tensor.data<float>().ToArray();
    }
}
