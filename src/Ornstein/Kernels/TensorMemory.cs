using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ornstein.Kernels;

/// <summary>Where a tensor's numbers lie; libtorch never moves them.</summary>
internal static class TensorMemory
{
    /// <summary>Address of the first number of a contiguous tensor on the processor, which must outlive its use.</summary>
    public static nint Address(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return First(tensor.flatten());
    }

    /// <summary>Address of the first number of a tensor of any strides on the processor, which must outlive its use.</summary>
    public static nint AddressOfFirst(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var first = tensor;
        while (first.dim() > 1) first = first.select(0, 0);
        return First(first);
    }

    private static unsafe nint First(Tensor vector) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(vector.narrow(0, 0, 1).bytes));
}
