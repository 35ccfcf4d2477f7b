using CsCheck;
using Ornstein.Gaussians;
using Ornstein.Randomness;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using Ornstein.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Smoothing;

/// <summary>Every closed form is compared within six standard errors of the mean over K draws, computed from the exact variance.</summary>
public class SmoothingOperatorTests
{
    private const int Draws = 4000;

    private static readonly Gen<(double Rho, double M, double S, double Z)> _points =
        Gen.Select(Gen.Double[0, 1], Gen.Double[-2, 2], Gen.Double[0.1, 2], Gen.Double[-2, 2]);

    [Fact]
    public void Apply_OfASquare_IsTheClosedForm() => _points.Sample(
        point =>
        {
            var (rho, m, s, z) = point;
            var (a, b) = Inner(rho, m, s, z);
            var error = Math.Sqrt((4 * a * a * b * b) + (2 * b * b * b * b));
            AssertSmoothed(value => value.Squared(), rho, m, s, z, (a * a) + (b * b), error);
        },
        iter: 40, threads: 1);

    [Fact]
    public void Apply_OfACube_IsTheClosedForm() => _points.Sample(
        point =>
        {
            var (rho, m, s, z) = point;
            var (a, b) = Inner(rho, m, s, z);
            var mean = (a * a * a) + (3 * a * b * b);
            var sixth = Math.Pow(a, 6) + (15 * Math.Pow(a, 4) * b * b) + (45 * a * a * Math.Pow(b, 4)) + (15 * Math.Pow(b, 6));
            AssertSmoothed(value => value.Power(3), rho, m, s, z, mean, Math.Sqrt(Math.Max(0, sixth - (mean * mean))));
        },
        iter: 40, threads: 1);

    [Fact]
    public void Apply_OfAnExponential_IsTheClosedForm() => _points.Sample(
        point =>
        {
            var (rho, m, s, z) = point;
            var (a, b) = Inner(rho, m, s, z);
            const double T = 0.7;
            var mean = Math.Exp((T * a) + (T * T * b * b / 2));
            AssertSmoothed(value => value.Times(T).exp(), rho, m, s, z, mean, mean * Math.Sqrt(Math.Exp(T * T * b * b) - 1));
        },
        iter: 40, threads: 1);

    [Fact]
    public void Apply_OfACosine_IsTheClosedForm() => _points.Sample(
        point =>
        {
            // In the layer's coordinates: U_rho cos(w .) = exp(-w^2 s^2 (1 - rho^2) / 2) cos(w (m + rho (z - m))).
            var (rho, m, s, z) = point;
            var (a, b) = Inner(rho, m, s, z);
            const double W = 1.5;
            AssertSmoothed(value => value.Times(W).cos(), rho, m, s, z, Math.Exp(-W * W * b * b / 2) * Math.Cos(W * a), 1);
        },
        iter: 40, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Apply_OfAHermitePolynomial_MultipliesItByRhoToItsDegree(int degree)
    {
        const double Rho = 0.6;
        foreach (var z in new[] { -1.5, 0.3, 2.0 })
        {
            var expected = Math.Pow(Rho, degree) * Hermite(degree, z);
            // Variance of h_k(rho z + c e) given z, by the same expansion: sum over j < k of rho^2j c^2(k-j) C(k, j) h_j(z)^2.
            var variance = Enumerable.Range(0, degree).Sum(j =>
                Math.Pow(Rho, 2 * j) * Math.Pow(1 - (Rho * Rho), degree - j) * Binomial(degree, j) * Math.Pow(Hermite(j, z), 2));
            AssertSmoothed(value => Hermite(degree, value), Rho, 0, 1, z, expected, Math.Sqrt(variance));
        }
    }

    [Fact]
    public void Apply_AntitheticToAnAffineFunction_IsExact() => _points.Sample(
        point =>
        {
            var (rho, m, s, z) = point;
            var options = new SmoothingOptions { Draws = 2, Sampler = SmoothingSampler.Antithetic };
            var smoothed = Smooth(value => value.Times(3).Minus(1), rho, m, s, z, options);
            Assert.Equal((3 * (m + (rho * (z - m)))) - 1, smoothed, 1e-5); // float32 rounding of numbers of size 10
        },
        iter: 100, threads: 1);

    /// <summary>An affine mean w z has, at one z, the mean w (m + rho (z - m)) and the variance (w s)^2 (1 - rho^2) n, n that of the mean draw.</summary>
    [Theory]
    [InlineData(SmoothingSampler.Iid, 1, 1.0)]
    [InlineData(SmoothingSampler.Iid, 9, 1.0 / 9)]
    [InlineData(SmoothingSampler.Antithetic, 4, 0)]
    [InlineData(SmoothingSampler.Antithetic, 5, 1.0 / 25)]
    [InlineData(SmoothingSampler.GaussHermite, 3, 0)]
    public void Apply_ToAFunctionCalledAffine_HasTheLawOfTheMeanOverDraws(SmoothingSampler sampler, int draws, double noise)
    {
        const int Rows = 40_000;
        const double Rho = 0.6, M = 0.5, S = 1.7, Z = 2, W = 3;
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([Rho], new SmoothingOptions { Draws = draws, Sampler = sampler });
        var layer = new DiagonalGaussian(TensorCreation.Filled([1, Rows, 1], M), TensorCreation.Filled([1, Rows, 1], S));
        foreach (var isAffine in new[] { true, false })
        {
            var calls = 0L;
            var result = operation.Apply(
                points =>
                {
                    calls = points.shape[1];
                    return new DiagonalGaussian(points.Times(W), ones(1, 1, 1));
                },
                layer, TensorCreation.Filled([1, Rows, 1], Z), StackNoise.Shared(RandomKey.FromSeed(3)), "here", isAffine);
            Assert.Equal(isAffine ? Rows : draws * Rows, calls);
            double[] values = [.. result.Mean.to(ScalarType.Float64).data<double>()];
            var mean = values.Average();
            var variance = values.Average(value => Math.Pow(value - mean, 2));
            var expected = Math.Pow(W * S, 2) * (1 - (Rho * Rho)) * noise;
            // Five standard errors, and the rounding of single precision.
            Assert.Equal(W * (M + (Rho * (Z - M))), mean, (5 * Math.Sqrt(expected / Rows)) + 1e-5);
            Assert.Equal(expected, variance, (5 * expected * Math.Sqrt(2.0 / Rows)) + 1e-9);
        }
    }

    [Fact]
    public void Apply_AntitheticWithAnOddNumberOfDraws_KeepsTheNumber()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([0.5], new SmoothingOptions { Draws = 5, Sampler = SmoothingSampler.Antithetic });
        var seen = 0L;
        var z = zeros(1, 3, 2);
        operation.Apply(
            points =>
            {
                seen = points.shape[1];
                return new DiagonalGaussian(points, ones_like(points));
            },
            new DiagonalGaussian(zeros(1, 3, 2), ones(1, 3, 2)), z, StackNoise.Shared(RandomKey.FromSeed(1)), "here");
        Assert.Equal(5 * 3, seen);
    }

