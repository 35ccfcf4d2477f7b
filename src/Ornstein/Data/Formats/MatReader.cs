using System.Buffers.Binary;
using System.Text;

namespace Ornstein.Data.Formats;

/// <summary>A real array of a MATLAB file, kept as stored: column-major, the first axis fastest.</summary>
/// <param name="Dimensions">Sizes of its axes, two or more.</param>
/// <param name="Numbers">Its numbers.</param>
internal sealed record MatMatrix(int[] Dimensions, MatNumbers Numbers)
{
    /// <summary>Size of the first axis.</summary>
    public int Rows => Dimensions[0];

    /// <summary>Size of all others together.</summary>
    public int Columns { get; } = Dimensions.Skip(1).Aggregate(1, (product, size) => product * size);

    public double this[int row, int column] => Numbers[((long)column * Rows) + row];
}

/// <summary>
/// Reads real numeric and logical arrays of MATLAB level 5 files ("MAT-File Format", The MathWorks): plain and compressed elements,
/// small elements, either byte order. Other variables are passed over.
/// </summary>
internal static class MatReader
{
    private const int Int8 = 1, UInt8 = 2, Int32 = 5, UInt32 = 6, Matrix = 14, Compressed = 15;

    // What may follow the numbers of a compressed matrix: padding, and more than that only by mistake.
    private const int MaxRest = 1 << 16;

    /// <summary>The named matrices that the file holds.</summary>
    /// <exception cref="OrnsteinException">The file is missing, damaged, or not MATLAB level 5.</exception>
    public static IReadOnlyDictionary<string, MatMatrix> Read(string path, IReadOnlyCollection<string> names) => Reading.Guard(path, () =>
    {
        using var file = Reading.OpenFile(path);
        var header = Reading.Exactly(file, 128);
        var bigEndian = (header[126], header[127]) switch
        {
            ((byte)'M', (byte)'I') => true,
            ((byte)'I', (byte)'M') => false,
            _ => throw new InvalidDataException("It is not a MATLAB level 5 file (save with -v7 or -v6; -v7.3 is another format)."),
        };
        if (header[bigEndian ? 124 : 125] == 2) throw new InvalidDataException("It is a MATLAB file of version 7.3, which is another format (save with -v7 or -v6).");
        var found = new Dictionary<string, MatMatrix>(StringComparer.Ordinal);
        long budget = Reading.MaxBytes;
        while (file.Position < file.Length)
        {
            var source = new MatSource(file, bigEndian, file.Length - file.Position);
            var (type, size, _) = source.Tag();
            if (size > source.Left) throw new EndOfStreamException();
            var end = file.Position + size;
            if (type == Compressed) ReadCompressed(new MatSource(file, bigEndian, size).Bytes(size), bigEndian, names, found, ref budget);
            else if (type == Matrix) ReadMatrix(new MatSource(file, bigEndian, size), names, found, ref budget);
            // Whatever a matrix did not read (an unwanted variable) is passed over; the next tag of a plain element is aligned.
            file.Position = type == Compressed ? end : Math.Min(end + Padding(size), file.Length);
        }

        return found;
    });

    private static void ReadCompressed(
        byte[] element, bool bigEndian, IReadOnlyCollection<string> names, Dictionary<string, MatMatrix> found, ref long budget)
    {
        using var inflate = Decompression.Zlib(new MemoryStream(element));
        var source = new MatSource(inflate, bigEndian, long.MaxValue);
        var (type, size, _) = source.Tag();
        if (type != Matrix || !ReadMatrix(new MatSource(inflate, bigEndian, size), names, found, ref budget)) return;
        // The checksum comes last.
        Reading.Copy(inflate, Stream.Null, MaxRest);
    }

    /// <summary>False where the matrix is not wanted and was not read.</summary>
    private static bool ReadMatrix(
        MatSource source, IReadOnlyCollection<string> names, Dictionary<string, MatMatrix> found, ref long budget)
    {
        // An empty element is an empty array without a name.
        if (source.Left == 0) return false;
        var flags = source.Element(maxBytes: 8);
        if (flags.Type != UInt32 || flags.Bytes.Length != 8) throw new InvalidDataException("A matrix has no array flags.");
        var word = source.UInt32(flags.Bytes);
        var (arrayClass, complex) = (word & 0xFF, (word & 0x800) != 0);
        var dimensions = source.Element(maxBytes: 4 * 32);
        var name = source.Element(maxBytes: 256);
        if (dimensions.Type != Int32 || name.Type is not (Int8 or UInt8))
            throw new InvalidDataException("A matrix has no dimensions or no name.");
        var key = Encoding.Latin1.GetString(name.Bytes);
        if (!names.Contains(key, StringComparer.Ordinal)) return false;
        // Classes 6 to 15 are the numeric ones, logical (a flag on uint8) among them.
        if (dimensions.Bytes.Length < 8 || dimensions.Bytes.Length % 4 != 0 || complex || arrayClass is < 6 or > 15)
            throw new InvalidDataException($"Its variable '{key}' is not a real, full array.");
        int[] sizes = [.. Enumerable.Range(0, dimensions.Bytes.Length / 4).Select(axis => (int)source.UInt32(dimensions.Bytes.AsSpan(4 * axis)))];
        if (Array.Exists(sizes, size => size < 0)) throw new InvalidDataException($"Its variable '{key}' has a negative size.");
        var (type, bytes) = source.Element(budget);
        budget -= bytes.Length;
        var numbers = MatNumbers.Create(type, bytes, source.BigEndian)
            ?? throw new InvalidDataException($"Its variable '{key}' has numbers of the unknown type {type}.");
        if (sizes.Aggregate(1.0, (product, size) => product * size) != numbers.Length)
            throw new InvalidDataException($"Its variable '{key}' is said to be {string.Join('x', sizes)} but holds {numbers.Length} numbers.");
        found[key] = new MatMatrix(sizes, numbers);
        return true;
    }

    public static int Padding(long size) => (int)(-size & 7);
}

/// <summary>Reads tags and elements within the bounds of the element around them.</summary>
internal sealed class MatSource(Stream stream, bool bigEndian, long length)
{
    public bool BigEndian => bigEndian;

    public long Left { get; private set; } = length;

    /// <summary>Type and size of the next element; a small element's (at most 4 bytes) stands in the tag itself.</summary>
    public (int Type, long Size, byte[]? Small) Tag()
    {
        var tag = Bytes(8);
        var first = UInt32(tag);
        if (first >> 16 == 0) return ((int)first, UInt32(tag.AsSpan(4)), null);
        var size = (int)(first >> 16);
        if (size > 4) throw new InvalidDataException($"A small element is said to have {size} bytes.");
        return ((int)(first & 0xFFFF), size, tag[4..(4 + size)]);
    }

    public (int Type, byte[] Bytes) Element(long maxBytes)
    {
        var (type, size, small) = Tag();
        if (small is not null) return (type, small);
        if (size > maxBytes) throw new InvalidDataException($"An element announces {size} bytes, more than the {maxBytes} allowed.");
        var bytes = Bytes(size);
        // The last element of a matrix may come without its padding.
        Bytes(Math.Min(MatReader.Padding(size), Left));
        return (type, bytes);
    }

    public byte[] Bytes(long count)
    {
        if (count > Left) throw new EndOfStreamException();
        Left -= count;
        return Reading.Exactly(stream, count);
    }

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
