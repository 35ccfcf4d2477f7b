using Ornstein.Gaussians;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Smoothing;

public class GaussHermiteRuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    public void Of_AnyNumberOfNodes_IsExactForMomentsUpToTwiceTheirNumber(int nodes)
    {
        var (x, w) = GaussHermiteRule.Of(nodes);
        for (var power = 0; power < 2 * nodes; power++)
        {
            var moment = power % 2 == 1 ? 0 : Enumerable.Range(0, power / 2).Aggregate(1.0, (product, k) => product * ((2 * k) + 1));
            var sum = x.Zip(w, (node, weight) => weight * Math.Pow(node, power)).Sum();
            var scale = x.Zip(w, (node, weight) => weight * Math.Pow(Math.Abs(node), power)).Sum();
            Assert.Equal(moment, sum, 1e-12 * Math.Max(1, scale)); // rounding of terms that cancel
        }
    }

    [Fact]
    public void Of_ThreeNodes_IsTheKnownRule()
    {
        var (x, w) = GaussHermiteRule.Of(3);
        Assert.Equal([-Math.Sqrt(3), 0, Math.Sqrt(3)], x.Select(node => Math.Round(node, 12)), (a, b) => Math.Abs(a - b) < 1e-11);
        Assert.Equal([1 / 6.0, 2 / 3.0, 1 / 6.0], w, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_NoNodes_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => GaussHermiteRule.Of(0));

    /// <summary>In every coordinate and in products of them: (x0^a) (x1^b) (x2^c) has the product of the moments 1, 0, 1, 0, 3, 0.</summary>
    [Fact]
    public void Make_ThreeUnits_IsExactForProductsOfMoments()
    {
        double[] moments = [1, 0, 1, 0, 3, 0];
        var (points, weights) = GaussHermiteRule.Make(nodes: 3, units: 3);
        using (points)
        using (weights)
        {
            Assert.Equal([27, 3], points.shape);
            Assert.Equal([27], weights.shape);
            var (x, w) = (points.data<float>().ToArray(), weights.data<float>().ToArray());
            for (var powers = 0; powers < 6 * 6 * 6; powers++)
            {
                int[] power = [powers % 6, powers / 6 % 6, powers / 36];
                // 27 terms with a rounding of 6e-8 or so for each of up to 16 factors.
                var (sum, scale) = (0.0, 0.0);
                for (var i = 0; i < 27; i++)
                {
                    var term = w[i] * Enumerable.Range(0, 3).Aggregate(1.0, (product, unit) => product * Math.Pow(x[(3 * i) + unit], power[unit]));
                    (sum, scale) = (sum + term, scale + Math.Abs(term));
                }

                Assert.Equal(power.Aggregate(1.0, (product, degree) => product * moments[degree]), sum, 16 * 6e-8 * Math.Max(1, scale));
            }
        }
    }

    /// <summary>4,096 points are allowed, 4,097 are not.</summary>
    [Fact]
    public void RequirePoints_AtTheLimit_RefusesWhatIsBeyond()
    {
        GaussHermiteRule.RequirePoints(8, 4);
        Assert.Contains("4.1E+03 points, more than 4096", Assert.Throws<OrnsteinException>(() => GaussHermiteRule.RequirePoints(4097, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ACubeInTwoUnits_IsExact()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([0.6], new SmoothingOptions { Draws = 4, Sampler = SmoothingSampler.GaussHermite });
        var z = tensor(new[] { 0.5f, -1f, 2f, 0.3f }, [1, 2, 2]);
        var layer = new DiagonalGaussian(zeros(1, 2, 2), ones(1, 2, 2));
        var result = operation.Apply(
            points => new DiagonalGaussian(points.Power(3).sum([-1L], keepdim: true), ones_like(points)), layer, z,
            StackNoise.Shared(RandomKey.FromSeed(1)), "here");
        // E (a + b e)^3 = a^3 + 3 a b^2 with a = 0.6 z, b^2 = 0.64.
        var a = z.Times(0.6);
        Assert.True(allclose(result.Mean, a.Power(3).Plus(a.Times(3 * 0.64)).sum([-1L], keepdim: true), 1e-5, 1e-5));
    }

    [Fact]
    public void Apply_TooManyUnits_SaysWhatWouldBeRight()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([0.6], new SmoothingOptions { Draws = 8, Sampler = SmoothingSampler.GaussHermite });
        var z = zeros(1, 2, 16);
        var error = Assert.Throws<OrnsteinException>(() => operation.Apply(
            points => new DiagonalGaussian(points, points), new DiagonalGaussian(z, ones_like(z)), z, StackNoise.Shared(RandomKey.FromSeed(1)), "here"));
        Assert.Contains("16 units", error.Message, StringComparison.Ordinal);
        Assert.Contains("antithetic", error.Message, StringComparison.Ordinal);
    }
}
