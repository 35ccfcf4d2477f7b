using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ornstein.Storage;

/// <summary>
/// An open safetensors file whose header has been checked. It stays what it was when opened, even if another process replaces
/// the file meanwhile.
/// </summary>
internal sealed class SafetensorsContent : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly SafetensorsHeader _header;

    private SafetensorsContent(string path, SafeFileHandle file, SafetensorsHeader header)
    {
        _path = path;
        _file = file;
        _header = header;
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>The free text kept with the tensors; empty if there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>True if the file has a tensor of that name.</summary>
    public bool Contains(string name) => _header.Places.ContainsKey(name);

    /// <summary>What the file says about one tensor.</summary>
    /// <exception cref="OrnsteinException">There is no such tensor.</exception>
    public SafetensorsEntry Entry(string name) => Find(name).Entry;

    /// <summary>Copies one tensor's elements, row-major.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <typeparam name="T">The .NET type of the tensor's elements: float, double, long, int or byte.</typeparam>
    /// <exception cref="OrnsteinException">There is no such tensor, it has another type or another number of elements, or the file
    /// cannot be read.</exception>
    public void CopyTo<T>(string name, Span<T> destination) where T : unmanaged
    {
        (SafetensorsEntry entry, long offset, long count) = Find(name);
        RequireType<T>(entry);
        if (destination.Length != count)
            throw Bad($"tensor {FileTrouble.Quote(name)} has {count} elements where {destination.Length} are expected");
        while (!destination.IsEmpty)
        {
            Span<T> now = destination[..Math.Min(destination.Length, 1 << 20)];
            ReadExactly(_path, _file, MemoryMarshal.AsBytes(now), offset);
            offset += MemoryMarshal.AsBytes(now).Length;
            destination = destination[now.Length..];
        }
    }

    /// <summary>One tensor's elements, row-major, in a new array.</summary>
    /// <typeparam name="T">The .NET type of the tensor's elements: float, double, long, int or byte.</typeparam>
    /// <exception cref="OrnsteinException">There is no such tensor, it has another type or too many elements for an array, or the
    /// file cannot be read.</exception>
    public T[] ToArray<T>(string name) where T : unmanaged
    {
        (SafetensorsEntry entry, _, long count) = Find(name);
        RequireType<T>(entry);
        if (count > Array.MaxLength) throw Bad($"tensor {FileTrouble.Quote(name)} has {count} elements, too many for an array");
        // No more is allotted than the file has bytes: the header was checked against its length.
        var elements = new T[count];
        CopyTo<T>(name, elements);
        return elements;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    internal static SafetensorsContent Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var content = new SafetensorsContent(path, file, ReadHeader(path, file));
            file = null;
            return content;
        }
        catch (NotSupportedException error)
        {
            throw new OrnsteinException($"Cannot read {FileTrouble.Quote(path)}: it is not a regular file.", error);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static SafetensorsHeader ReadHeader(string path, SafeFileHandle file)
    {
        long fileLength = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[SafetensorsFile.PrefixLength];
        if (fileLength < prefix.Length) throw SafetensorsHeader.Bad(path, $"it has only {fileLength} bytes");
        ReadExactly(path, file, prefix, 0);
        ulong stated = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        long rest = fileLength - prefix.Length;
        if (stated > SafetensorsFile.LongestHeader || stated > (ulong)rest)
            throw SafetensorsHeader.Bad(path, $"it states a header of {stated} bytes and has {rest}");
        var json = new byte[(int)stated];
        ReadExactly(path, file, json, prefix.Length);
        return SafetensorsHeader.Parse(path, json, rest - json.Length);
    }

    private static void ReadExactly(string path, SafeFileHandle file, Span<byte> destination, long offset)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int got = RandomAccess.Read(file, destination, offset);
                if (got == 0) throw SafetensorsHeader.Bad(path, "it was cut short while it was read");
                offset += got;
                destination = destination[got..];
            }
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }

    private (SafetensorsEntry Entry, long Offset, long Count) Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _header.Places.TryGetValue(name, out (SafetensorsEntry Entry, long Offset, long Count) place)
            ? place
            : throw Bad($"it has no tensor {FileTrouble.Quote(name)}");
    }

    private void RequireType<T>(SafetensorsEntry entry) where T : unmanaged
    {
        string wanted = SafetensorsDtype.Of<T>();
        if (!string.Equals(entry.Dtype, wanted, StringComparison.Ordinal))
            throw Bad($"tensor {FileTrouble.Quote(entry.Name)} has type {entry.Dtype} where {wanted} is expected");
    }

    private OrnsteinException Bad(string problem) => SafetensorsHeader.Bad(_path, problem);
}
