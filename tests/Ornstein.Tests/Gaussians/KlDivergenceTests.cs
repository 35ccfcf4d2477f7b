using CsCheck;
using Ornstein.Gaussians;
using Ornstein.Randomness;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Gaussians;

public class KlDivergenceTests
{
    [Fact]
    public void Between_TwoGaussians_AgreesWithMonteCarlo()
    {
        const int Count = 200_000;
        Gen.Select(Gen.Double[-1, 1], Gen.Double[0.3, 2], Gen.Double[-1, 1], Gen.Double[0.3, 2]).Sample(
            values =>
            {
                var (m, s, mu, sigma) = values;
                using var scope = NewDisposeScope();
                var q = Gaussian(m, s);
                var p = Gaussian(mu, sigma);
                var closed = KlDivergence.Between(q, p).item<float>();
                var eps = RandomKey.FromSeed(7).Normal(Count).to(ScalarType.Float64);
                var z = eps.Times(s).Plus(m);
                var ratio = (z.Minus(mu).Over(sigma).Squared().Over(2).Plus(Math.Log(sigma)) - eps.Squared().Over(2)).Minus(Math.Log(s));
                var error = ratio.std().item<double>() / Math.Sqrt(Count);
                var mean = ratio.mean().item<double>();
                Assert.InRange(closed, mean - (6 * error) - 1e-4, mean + (6 * error) + 1e-4);
            },
            iter: 20, threads: 1);
    }

    [Fact]
    public void Between_EqualGaussians_IsZero() => Assert.Equal(0, KlDivergence.Between(Gaussian(0.3, 0.7), Gaussian(0.3, 0.7)).item<float>(), 1e-6);

    [Fact]
    public void FromStandard_AnyGaussian_EqualsBetweenItAndTheStandardOne() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[0.05, 3]).Sample(
            values =>
            {
                using var scope = NewDisposeScope();
                var q = Gaussian(values.Item1, values.Item2);
                var expected = KlDivergence.Between(q, Gaussian(0, 1)).item<float>();
                Assert.Equal(expected, KlDivergence.FromStandard(q).item<float>(), 1e-4 * Math.Max(1, expected));
            },
            iter: 50, threads: 1);

    [Fact]
    public void Between_SeveralUnits_SumsOverThem()
    {
        using var scope = NewDisposeScope();
        var key = RandomKey.FromSeed(1);
        var q = new DiagonalGaussian(key.At("m").Normal(2, 3, 5), key.At("s").Uniform(2, 3, 5).Plus(0.5));
        var p = new DiagonalGaussian(key.At("mu").Normal(2, 3, 5), key.At("sigma").Uniform(2, 3, 5).Plus(0.5));
        var whole = KlDivergence.Between(q, p);
        var parts = zeros(2, 3);
        for (var unit = 0; unit < 5; unit++)
        {
            parts = parts.Plus(KlDivergence.Between(
                new DiagonalGaussian(q.Mean.narrow(2, unit, 1), q.StandardDeviation.narrow(2, unit, 1)),
                new DiagonalGaussian(p.Mean.narrow(2, unit, 1), p.StandardDeviation.narrow(2, unit, 1))));
        }

        Assert.Equal([2, 3], whole.shape);
        Assert.True(allclose(whole, parts, 1e-5, 1e-5));
    }

    [Fact]
    public void Between_OneStandardDeviationForAllRows_Broadcasts()
    {
        using var scope = NewDisposeScope();
        var q = new DiagonalGaussian(RandomKey.FromSeed(1).Normal(2, 4, 3), TensorCreation.Filled([2, 1, 3], 0.5));
        var p = new DiagonalGaussian(zeros(2, 4, 3), TensorCreation.Filled([2, 1, 3], 2));
        var spread = new DiagonalGaussian(q.Mean, TensorCreation.Filled([2, 4, 3], 0.5));
        Assert.True(allclose(KlDivergence.Between(q, p), KlDivergence.Between(spread, p), 1e-6, 1e-6));
    }

    private static DiagonalGaussian Gaussian(double mean, double deviation) => new(TensorCreation.Filled([1, 1, 1], mean), TensorCreation.Filled([1, 1, 1], deviation));
}
