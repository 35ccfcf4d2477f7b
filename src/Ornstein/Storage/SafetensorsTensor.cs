using System.Runtime.InteropServices;

namespace Ornstein.Storage;

/// <summary>One tensor on its way into a file: name, shape, and where its elements are when they are wanted.</summary>
internal sealed class SafetensorsTensor
{
    // Chunks keep a byte count within an int, however large the tensor.
    private const int ElementsAtOnce = 1 << 20;

    private readonly Action<Stream> _write;

    private SafetensorsTensor(string name, string dtype, long[] shape, Action<Stream> write)
    {
        Entry = new SafetensorsEntry(name, dtype, shape);
        _write = write;
    }

    /// <summary>Name, element type and shape.</summary>
    public SafetensorsEntry Entry { get; }

    /// <summary>A tensor whose elements lie in an array or other managed memory, row-major.</summary>
    /// <exception cref="ArgumentException">The element type is not of the format, or the shape has a negative axis.</exception>
    public static SafetensorsTensor Create<T>(string name, long[] shape, ReadOnlyMemory<T> data) where T : unmanaged =>
        Create(name, shape, () => data.Span);

    /// <summary>
    /// A tensor whose elements are asked for only while it is written, so that native memory needs no managed copy.
    /// </summary>
    /// <param name="name">Unique in the file.</param>
    /// <param name="shape">The length of each axis, outermost first; empty for a scalar.</param>
    /// <param name="data">Gives all elements, row-major; what it captures stays alive until the file is written.</param>
    /// <typeparam name="T">float, double, long, int or byte.</typeparam>
    /// <exception cref="ArgumentException">The element type is not of the format, or the shape has a negative axis.</exception>
    public static SafetensorsTensor Create<T>(string name, long[] shape, Func<ReadOnlySpan<T>> data) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(data);
        if (!SafetensorsDtype.TryCount(shape, out long count))
            throw new ArgumentException($"Tensor '{name}' cannot have the shape [{string.Join(", ", shape)}].", nameof(shape));
        return new SafetensorsTensor(name, SafetensorsDtype.Of<T>(), [.. shape], stream => WriteElements(stream, name, count, data));
    }

    internal void WriteTo(Stream stream) => _write(stream);

    private static void WriteElements<T>(Stream stream, string name, long count, Func<ReadOnlySpan<T>> data) where T : unmanaged
    {
        ReadOnlySpan<T> rest = data();
        if (rest.Length != count)
            throw new ArgumentException($"Tensor '{name}' has {rest.Length} elements where its shape says {count}.", nameof(data));
        while (!rest.IsEmpty)
        {
            int now = Math.Min(rest.Length, ElementsAtOnce);
            stream.Write(MemoryMarshal.AsBytes(rest[..now]));
            rest = rest[now..];
        }

        GC.KeepAlive(data);
    }
}
