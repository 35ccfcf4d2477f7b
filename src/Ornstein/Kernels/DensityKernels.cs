using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Densities of many Gaussians on the line, at many places.</summary>
internal static unsafe class DensityKernels
{
    /// <summary>Sum over Gaussians of height * exp(-((z - centre) * slope + offset)^2); single precision is 1e-6 of a density, of either sign.</summary>
    /// <param name="slopes">1 / (sqrt 2 s) of each Gaussian.</param>
    /// <param name="offsets">(centre - m) / (sqrt 2 s).</param>
    /// <param name="heights">What each is to be multiplied with.</param>
    /// <param name="gaussians">Their number.</param>
    /// <param name="places">z - centre.</param>
    /// <param name="count">Places, whole vectors.</param>
    /// <param name="result">The sum at each.</param>
    public static void Mixture(float* slopes, float* offsets, float* heights, int gaussians, float* places, int count, double* result)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var place = Vector512.Load(places + i);
            var sum = Vector512<float>.Zero;
            for (var s = 0; s < gaussians; s++)
            {
                var distance = Vector512.FusedMultiplyAdd(place, Vector512.Create(slopes[s]), Vector512.Create(offsets[s]));
                sum = Vector512.FusedMultiplyAdd(Transcendental.ExpOfNegative(-(distance * distance)), Vector512.Create(heights[s]), sum);
            }

            var (low, high) = Vector512.Widen(sum);
            low.Store(result + i);
            high.Store(result + i + Vector512<double>.Count);
        }
    }

    /// <summary>result = a * (share of a) + b * (share of b), over whole vectors.</summary>
    public static void Blend(double* a, double ofA, double* b, double ofB, int count, double* result)
    {
        for (var i = 0; i < count; i += Vector512<double>.Count)
        {
            Vector512.FusedMultiplyAdd(Vector512.Load(b + i), Vector512.Create(ofB), Vector512.Load(a + i) * ofA).Store(result + i);
        }
    }

    /// <summary>Sum of a * b over whole vectors.</summary>
    public static double Dot(double* a, double* b, int count)
    {
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < count; i += Vector512<double>.Count) sum = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sum);
        return Vector512.Sum(sum);
    }

    /// <summary>Sum of weight * p * log p over whole vectors; nothing where p is.</summary>
    public static double Negentropy(double* density, double* weights, int count)
    {
        var sum = Vector512<double>.Zero;
        var least = Vector512.Create(1e-300);
        for (var i = 0; i < count; i += Vector512<double>.Count)
        {
            var p = Vector512.Load(density + i);
            sum = Vector512.FusedMultiplyAdd(p * Vector512.Load(weights + i), Vector512.Log(Vector512.Max(p, least)), sum);
        }

        return Vector512.Sum(sum);
    }
}
