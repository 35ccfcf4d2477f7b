using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ornstein.Kernels;

/// <summary>Bytes as intensities in [0, 1], byte / 255.</summary>
internal static unsafe class PixelKernels
{
    private const float Scale = 1f / 255;

    /// <summary>Fetches bytes that are wanted soon into the cache: those of a row at random are nowhere near those of the last.</summary>
    public static void Fetch(byte* bytes, int count)
    {
        const int Line = 64;
        if (!Sse.IsSupported) return;
        for (var i = 0; i < count; i += Line) Sse.Prefetch0(bytes + i);
    }

    /// <summary>Writes intensities.</summary>
    public static void Intensities(byte* bytes, float* target, int count)
    {
        var i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count) Sixteen(bytes + i).Store(target + i);
        for (; i < count; i++) target[i] = bytes[i] * Scale;
    }

    /// <summary>Draws binary pixels: 1 where the uniform draw that <paramref name="target"/> holds lies below the intensity, else 0.</summary>
    public static void Binarize(byte* bytes, float* target, int count)
    {
        var i = 0;
        for (; i + Lanes.Count <= count; i += Lanes.Count)
        {
            var isOn = Vector512.LessThan(Vector512.Load(target + i), Sixteen(bytes + i));
            (Vector512<float>.One & isOn).Store(target + i);
        }

        for (; i < count; i++) target[i] = target[i] < bytes[i] * Scale ? 1 : 0;
    }

    private static Vector512<float> Sixteen(byte* bytes)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(Vector128.Load(bytes).ToVector256Unsafe()));
        return Vector512.ConvertToSingle(Vector512.Create(low, high).AsInt32()) * Scale;
    }
}
