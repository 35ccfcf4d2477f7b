using System.Buffers.Binary;

namespace Ornstein.Data.Formats;

/// <summary>What the frame header of a JPEG says (ISO/IEC 10918-1, B.2.2), read before anything is decoded.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Components">Levels of a pixel: 1 for grey, 3 for colour.</param>
internal sealed record JpegHeader(int Height, int Width, int Components)
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">Not a JPEG, damaged, or of a kind that is not read.</exception>
    /// <exception cref="EndOfStreamException">It ends before its frame header.</exception>
    public static JpegHeader Read(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Length < 2) throw new EndOfStreamException();
        if (jpeg[0] != 0xFF || jpeg[1] != 0xD8) throw new InvalidDataException("It is not a JPEG.");
        for (var rest = jpeg[2..]; ;)
        {
            while (rest.Length > 1 && rest[0] == 0xFF && rest[1] == 0xFF) rest = rest[1..]; // fill bytes
            if (rest.Length < 4) throw new EndOfStreamException();
            if (rest[0] != 0xFF) throw new InvalidDataException("A JPEG's segments begin with 255, and one does not.");
            var (marker, length) = (rest[1], BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            if (marker is StartOfScan or EndOfImage) throw new InvalidDataException("It has no frame header before its data.");
            if (rest.Length < 2 + length) throw new EndOfStreamException();
            if (IsFrame(marker)) return Frame(marker, rest.Slice(4, Math.Max(0, length - 2)));
            rest = rest[(2 + Math.Max(2, (int)length))..];
        }
    }

    /// <summary>Number of scans: passes over the picture, of which a few bytes suffice for one.</summary>
    public static int Scans(ReadOnlySpan<byte> jpeg)
    {
        var scans = 0;
        for (var rest = jpeg[2..]; rest.Length >= 4;)
        {
            // Within a scan 255 is followed by 0, by the number of a restart, or by more of it: anything else begins a segment.
            if (rest[0] != 0xFF || rest[1] is 0 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                var next = rest[1..].IndexOf((byte)0xFF);
                if (next < 0) break;
                rest = rest[(1 + next)..];
                continue;
            }

            if (rest[1] == EndOfImage) break;
            if (rest[1] == StartOfScan) scans++;
            rest = rest[Math.Min(rest.Length, 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(rest[2..])))..];
        }

        return scans;
    }

    // SOF0 to SOF15 but for tables (DHT, JPG, DAC).
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static JpegHeader Frame(byte marker, ReadOnlySpan<byte> body)
    {
        if (body.Length < 6) throw new InvalidDataException("Its frame header is too short.");
        if (marker > 0xC2) throw new InvalidDataException("It is a lossless, hierarchical or arithmetic JPEG; baseline and progressive ones are read.");
        if (body[0] != 8) throw new InvalidDataException($"It has {body[0]} bits a sample; 8 are read.");
        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        if (height == 0 || width == 0) throw new InvalidDataException($"It is said to have {height}x{width} pixels.");
        return body[5] switch
        {
            1 or 3 => new JpegHeader(height, width, body[5]),
            4 => throw new InvalidDataException("It has four inks (CMYK) where screens have red, green and blue; convert it, as with 'magick in.jpg -colorspace sRGB out.jpg'."),
            var other => throw new InvalidDataException($"It has {other} components; 1 (grey) and 3 (colour) are read."),
        };
    }
}
