using CsCheck;
using Ornstein.Kernels;

namespace Ornstein.Tests.Kernels;

/// <summary>Against the same sums in double precision, number by number.</summary>
public unsafe class DensityKernelsTests
{
    private const double Unit = 1.0 / (1 << 24); // half a unit in the last place of a float

    private static readonly Gen<float[]> _signed = Gen.Single[-3, 3].Array[1, 300];

    [Fact]
    public void Mixture_AnyGaussians_IsTheirSum() => Gen.Select(_signed, Gen.Int[1, 4], Gen.Int[0, 1000]).Sample(
        (heights, vectors, seed) =>
        {
            var random = new Random(seed);
            var (slopes, offsets, places) = (Of(random, heights.Length, 0.1, 20), Of(random, heights.Length, -9, 9), Of(random, vectors * Lanes.Count, -6, 6));
            var given = new double[places.Length];
            fixed (float* s = slopes, o = offsets, h = heights, p = places)
            fixed (double* result = given)
            {
                DensityKernels.Mixture(s, o, h, heights.Length, p, places.Length, result);
            }

            for (var i = 0; i < places.Length; i++)
            {
                var (sum, bound) = (0.0, 0.0);
                for (var j = 0; j < heights.Length; j++)
                {
                    double size = Math.Abs((double)places[i] * slopes[j]) + Math.Abs(offsets[j]), distance = ((double)places[i] * slopes[j]) + offsets[j];
                    var term = heights[j] * Math.Exp(-distance * distance);
                    sum += term;
                    // Of the rounded distance, of its square, and of the exponential (2e-7); then of each addition after it.
                    bound += Math.Abs(term) * ((((2 * Math.Abs(distance) * size) + (distance * distance)) * Unit) + 2e-7 + (heights.Length * Unit));
                }

                Assert.InRange(given[i], sum - bound - 1e-30, sum + bound + 1e-30);
            }
        },
        iter: 300, threads: 1);

    [Fact]
    public void BlendAndDot_AnyNumbers_AreTheSums() => Gen.Select(Gen.Int[1, 40], Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Int[0, 1000]).Sample(
        (vectors, ofA, ofB, seed) =>
        {
            var random = new Random(seed);
            var (a, b) = (Doubles(random, vectors * 8), Doubles(random, vectors * 8));
            var given = new double[a.Length];
            fixed (double* first = a, second = b, result = given)
            {
                DensityKernels.Blend(first, ofA, second, ofB, a.Length, result);
                Assert.Equal(a.Zip(b, (x, y) => x * y).Sum(), DensityKernels.Dot(first, second, a.Length), 1e-12 * a.Length);
            }

            for (var i = 0; i < a.Length; i++) Assert.Equal((a[i] * ofA) + (b[i] * ofB), given[i], 1e-14);
        },
        iter: 300, threads: 1);

    /// <summary>Nothing where the density is, and of a normal density minus its entropy, (1 + log 2 pi) / 2: the trapezoidal rule is exact to rounding for it.</summary>
    [Fact]
    public void Negentropy_ADensityWithEmptyPlaces_IsMinusItsEntropy()
    {
        const int Places = 1600;
        const double Step = 0.025;
        var density = new double[Places + 16];
        var weights = new double[Places + 16];
        for (var i = 0; i < Places; i++)
        {
            var z = (i - (Places / 2)) * Step;
            (density[i], weights[i]) = (Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI), Step);
        }

        weights.AsSpan(Places).Fill(Step); // of a density of zero
        fixed (double* p = density, w = weights)
        {
            Assert.Equal(-(1 + Math.Log(2 * Math.PI)) / 2, DensityKernels.Negentropy(p, w, density.Length), 1e-12);
        }
    }

    private static float[] Of(Random random, int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(low + (random.NextDouble() * (high - low))))];

    private static double[] Doubles(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
}
