namespace Ornstein.Storage;

/// <summary>What a safetensors file says about one of its tensors.</summary>
/// <param name="Name">The tensor's name, unique in its file.</param>
/// <param name="Dtype">The element type as the format spells it: F32, F64, I64, ...</param>
/// <param name="Shape">The length of each axis, outermost first; empty for a scalar.</param>
internal sealed record SafetensorsEntry(string Name, string Dtype, long[] Shape);

/// <summary>The element types of the format: their names, sizes in bytes, and .NET types.</summary>
internal static class SafetensorsDtype
{
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E4M3"] = 1, ["F8_E5M2"] = 1,
        ["I16"] = 2, ["U16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["I32"] = 4, ["U32"] = 4, ["F32"] = 4,
        ["I64"] = 8, ["U64"] = 8, ["F64"] = 8,
    };

    /// <summary>Bytes an element; false for a type that the format does not have.</summary>
    internal static bool TryGetSize(string dtype, out int size) => Sizes.TryGetValue(dtype, out size);

    /// <summary>The format's name of a .NET type.</summary>
    internal static string Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return "F32";
        if (typeof(T) == typeof(double)) return "F64";
        if (typeof(T) == typeof(long)) return "I64";
        if (typeof(T) == typeof(int)) return "I32";
        if (typeof(T) == typeof(byte)) return "U8";
        throw new ArgumentException($"A tensor's elements are float, double, long, int or byte; not {typeof(T).Name}.");
    }

    /// <summary>Elements of a shape; false if an axis is negative or the product does not fit.</summary>
    internal static bool TryCount(ReadOnlySpan<long> shape, out long count)
    {
        count = 1;
        foreach (long length in shape)
        {
            if (length < 0 || Math.BigMul(count, length, out long product) != 0 || product < 0) return false;
            count = product;
        }

        return true;
    }
}
