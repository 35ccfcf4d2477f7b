using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using StbImageSharp;

namespace Ornstein.Data.Formats;

/// <summary>
/// Reads a PNG as grey levels. The decoder trusts its input, so the structure and the inflated size are checked before it runs.
/// </summary>
internal static class PngReader
{
    /// <summary>No side of an image is longer than this many pixels.</summary>
    public const int MaxSide = 4096;

    /// <summary>No PNG file is longer than this many bytes.</summary>
    public const int MaxFileBytes = 1 << 26;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Grey levels 0..255 of a PNG file, row by row.</summary>
    /// <exception cref="OrnsteinException">The file is missing, damaged or not a PNG.</exception>
    public static GreyImage Read(string path, byte background = 255) => Reading.Guard(path, () =>
    {
        using var stream = File.OpenRead(path);
        return Decode(Reading.ToEnd(stream, MaxFileBytes));
    });

    /// <summary>Grey levels 0..255 of a PNG in memory.</summary>
    /// <exception cref="InvalidDataException">Damaged or not a PNG.</exception>
    /// <exception cref="EndOfStreamException">Truncated.</exception>
    public static GreyImage Decode(byte[] png, byte background = 255, int maxSide = MaxSide)
    {
        var (width, height) = Check(png, maxSide);
        try
        {
            var image = ImageResult.FromMemory(png, ColorComponents.Grey);
            if (image.Width != width || image.Height != height) throw new InvalidDataException("The image's size is not its header's.");
            return new GreyImage(Array.ConvertAll(image.Data, b => (ushort)b), 255, new ImageShape(height, width), false);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException)
        {
            throw new InvalidDataException($"The PNG cannot be decoded ({Reading.OneLine(e.Message)}).", e);
        }
    }

    private static (int Width, int Height) Check(ReadOnlySpan<byte> png, int maxSide)
    {
        if (png.Length < 8) throw new EndOfStreamException();
        if (!png.StartsWith(Signature)) throw new InvalidDataException("It is not a PNG.");
        using var data = new MemoryStream();
        var (width, height, bits, interlaced) = (0, 0, 0, false);
        var rest = png[8..];
        for (var first = true; ; first = false)
        {
            if (rest.Length < 12) throw new EndOfStreamException();
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 12) throw new EndOfStreamException();
            var type = Encoding.Latin1.GetString(rest.Slice(4, 4));
            var body = rest.Slice(8, (int)length);
            rest = rest[((int)length + 12)..];
            if (first != (type == "IHDR")) throw new InvalidDataException("A PNG has one IHDR chunk, first.");
            if (type == "IHDR") (width, height, bits, interlaced) = Size(body, maxSide);
            else if (type == "IDAT") data.Write(body);
            else if (type == "CgBI") throw new InvalidDataException("Apple's variant of PNG is not supported.");
            else if (type == "IEND") break;
        }

        data.Position = 0;
        CheckInflatedLength(data, width, height, bits, interlaced);
        return (width, height);
    }

    private static (int Width, int Height, int Bits, bool Interlaced) Size(ReadOnlySpan<byte> header, int maxSide)
    {
        if (header.Length != 13) throw new InvalidDataException("The PNG's header is not 13 bytes long.");
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width == 0 || width > maxSide || height == 0 || height > maxSide)
            throw new InvalidDataException($"The PNG announces {width}x{height} pixels; sides of 1 to {maxSide} are read.");
        var (depth, color) = (header[8], header[9]);
        var channels = (color, depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) => 1,
            (2, 8 or 16) => 3,
            (3, 1 or 2 or 4 or 8) => 1,
            (4, 8 or 16) => 2,
            (6, 8 or 16) => 4,
            _ => throw new InvalidDataException($"The PNG has colour type {color} with {depth} bits, which does not exist."),
        };
        if (header[12] > 1) throw new InvalidDataException("The PNG's interlacing is unknown.");
        return ((int)width, (int)height, channels * depth, header[12] == 1);
    }

    private static void CheckInflatedLength(MemoryStream data, int width, int height, int bits, bool interlaced)
    {
        long expected = 0;
        foreach (var (x, y, dx, dy) in interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            var (columns, rows) = ((width - x + dx - 1) / dx, (height - y + dy - 1) / dy);
            if (columns > 0) expected += rows * (1 + ((((long)columns * bits) + 7) / 8));
        }

        using var inflate = new ZLibStream(data, CompressionMode.Decompress);
        var found = Reading.Copy(inflate, Stream.Null, expected);
        if (found < expected) throw new EndOfStreamException();
    }

    // First column, first row, and the steps of each of the seven passes.
    private static readonly (int X, int Y, int Dx, int Dy)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
}