    [Fact]
    public void Apply_WithRhoOneForAllMembers_CallsTheFunctionOnceOnZItself()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([1, 1], new SmoothingOptions());
        var z = randn(2, 3, 4);
        var calls = 0;
        var result = operation.Apply(
            points =>
            {
                calls++;
                Assert.Same(z, points);
                return new DiagonalGaussian(points, points);
            },
            new DiagonalGaussian(zeros(2, 3, 4), ones(2, 3, 4)), z, StackNoise.Shared(RandomKey.FromSeed(1)), "here");
        Assert.Equal(1, calls);
        Assert.Same(z, result.Mean);
    }

    [Fact]
    public void Points_WithRhoOneForAllMembers_AreZForEveryDraw()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([1, 1], new SmoothingOptions());
        var z = RandomKey.FromSeed(7).Normal(2, 3, 4);
        var points = operation.Points(new DiagonalGaussian(zeros(2, 3, 4), ones(2, 3, 4)), z, RandomKey.FromSeed(8).Normal(1, 5, 3, 4));
        Assert.Equal([2, 5, 3, 4], points.shape);
        for (var draw = 0; draw < 5; draw++) Assert.True(points.select(1, draw).eq(z).all().item<bool>());
    }

    [Fact]
    public void Apply_WithRhoOneBesideOthers_GivesThatMemberItsOwnFunction()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([0.2, 1], new SmoothingOptions { Draws = 4 });
        var z = RandomKey.FromSeed(3).Normal(2, 5, 3);
        var layer = new DiagonalGaussian(RandomKey.FromSeed(4).Normal(2, 5, 3), ones(2, 5, 3));
        var result = operation.Apply(
            points => new DiagonalGaussian(points.Power(3), ones_like(points)), layer, z, StackNoise.Shared(RandomKey.FromSeed(5)), "here");
        var expected = z[1].Power(3);
        Assert.True(allclose(result.Mean[1], expected, 1e-5, 1e-5));
        Assert.False(allclose(result.Mean[0], z[0].Power(3), 0.1, 0.1));
    }

    [Fact]
    public void Points_WithASingleDrawInOwnCoordinates_HaveTheLawOfZ()
    {
        // K = 1 is not smoothing: m + rho (z - m) + sqrt(1 - rho^2) s eps' has z's own law, whatever rho is.
        using var scope = NewDisposeScope();
        const int Count = 200_000;
        const double M = 0.7, S = 1.3;
        using var operation = new SmoothingOperator([0.4], new SmoothingOptions { Draws = 1 });
        var z = RandomKey.FromSeed(1).Normal(1, Count, 1).Times(S).Plus(M);
        var layer = new DiagonalGaussian(TensorCreation.Filled([1, Count, 1], M), TensorCreation.Filled([1, Count, 1], S));
        var points = operation.Points(layer, z, RandomKey.FromSeed(2).Normal(1, 1, Count, 1)).to(ScalarType.Float64);
        var standardised = points.Minus(M).Over(S);
        // Moments of N(0, 1) with the standard error of each sample moment, sqrt(Var(e^k) / n).
        foreach (var (power, moment, variance) in new[] { (1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0) })
        {
            var sample = standardised.Power(power).mean().item<double>();
            Assert.InRange(sample, moment - (6 * Math.Sqrt(variance / Count)), moment + (6 * Math.Sqrt(variance / Count)));
        }
    }

    [Fact]
    public void Apply_AveragingKDraws_LeavesTheVarianceOfSection2()
    {
        // f = e^2 - 1 (degree 2, energy 2): Var of the K-mean is Stab_{rho^2} + (E f^2 - Stab_{rho^2}) / K with Stab = 2 rho^4.
        const double Rho = 0.7;
        const int K = 4, Count = 100_000;
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([Rho], new SmoothingOptions { Draws = K });
        var result = operation.Apply(
            points => new DiagonalGaussian(points.Squared().Minus(1), ones_like(points)),
            new DiagonalGaussian(zeros(1, Count, 1), ones(1, Count, 1)),
            RandomKey.FromSeed(1).Normal(1, Count, 1), StackNoise.Shared(RandomKey.FromSeed(2)), "here");
        var squares = result.Mean.to(ScalarType.Float64).Squared();
        var stability = 2 * Math.Pow(Rho, 4);
        var expected = stability + ((2 - stability) / K);
        var error = squares.std().item<double>() / Math.Sqrt(Count);
        Assert.InRange(squares.mean().item<double>(), expected - (6 * error), expected + (6 * error));
    }

    [Fact]
    public void Points_InStandardCoordinates_IgnoreTheLayersGaussian()
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([0.6], new SmoothingOptions { Measure = ReferenceMeasure.Standard });
        var z = RandomKey.FromSeed(1).Normal(1, 4, 3);
        var draws = RandomKey.FromSeed(2).Normal(1, 8, 4, 3);
        var layer = new DiagonalGaussian(TensorCreation.Filled([1, 4, 3], 100), TensorCreation.Filled([1, 4, 3], 50));
        Assert.True(allclose(operation.Points(layer, z, draws), z.unsqueeze(1).Times(0.6).Plus(draws.Times(0.8)), 1e-6, 1e-6));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Constructor_RhoOutsideTheUnitInterval_Throws(double rho)
    {
        var error = Assert.Throws<OrnsteinException>(() => new SmoothingOperator([rho], new SmoothingOptions()));
        Assert.Contains("[0, 1]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoDraws_Throws() =>
        Assert.Throws<OrnsteinException>(() => new SmoothingOperator([0.5], new SmoothingOptions { Draws = 0 }));

    private static (double A, double B) Inner(double rho, double m, double s, double z) =>
        (m + (rho * (z - m)), Math.Sqrt(1 - (rho * rho)) * s);

    private static void AssertSmoothed(
        Func<Tensor, Tensor> f, double rho, double m, double s, double z, double expected, double deviation)
    {
        var smoothed = Smooth(f, rho, m, s, z, new SmoothingOptions { Draws = Draws });
        var tolerance = (6 * deviation / Math.Sqrt(Draws)) + (1e-4 * Math.Max(1, Math.Abs(expected)));
        Assert.InRange(smoothed, expected - tolerance, expected + tolerance);
    }

    private static double Smooth(Func<Tensor, Tensor> f, double rho, double m, double s, double z, SmoothingOptions options)
    {
        using var scope = NewDisposeScope();
        using var operation = new SmoothingOperator([rho], options);
        var layer = new DiagonalGaussian(TensorCreation.Filled([1, 1, 1], m), TensorCreation.Filled([1, 1, 1], s));
        var key = RandomKey.FromSeed(BitConverter.DoubleToInt64Bits(rho + (3 * m) + (7 * s) + (11 * z)));
        var result = operation.Apply(
            points => new DiagonalGaussian(f(points), ones_like(points)), layer, TensorCreation.Filled([1, 1, 1], z), StackNoise.Shared(key), "here");
        return result.Mean.item<float>();
    }

    private static Tensor Hermite(int degree, Tensor z) => degree switch
    {
        1 => z,
        2 => z.Squared().Minus(1).Over(Math.Sqrt(2)),
        3 => (z.Power(3) - z.Times(3)).Over(Math.Sqrt(6)),
        _ => (z.Power(4) - z.Squared().Times(6)).Plus(3).Over(Math.Sqrt(24)),
    };

    private static double Hermite(int degree, double z) => degree switch
    {
        0 => 1,
        1 => z,
        2 => ((z * z) - 1) / Math.Sqrt(2),
        3 => ((z * z * z) - (3 * z)) / Math.Sqrt(6),
        _ => ((z * z * z * z) - (6 * z * z) + 3) / Math.Sqrt(24),
    };

    private static double Binomial(int n, int k) => k == 0 ? 1 : Binomial(n - 1, k - 1) * n / k;
}
