using System.Buffers.Binary;
using System.Text;

namespace Ornstein.Data.Formats;

/// <summary>How a PNG stores its pixels.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits per sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Color">What a pixel's samples are.</param>
/// <param name="Interlaced">Whether the pixels come in the seven passes of Adam7.</param>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColor Color, bool Interlaced)
{
    /// <summary>Samples of a pixel.</summary>
    public int Channels => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GreyAlpha => 2,
        PngColor.RgbAlpha => 4,
        _ => 1,
    };
}

/// <summary>PNG's colour types.</summary>
internal enum PngColor
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}

/// <summary>The chunks of a PNG that bear on its pixels, their checksums compared; all others are passed over.</summary>
/// <param name="Header">IHDR.</param>
/// <param name="Palette">PLTE: red, green and blue of every colour; empty where there is none.</param>
/// <param name="Transparency">tRNS: the alpha of colours of the palette, or the one colour that is transparent; null for none.</param>
/// <param name="Data">What all IDAT chunks hold, together.</param>
internal sealed record PngChunks(PngHeader Header, byte[] Palette, byte[]? Transparency, MemoryStream Data)
{
    private const int Frame = 12;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Takes a PNG apart. It need not end with IEND, and whatever comes after that is passed over.</summary>
    /// <exception cref="InvalidDataException">Not a PNG, or damaged.</exception>
    /// <exception cref="EndOfStreamException">It ends before or within its image data.</exception>
    public static PngChunks Read(ReadOnlySpan<byte> png, int maxSide)
    {
        if (!png.StartsWith(Signature))
            throw Signature.StartsWith(png) ? new EndOfStreamException() : new InvalidDataException("It is not a PNG.");
        PngHeader? header = null;
        byte[]? palette = null, transparency = null;
        var data = new MemoryStream();
        for (var rest = png[8..]; ;)
        {
            if (!TryNext(ref rest, out var type, out var body, out var isSound))
            {
                // Viewers do without what follows the pixels; whether those are all there shows when they are inflated.
                if (data.Length == 0 || type == "IDAT") throw new EndOfStreamException();
                break;
            }

            if (type == "CgBI") throw new InvalidDataException("Apple's variant of PNG is not supported.");
            if ((header is null) != (type == "IHDR")) throw new InvalidDataException("A PNG has one IHDR chunk, first.");
            // A small letter marks a chunk that the picture can do without.
            var isCritical = char.IsAsciiLetterUpper(type[0]);
            if (!isSound && (isCritical || type == "tRNS"))
                throw new InvalidDataException($"The checksum (CRC-32) of its {PrintableText.Of(type)} chunk is another.");
            if (type == "IEND") break;
            if (type == "IHDR") header = ReadHeader(body, maxSide);
            else if (type == "IDAT") data.Write(body);
            else if (type == "PLTE") palette = palette is null ? body.ToArray() : throw new InvalidDataException("It has two palettes.");
            else if (type == "tRNS") transparency ??= body.ToArray();
            else if (isCritical) throw new InvalidDataException($"It has a chunk {PrintableText.Of(type)}, which is not of PNG.");
        }

        data.Position = 0;
        return new PngChunks(header!, palette ?? [], transparency, data);
    }

    // False at the end, or where the chunk is not whole; its type is then empty or that of the chunk.
    private static bool TryNext(ref ReadOnlySpan<byte> rest, out string type, out ReadOnlySpan<byte> body, out bool isSound)
    {
        type = rest.Length < 8 ? "" : Encoding.Latin1.GetString(rest.Slice(4, 4));
        body = default;
        isSound = false;
        if (rest.Length < Frame) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - Frame) return false;
        body = rest.Slice(8, (int)length);
        isSound = Crc32.Of(rest.Slice(4, 4 + body.Length)) == BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + body.Length)..]);
        rest = rest[(Frame + body.Length)..];
        return true;
    }

    private static PngHeader ReadHeader(ReadOnlySpan<byte> header, int maxSide)
    {
        if (header.Length != 13) throw new InvalidDataException("The PNG's header is not 13 bytes long.");
        var width = BinaryPrimitives.ReadUInt32BigEndian(header);
        var height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (width == 0 || width > maxSide || height == 0 || height > maxSide)
            throw new InvalidDataException($"The PNG announces {width}x{height} pixels; sides of 1 to {maxSide} are read.");
        var (depth, color) = (header[8], header[9]);
        var exists = (color, depth) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        if (!exists) throw new InvalidDataException($"The PNG has colour type {color} with {depth} bits, which does not exist.");
        if (header[10] != 0 || header[11] != 0) throw new InvalidDataException("The PNG's compression or filtering is unknown.");
        if (header[12] > 1) throw new InvalidDataException("The PNG's interlacing is unknown.");
        return new PngHeader((int)width, (int)height, depth, (PngColor)color, header[12] == 1);
    }
}
