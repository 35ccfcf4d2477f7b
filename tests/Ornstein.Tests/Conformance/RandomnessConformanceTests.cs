using TorchSharp;

namespace Ornstein.Tests.Conformance;

/// <summary>Generators: the same seed gives the same numbers, whatever else happens in the program.</summary>
public sealed class RandomnessConformanceTests : IDisposable
{
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public static TheoryData<string, Func<torch.Generator, torch.Tensor>> Draws => new()
    {
        { "randn", g => torch.randn([5, 7], generator: g) },
        { "rand", g => torch.rand([5, 7], generator: g) },
        { "randperm", g => torch.randperm(35, generator: g) },
        { "bernoulli", g => torch.bernoulli(torch.full([35], 0.5f), g) },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Draws), DisableDiscoveryEnumeration = true)]
    public void Draw_SameSeed_GivesTheSameNumbers(string name, Func<torch.Generator, torch.Tensor> draw)
    {
        Assert.NotEmpty(name);
        Assert.Equal(Draw(draw, 42), Draw(draw, 42));
        Assert.NotEqual(Draw(draw, 42), Draw(draw, 43));
    }

    [Theory]
    [MemberData(nameof(Draws), DisableDiscoveryEnumeration = true)]
    public void Draw_OtherGeneratorInBetween_ChangesNothing(string name, Func<torch.Generator, torch.Tensor> draw)
    {
        Assert.NotEmpty(name);
        using torch.Generator mine = new(5), other = new(6);
        double[] first = Values(draw(mine));
        draw(other);
        torch.randn(100);
        double[] second = Values(draw(mine));
        using torch.Generator again = new(5);

        Assert.Equal(first, Values(draw(again)));
        Assert.Equal(second, Values(draw(again)));
        Assert.NotEqual(first, second);
    }

    [Theory]
    [MemberData(nameof(Draws), DisableDiscoveryEnumeration = true)]
    public void Draw_SeedsThatDifferAboveThe32ndBit_GiveTheSameNumbers(string name, Func<torch.Generator, torch.Tensor> draw)
    {
        Assert.NotEmpty(name);
        // The processor's Mersenne twister takes 32 bits of a seed: whoever mixes several numbers into one must mix into those.
        Assert.Equal(Draw(draw, 7), Draw(draw, 7 + (1UL << 32)));
        Assert.Equal(Draw(draw, 0), Draw(draw, 1UL << 63));
    }

    [Fact]
    public void ManualSeed_OfAGenerator_StartsItAnew()
    {
        using torch.Generator generator = new(1);
        double[] first = Values(torch.randn([20], generator: generator));
        generator.manual_seed(1);

        Assert.Equal(first, Values(torch.randn([20], generator: generator)));
    }

    [Fact]
    public void Randn_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        using torch.Generator generator = new(1);
        double[] x = Values(torch.randn([100_000], generator: generator));

        Assert.InRange(x.Average(), -0.015, 0.015);
        Assert.InRange(x.Average(v => v * v), 0.97, 1.03);
        Assert.InRange(x.Average(v => v * v * v * v), 2.85, 3.15);
    }

    [Fact]
    public void Bernoulli_ManyDraws_AreOnesAsOftenAsTheProbabilitySays()
    {
        using torch.Generator generator = new(1);
        double[] x = Values(torch.bernoulli(torch.full([100_000], 0.3f), generator));

        Assert.All(x, value => Assert.True(value is 0 or 1));
        Assert.InRange(x.Average(), 0.29, 0.31);
    }

    [Fact]
    public void Randperm_AnySeed_IsAPermutation()
    {
        using torch.Generator generator = new(1);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i), Values(torch.randperm(1000, generator: generator)).Order());
    }

    private static double[] Draw(Func<torch.Generator, torch.Tensor> draw, ulong seed)
    {
        using torch.Generator generator = new(seed);
        return Values(draw(generator));
    }

    private static double[] Values(torch.Tensor tensor) => tensor.to_type(torch.ScalarType.Float64).data<double>().ToArray();
}
