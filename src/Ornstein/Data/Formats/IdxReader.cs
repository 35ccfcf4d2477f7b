using System.Buffers.Binary;

namespace Ornstein.Data.Formats;

/// <summary>Reads IDX, the format of MNIST: a big-endian header, then unsigned bytes; plain or gzip.</summary>
internal static class IdxReader
{
    private const uint ImageMagic = 0x0803, LabelMagic = 0x0801;

    /// <summary>Images, row-major [count, height * width].</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">Opens it, for bytes that are read to their end; null for <see cref="Reading.OpenPlainOrGzip"/>.</param>
    /// <exception cref="OrnsteinException">The file is missing, damaged, or not IDX images of unsigned bytes.</exception>
    public static (byte[] Pixels, int Count, ImageShape Shape) Images(
        string path, Func<string, Stream>? open = null) => Reading.Guard(path, () =>
    {
        using var stream = (open ?? Reading.OpenPlainOrGzip)(path);
        var header = Header(stream, ImageMagic, "images", 3);
        var (count, height, width) = (header[0], header[1], header[2]);
        if (count == 0 || height == 0 || width == 0) throw new InvalidDataException($"It holds {count} images of {height}x{width}.");
        // Up to 2^16 on a side the product cannot overflow, and nothing larger is an image of a data set.
        if (height > 1 << 16 || width > 1 << 16) throw new InvalidDataException($"It announces images of {height}x{width}.");
        var pixels = Payload(stream, path, (long)Math.Min(count, Reading.MaxBytes + 1) * height, width);
        return (pixels, (int)count, new ImageShape((int)height, (int)width));
    });

    /// <summary>Labels, 0 to 255.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">As for <see cref="Images"/>.</param>
    /// <exception cref="OrnsteinException">The file is missing, damaged, or not IDX labels of unsigned bytes.</exception>
    public static int[] Labels(string path, Func<string, Stream>? open = null) => Reading.Guard(path, () =>
    {
        using var stream = (open ?? Reading.OpenPlainOrGzip)(path);
        var count = Header(stream, LabelMagic, "labels", 1)[0];
        return Array.ConvertAll(Payload(stream, path, count, 1), l => (int)l);
    });

    private static uint[] Header(Stream stream, uint magic, string what, int dimensions)
    {
        var bytes = new byte[4 * (1 + dimensions)];
        stream.ReadExactly(bytes.AsSpan(0, 4));
        var found = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (found != magic) throw new InvalidDataException(OtherKind(found, magic, what, dimensions));
        stream.ReadExactly(bytes.AsSpan(4));
        var sizes = new uint[dimensions];
        for (var i = 0; i < dimensions; i++) sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4 * (1 + i)));
        return sizes;
    }

    private static string OtherKind(uint found, uint magic, string what, int dimensions)
    {
        // The third byte of an IDX file is the type of its numbers.
        var type = (found >> 8) switch
        {
            0x09 => "signed bytes",
            0x0B => "16-bit integers",
            0x0C => "32-bit integers",
            0x0D => "32-bit floats",
            0x0E => "64-bit floats",
            _ => null,
        };
        if (type is null)
            return $"IDX {what} ({dimensions}-dimensional unsigned bytes) begin with 0x{magic:x8}; this begins with 0x{found:x8}.";
        var isFraction = magic == ImageMagic && type.EndsWith("floats", StringComparison.Ordinal);
        var how = isFraction ? " (multiply by 255 where they go from 0 to 1)" : "";
        return $"It holds IDX {what} of {type}; unsigned bytes are read: convert them{how}.";
    }

    private static byte[] Payload(Stream stream, string path, long rows, long width)
    {
        if (rows * width > Reading.MaxBytes)
            throw new InvalidDataException($"Its header announces over {Reading.MaxBytes} bytes, which is the limit.");
        var length = new FileInfo(path).Length;
        // MNIST's images shrink to a fifth: the hint saves copies and stays in proportion to the file.
        var payload = Reading.Exactly(stream, rows * width, stream is FileStream ? length : 8 * length);
        if (stream.ReadByte() >= 0) throw new InvalidDataException("It is longer than its header announces.");
        return payload;
    }
}
