using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>Sums of whole vectors.</summary>
internal static unsafe class ElementKernels
{
    /// <summary>Adds numbers to others; nothing beyond them is written.</summary>
    public static void Add(float* target, float* source, int count)
    {
        for (var i = 0; i < count; i += Lanes.Count) Lanes.PutFirst(target + i, Vector512.Load(target + i) + Vector512.Load(source + i), count - i);
    }
}
