using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>What the numbers of a term are multiplied by.</summary>
internal interface IWeights
{
    /// <summary>Those of 16 numbers.</summary>
    /// <param name="i">The first of them.</param>
    Vector512<float> At(int i);
}

/// <summary>One weight for all.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct UniformWeight(float weight) : IWeights
{
    private readonly Vector512<float> _weight = Vector512.Create(weight);

    public Vector512<float> At(int i) => _weight;
}

/// <summary>A weight for every number.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct OwnWeights(float* weights) : IWeights
{
    public Vector512<float> At(int i) => Vector512.Load(weights + i);
}
