using System.Runtime.InteropServices;
using Ornstein.Kernels;

namespace Ornstein.Steps;

/// <summary>A thread's memory: the slots of a member's program, the gradient of its parameters, and a panel for packing factors of products.</summary>
internal sealed unsafe class Workspace : IDisposable
{
    private const int Alignment = 64;

    private readonly float* _memory;

    /// <summary>Memory of zeros.</summary>
    /// <param name="slots">Floats of the slots.</param>
    /// <param name="parameters">Floats of a member's gradient; 0 where nothing is differentiated.</param>
    /// <param name="depth">Depth of the deepest product.</param>
    public Workspace(long slots, long parameters, long depth)
    {
        long gradient = Whole(slots), panel = gradient + Whole(parameters);
        var bytes = checked((nuint)(panel + MatrixProduct.PanelLength(depth)) * sizeof(float));
        _memory = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_memory, bytes);
        Gradient = _memory + gradient;
        Panel = _memory + panel;
    }

    /// <summary>Where the slots start.</summary>
    public float* Slots => _memory;

    /// <summary>The gradient of a member's parameters, in the order of their layout.</summary>
    public float* Gradient { get; }

    /// <summary>Where factors of products are packed.</summary>
    public float* Panel { get; }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private static long Whole(long floats) => (floats + 15) / 16 * 16;
}
