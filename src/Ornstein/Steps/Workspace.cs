using System.Runtime.InteropServices;
using Ornstein.Kernels;

namespace Ornstein.Steps;

/// <summary>What the factors of products are packed in.</summary>
/// <param name="Panel">Floats for the second factor (<see cref="MatrixProduct.Panel"/>).</param>
/// <param name="Strips">Floats for a transposed first one (<see cref="MatrixProduct.Strips"/>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PackingNeed(long Panel, long Strips)
{
    /// <summary>All of it.</summary>
    public long Length => Panel + Strips;
}

/// <summary>A thread's memory: the slots of a member's program, the gradient of its parameters, and what factors of products are packed in.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const int Alignment = 64;

    private readonly float* _memory;

    /// <summary>Memory of zeros.</summary>
    /// <param name="slots">Floats of the slots.</param>
    /// <param name="parameters">Floats of a member's gradient; 0 where nothing is differentiated.</param>
    /// <param name="packing">What its products are packed in.</param>
    public Workspace(long slots, long parameters, PackingNeed packing)
    {
        long gradient = Whole(slots), panel = gradient + Whole(parameters), strips = panel + Whole(packing.Panel);
        var bytes = checked((nuint)(strips + packing.Strips) * sizeof(float));
        _memory = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_memory, bytes);
        Gradient = _memory + gradient;
        Panel = _memory + panel;
        Strips = _memory + strips;
    }

    /// <summary>Where the slots start.</summary>
    public float* Slots => _memory;

    /// <summary>The gradient of a member's parameters, in the order of their layout.</summary>
    public float* Gradient { get; }

    /// <summary>Where second factors of products are packed.</summary>
    public float* Panel { get; }

    /// <summary>Where transposed first factors are packed.</summary>
    public float* Strips { get; }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static long Whole(long floats) => (floats + 15) / 16 * 16;
}
