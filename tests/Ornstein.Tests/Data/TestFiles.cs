using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

/// <summary>Makers of small files of every format.</summary>
internal static class TestFiles
{
    public static byte[] IdxImages(int count, int height, int width, Func<int, byte> pixel)
    {
        var bytes = new byte[16 + (count * height * width)];
        uint[] header = [0x0803, (uint)count, (uint)height, (uint)width];
        for (var i = 0; i < 4; i++) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), header[i]);
        for (var i = 16; i < bytes.Length; i++) bytes[i] = pixel(i - 16);
        return bytes;
    }

    public static byte[] IdxLabels(params byte[] labels)
    {
        byte[] bytes = [0, 0, 8, 1, 0, 0, 0, 0, .. labels];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), labels.Length);
        return bytes;
    }

    public static byte[] Gzip(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal)) gzip.Write(content);
        return memory.ToArray();
    }

    /// <summary>A PNG of the given bits per pixel (1 or 8), grey.</summary>
    public static byte[] Png(int height, int width, Func<int, int, byte> pixel, int bits = 8)
    {
        using var raw = new MemoryStream();
        for (var y = 0; y < height; y++)
        {
            raw.WriteByte(0);
            var row = new byte[((width * bits) + 7) / 8];
            for (var x = 0; x < width; x++)
            {
                if (bits == 8) row[x] = pixel(y, x);
                else if (pixel(y, x) > 127) row[x / 8] |= (byte)(128 >> (x % 8));
            }

            raw.Write(row);
        }

        return Png(PngHeader(height, width, bits, color: 0), Zlib(raw.ToArray()));
    }

    public static byte[] Png(byte[] header, byte[] data) => Png([("IHDR", header), ("IDAT", data), ("IEND", [])]);

    /// <summary>A PNG of the given chunks, each with its right CRC.</summary>
    public static byte[] Png(IReadOnlyList<(string Type, byte[] Body)> chunks) =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. chunks.SelectMany(c => Chunk(c.Type, c.Body))];

    public static byte[] PngHeader(int height, int width, int depth, int color, bool interlaced = false)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, (byte)depth, (byte)color, 0, 0, interlaced ? (byte)1 : (byte)0];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return header;
    }

    public static byte[] Zlib(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var zlib = new ZLibStream(memory, CompressionLevel.Optimal)) zlib.Write(content);
        return memory.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        var (length, crc) = (new byte[4], new byte[4]);
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. body];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Of(content));
        return [.. length, .. content, .. crc];
    }
}

/// <summary>Writes MATLAB level 5 files, as its documentation of the format says.</summary>
internal sealed class MatWriter(bool bigEndian)
{
    private readonly List<byte> _bytes = Header(bigEndian);

    public byte[] ToArray() => [.. _bytes];

    /// <param name="name">Name of the variable.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="type">How the numbers are stored: 2 uint8, 7 single, 9 double.</param>
    /// <param name="arrayClass">Class of the matrix: 6 double, 7 single, 9 uint8.</param>
    /// <param name="numbers">Column-major.</param>
    /// <param name="compressed">Whether the element is compressed.</param>
    /// <param name="flags">Flags: 2 logical, 8 complex.</param>
    public MatWriter Add(string name, int rows, int type, int arrayClass, double[] numbers, bool compressed = false, int flags = 0) =>
        Add(name, [rows, numbers.Length / rows], type, arrayClass, numbers, compressed, flags);

    /// <summary>The same, of any number of axes.</summary>
    public MatWriter Add(string name, int[] sizes, int type, int arrayClass, double[] numbers, bool compressed = false, int flags = 0)
    {
        byte[] body =
        [
            .. Element(6, [.. UInt32((uint)(arrayClass | (flags << 8))), .. UInt32(0)]),
            .. Element(5, [.. sizes.SelectMany(size => UInt32((uint)size))]),
            .. Element(1, Encoding.ASCII.GetBytes(name)),
            .. Element(type, [.. numbers.SelectMany(n => Number(type, n))]),
        ];
        byte[] element = [.. UInt32(14), .. UInt32((uint)body.Length), .. body];
        if (compressed) element = TestFiles.Zlib(element);
        if (compressed) _bytes.AddRange([.. UInt32(15), .. UInt32((uint)element.Length)]);
        _bytes.AddRange(element);
        return this;
    }

    private static List<byte> Header(bool bigEndian)
    {
        var header = new byte[128];
        Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file").CopyTo(header, 0);
        byte[] end = bigEndian ? [1, 0, (byte)'M', (byte)'I'] : [0, 1, (byte)'I', (byte)'M'];
        end.CopyTo(header, 124);
        return [.. header];
    }

    private byte[] Element(int type, byte[] content)
    {
        if (content.Length is > 0 and <= 4)
            return [.. UInt32((uint)(type | (content.Length << 16))), .. content, .. new byte[4 - content.Length]];
        return [.. UInt32((uint)type), .. UInt32((uint)content.Length), .. content, .. new byte[-content.Length & 7]];
    }

    private byte[] Number(int type, double value) => type switch
    {
        2 => [(byte)value],
        7 => Ordered(BitConverter.GetBytes((float)value)),
        _ => Ordered(BitConverter.GetBytes(value)),
    };

    private byte[] UInt32(uint value) => Ordered(BitConverter.GetBytes(value));

    private byte[] Ordered(byte[] native)
    {
        if (BitConverter.IsLittleEndian == bigEndian) Array.Reverse(native);
        return native;
    }
}
