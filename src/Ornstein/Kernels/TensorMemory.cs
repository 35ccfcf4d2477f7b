using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ornstein.Kernels;

/// <summary>Where a tensor's numbers lie; libtorch never moves them.</summary>
internal static class TensorMemory
{
    /// <summary>Address of the first number of a contiguous tensor on the processor, which must outlive its use.</summary>
    public static unsafe nint Address(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.flatten().narrow(0, 0, 1).bytes));
    }
}
