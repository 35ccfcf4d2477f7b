using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Gradients of weighted log-densities at given points, on whole vectors; `add` flags say where gradients accumulate.</summary>
internal static unsafe class LogDensityKernels
{
    /// <summary>
    /// Gradients of sign * weight * log N(z; mean, deviation^2): with e = (z - mean) / deviation, -e / deviation of z, e / deviation of the mean,
    /// (e^2 - 1) / deviation of the deviation.
    /// </summary>
    /// <param name="z">The points.</param>
    /// <param name="mean">Means.</param>
    /// <param name="deviation">Standard deviations.</param>
    /// <param name="weights">A weight for every number.</param>
    /// <param name="sign">1 or -1.</param>
    /// <param name="count">Numbers.</param>
    /// <param name="zGradient">That of the points.</param>
    /// <param name="addZ">Whether it accumulates.</param>
    /// <param name="meanGradient">That of the means; null where nobody asks for it, nor for the deviations'.</param>
    /// <param name="addMean">Whether it accumulates.</param>
    /// <param name="deviationGradient">That of the deviations.</param>
    /// <param name="addDeviation">Whether it accumulates.</param>
    public static void Gradient(
        float* z, float* mean, float* deviation, float* weights, float sign, int count,
        float* zGradient, bool addZ, float* meanGradient, bool addMean, float* deviationGradient, bool addDeviation)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var inverse = Vector512<float>.One / Vector512.Load(deviation + i);
            var e = (Vector512.Load(z + i) - Vector512.Load(mean + i)) * inverse;
            var weight = Vector512.Load(weights + i) * sign * inverse;
            var towards = e * weight;
            Lanes.Put(zGradient + i, -towards, addZ);
            if (meanGradient == null) continue;
            Lanes.Put(meanGradient + i, towards, addMean);
            Lanes.Put(deviationGradient + i, ((e * e) - Vector512<float>.One) * weight, addDeviation);
        }
    }

    /// <summary>Gradient of -weight * log N(z; 0, 1): weight * z.</summary>
    public static void StandardGradient(float* z, float* weights, int count, float* zGradient, bool addZ)
    {
        for (var i = 0; i < count; i += Lanes.Count) Lanes.Put(zGradient + i, Vector512.Load(z + i) * Vector512.Load(weights + i), addZ);
    }

    /// <summary>
    /// Gradient of weight * log N(z; mean, deviation^2) at a point z = mean + deviation eps of its own: it moves with the Gaussian, which leaves -weight / deviation
    /// of the deviation alone.
    /// </summary>
    public static void OwnSampleGradient(float* deviation, float* weights, int count, float* deviationGradient, bool add)
    {
        for (var i = 0; i < count; i += Lanes.Count) Lanes.Put(deviationGradient + i, -Vector512.Load(weights + i) / Vector512.Load(deviation + i), add);
    }

    /// <summary>Multiplies the numbers of a row.</summary>
    public static void Scale(float* values, float factor, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count) Lanes.PutFirst(values + i, Vector512.Load(values + i) * factor, count - i);
    }
}
