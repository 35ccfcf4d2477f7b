using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>The points at which a smoothed function is taken, the mean over them, and the derivatives of both.</summary>
internal static unsafe class SmoothingKernels
{
    /// <summary>Points m + rho (z - m) + c s eps', c = sqrt(1 - rho^2), of one draw.</summary>
    public static void Points(float* m, float* s, float* z, float* eps, float rho, float c, float* points, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var mean = Vector512.Load(m + i);
            var centre = Vector512.FusedMultiplyAdd(Vector512.Load(z + i) - mean, Vector512.Create(rho), mean);
            Vector512.FusedMultiplyAdd(Vector512.Load(s + i) * c, Vector512.Load(eps + i), centre).Store(points + i);
        }
    }

    /// <summary>Points rho z + c eps' of one draw, under the standard measure.</summary>
    public static void StandardPoints(float* z, float* eps, float rho, float c, float* points, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Vector512.FusedMultiplyAdd(Vector512.Load(eps + i), Vector512.Create(c), Vector512.Load(z + i) * rho).Store(points + i);
        }
    }

    /// <summary>The weighted mean of draws.</summary>
    /// <param name="draws">The first draw.</param>
    /// <param name="block">Floats between draws.</param>
    /// <param name="weights">A weight for each draw.</param>
    /// <param name="mean">Receives the mean.</param>
    /// <param name="count">Numbers of a draw.</param>
    public static void Mean(float* draws, nint block, ReadOnlySpan<float> weights, float* mean, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            var sum = Vector512<float>.Zero;
            var at = draws + i;
            foreach (var weight in weights)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(at), Vector512.Create(weight), sum);
                at += block;
            }

            sum.Store(mean + i);
        }
    }

    /// <summary>target (+)= scale * source.</summary>
    public static void AddScaled(float* source, float scale, float* target, bool add, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count) Lanes.Put(target + i, Vector512.Load(source + i) * scale, add);
    }

    /// <summary>target (+)= scale * source * factor.</summary>
    public static void AddProduct(float* source, float* factor, float scale, float* target, bool add, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count)
        {
            Lanes.Put(target + i, Vector512.Load(source + i) * Vector512.Load(factor + i) * scale, add);
        }
    }
}
