using CsCheck;
using Ornstein.Harmonics;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Tests.Harmonics;

public class HermiteKernelTests
{
    private static readonly Gen<double[]> _pair = Gen.Double[-3, 3].Array[6];

    [Fact]
    public void UpTo_AnyPair_IsTheSumOfProductsOfHermitePolynomials() => Gen.Select(_pair, Gen.Int[1, 3]).Sample(
        values =>
        {
            using var scope = NewDisposeScope();
            var (numbers, d) = values;
            var (x, y) = (numbers[..d], numbers[3..(3 + d)]);
            var kernels = Kernels(8, x, y);
            for (var k = 0; k <= 8; k++)
            {
                var expected = SumOverDegree(x, y, 0, k);
                Assert.Equal(expected, kernels[k].item<double>(), 1e-9 * Math.Max(1, Math.Abs(expected)));
            }
        },
        iter: 200, threads: 1);

    [Fact]
    public void UpTo_AnyPair_SumsToMehlersKernel() => Gen.Select(_pair, Gen.Double[-0.3, 0.3]).Sample(
        values =>
        {
            using var scope = NewDisposeScope();
            var (numbers, r) = values;
            var (x, y) = (numbers.Select(v => v / 2).ToArray()[..3], numbers.Select(v => v / 2).ToArray()[3..]);
            var (c, q) = (Dot(x, y), Dot(x, x) + Dot(y, y));
            var closed = Math.Pow(1 - (r * r), -1.5) * Math.Exp(((r * c) - (r * r * q / 2)) / (1 - (r * r)));
            var series = Kernels(60, x, y).Select((kernel, k) => Math.Pow(r, k) * kernel.item<double>()).Sum();
            Assert.Equal(closed, series, 1e-9 * Math.Max(1, closed));
        },
        iter: 100, threads: 1);

    [Fact]
    public void UpTo_DegreesOneAndTwo_AreTheirShortForms()
    {
        using var scope = NewDisposeScope();
        double[] x = [0.3, -1.2, 2, 0.7, 1], y = [1, 0.4, -0.2, 1.5, -2];
        var kernels = Kernels(2, x, y);
        var c = Dot(x, y);
        Assert.Equal(c, kernels[1].item<double>(), 1e-12);
        Assert.Equal(((c * c) - Dot(x, x) - Dot(y, y) + 5) / 2, kernels[2].item<double>(), 1e-12);
    }

    [Fact]
    public void UpTo_OutOfRange_Throws()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => HermiteKernel.UpTo(-1, 2, zeros(1), zeros(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => HermiteKernel.UpTo(2, 0, zeros(1), zeros(1)));
    }

    private static IReadOnlyList<Tensor> Kernels(int degree, double[] x, double[] y) =>
        HermiteKernel.UpTo(degree, x.Length, tensor(Dot(x, y)), tensor(Dot(x, x) + Dot(y, y)));

    private static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    private static double SumOverDegree(double[] x, double[] y, int from, int degree)
    {
        if (from == x.Length) return degree == 0 ? 1 : 0;
        var sum = 0.0;
        for (var k = 0; k <= degree; k++) sum += Hermite(k, x[from]) * Hermite(k, y[from]) * SumOverDegree(x, y, from + 1, degree - k);
        return sum;
    }

    private static double Hermite(int k, double x)
    {
        var (before, now) = (0.0, 1.0);
        for (var i = 0; i < k; i++) (before, now) = (now, ((x * now) - (Math.Sqrt(i) * before)) / Math.Sqrt(i + 1));
        return now;
    }
}
