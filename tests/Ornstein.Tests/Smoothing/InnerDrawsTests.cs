using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Smoothing;

public class InnerDrawsTests
{
    private const int Batch = 3, Units = 5;
    private const string Place = "place";

    private static readonly RandomKey _key = RandomKey.FromSeed(11);

    public static TheoryData<SmoothingSampler, int> WithoutTensors => new(
        from sampler in new[] { SmoothingSampler.Iid, SmoothingSampler.Antithetic }
        from draws in Enumerable.Range(1, 5)
        select (sampler, draws));

    [Theory]
    [MemberData(nameof(WithoutTensors))]
    public void Fill_IidOrAntithetic_WritesThePointsOfMake(SmoothingSampler sampler, int draws)
    {
        using var scope = NewDisposeScope();
        var options = new SmoothingOptions { Sampler = sampler, Draws = draws };
        var points = new float[draws * Batch * Units];
        InnerDraws.Fill(options, _key.At(Place), points);
        var made = InnerDraws.Make(options, StackNoise.Shared(_key), Place, Batch, Units);
        Assert.Equal(draws, made.Count);
        Assert.Equal(made.Points.contiguous().data<float>().ToArray(), points);
        Assert.Equal(points.Length, points.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(WithoutTensors))]
    public void FillMean_IidOrAntithetic_WritesThatOfMakeMean(SmoothingSampler sampler, int draws)
    {
        using var scope = NewDisposeScope();
        var options = new SmoothingOptions { Sampler = sampler, Draws = draws };
        var points = Enumerable.Repeat(7f, Batch * Units).ToArray();
        InnerDraws.FillMean(options, _key.At(Place), points);
        var made = InnerDraws.MakeMean(options, StackNoise.Shared(_key), Place, Batch, Units);
        Assert.Equal(1, made.Count);
        // A quotient of two roundings at most: by float here, by double there.
        var expected = made.Points.expand(1, 1, Batch, Units).contiguous().data<float>().ToArray();
        for (var i = 0; i < points.Length; i++) Assert.Equal(expected[i], points[i], 4e-7 * Math.Abs(expected[i]));
    }

    [Fact]
    public void FillMean_ManyRows_HasTheVarianceOfAMeanOfTheDraws()
    {
        const int Count = 20_000;
        foreach (var (sampler, draws, variance) in new[] { (SmoothingSampler.Iid, 4, 1 / 4.0), (SmoothingSampler.Antithetic, 3, 1 / 9.0), (SmoothingSampler.Antithetic, 4, 0) })
        {
            var points = Enumerable.Repeat(1f, Count).ToArray();
            InnerDraws.FillMean(new SmoothingOptions { Sampler = sampler, Draws = draws }, _key, points);
            // The standard error of a sample variance of normal numbers is variance sqrt(2 / n).
            Assert.Equal(variance, points.Average(value => (double)value * value), 6 * variance * Math.Sqrt(2.0 / Count));
        }
    }

    [Theory]
    [InlineData(SmoothingSampler.Sobol)]
    [InlineData(SmoothingSampler.GaussHermite)]
    public void MakeMean_PointsOfARule_IsTheirWeightedMean(SmoothingSampler sampler)
    {
        using var scope = NewDisposeScope();
        var options = new SmoothingOptions { Sampler = sampler, Draws = 3 };
        var all = InnerDraws.Make(options, StackNoise.Shared(_key), Place, Batch, 2);
        var mean = InnerDraws.MakeMean(options, StackNoise.Shared(_key), Place, Batch, 2);
        Assert.Null(mean.Weights);
        Assert.Equal(1, mean.Count);
        var (points, weights) = (all.Points.expand(1, all.Count, Batch, 2), all.Weights?.reshape(-1).data<float>().ToArray());
        var values = mean.Points.expand(1, 1, Batch, 2).contiguous().data<float>().ToArray();
        for (var i = 0; i < Batch * 2; i++)
        {
            var expected = Enumerable.Range(0, (int)all.Count).Sum(draw => (weights?[draw] ?? 1.0 / all.Count) * points[0, draw, i / 2, i % 2].item<float>());
            Assert.Equal(expected, values[i], 1e-6); // sums of a few numbers of size one
        }
    }

    [Fact]
    public void RequireUnits_ALayerBeyondTheRule_IsRefusedForThatRuleAlone()
    {
        foreach (var sampler in Enum.GetValues<SmoothingSampler>())
        {
            var options = new SmoothingOptions { Sampler = sampler, Draws = 3 };
            options.Validate();
            options.RequireUnits(2);
            if (sampler is SmoothingSampler.Sobol or SmoothingSampler.GaussHermite)
                Assert.Contains(sampler == SmoothingSampler.Sobol ? "sampler sobol" : "Gauss-Hermite", Assert.Throws<OrnsteinException>(() => options.RequireUnits(500)).Message, StringComparison.Ordinal);
            else options.RequireUnits(500);
        }

        Assert.Contains("draws is 0", Assert.Throws<OrnsteinException>(() => new SmoothingOptions { Draws = 0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("p and q alone", Assert.Throws<OrnsteinException>(() => new SmoothingOptions { Networks = (SmoothedNetworks)8 }.Validate()).Message, StringComparison.Ordinal);
    }
}
