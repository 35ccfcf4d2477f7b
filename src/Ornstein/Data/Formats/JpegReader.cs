using SkiaSharp;

namespace Ornstein.Data.Formats;

/// <summary>Reads a baseline or progressive JPEG, the way up that its EXIF data say.</summary>
internal static class JpegReader
{
    /// <summary>No side of an image is longer than this many pixels.</summary>
    public const int MaxSide = 16_384;

    /// <summary>No image has more pixels than this.</summary>
    public const int MaxPixels = 1 << 26;

    // A block of 8 x 8 pixels takes at least one bit, whatever its codes.
    private const long MostPixelsOfAByte = 8 * 64;

    // A scan, a pass over the whole picture, may have next to no bytes of its own. Encoders make about ten.
    private const int MostScansOfFew = 16;

    /// <summary>Levels of a JPEG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">What is wanted; null for grey.</param>
    /// <exception cref="OrnsteinException">The file is missing, damaged or not a JPEG that is read.</exception>
    public static Raster Read(string path, PixelReading? reading = null) => Reading.Guard(path, () =>
    {
        using var stream = Reading.OpenFile(path);
        return Decode(Reading.ToEnd(stream, PngReader.MaxFileBytes), reading);
    });

    /// <summary>Levels of a JPEG in memory.</summary>
    /// <param name="jpeg">The file's content.</param>
    /// <param name="reading">What is wanted; null for grey.</param>
    /// <exception cref="InvalidDataException">Damaged, or not a JPEG that is read.</exception>
    /// <exception cref="EndOfStreamException">Truncated.</exception>
    public static Raster Decode(byte[] jpeg, PixelReading? reading = null)
    {
        var header = JpegHeader.Read(jpeg);
        if (Math.Max(header.Height, header.Width) > MaxSide || (long)header.Height * header.Width > MaxPixels)
            throw new InvalidDataException($"It is said to have {header.Height}x{header.Width} pixels; the limit is {MaxSide} a side and {MaxPixels} in all.");
        if ((long)header.Height * header.Width > MostPixelsOfAByte * jpeg.Length)
            throw new InvalidDataException($"It is said to have {header.Height}x{header.Width} pixels, more than its {jpeg.Length} bytes can hold.");
        var scans = JpegHeader.Scans(jpeg);
        if ((long)header.Height * header.Width * scans > MostPixelsOfAByte * MostScansOfFew * jpeg.Length)
            throw new InvalidDataException($"It is said to have {header.Height}x{header.Width} pixels in {scans} scans, more than its {jpeg.Length} bytes can mean.");
        using var data = SKData.CreateCopy(jpeg);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException("It cannot be decoded.");
        var info = new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var bytes = GC.AllocateUninitializedArray<byte>(info.BytesSize);
        var result = codec.GetPixels(info, bytes);
        if (result == SKCodecResult.IncompleteInput) throw new EndOfStreamException();
        if (result != SKCodecResult.Success) throw new InvalidDataException($"It cannot be decoded ({result}).");
        return Turned(bytes, header, codec.EncodedOrigin, reading ?? PixelReading.Grey);
    }

    private static Raster Turned(byte[] bytes, JpegHeader header, SKEncodedOrigin origin, PixelReading reading)
    {
        // Orientations 5 to 8 of EXIF lie on their side.
        var isOnSide = origin >= SKEncodedOrigin.LeftTop;
        var (height, width) = isOnSide ? (header.Width, header.Height) : (header.Height, header.Width);
        var builder = new RasterBuilder(height, width, byte.MaxValue, reading);
        var row = new Rgba[header.Width];
        for (var y = 0; y < header.Height; y++)
        {
            for (var x = 0; x < row.Length; x++)
            {
                var at = 4 * ((y * row.Length) + x);
                row[x] = new Rgba(bytes[at], bytes[at + 1], bytes[at + 2], byte.MaxValue);
            }

            var (start, step) = Place(origin, y, height, width);
            builder.Put(start, step, row);
        }

        return builder.Build(header.Components == 1);
    }

    // Where a stored row goes: the place of its first pixel in the upright picture, and the way from each to the next.
    private static (int Start, int Step) Place(SKEncodedOrigin origin, int row, int height, int width) => origin switch
    {
        SKEncodedOrigin.TopRight => ((row * width) + width - 1, -1),
        SKEncodedOrigin.BottomRight => (((height - 1 - row) * width) + width - 1, -1),
        SKEncodedOrigin.BottomLeft => ((height - 1 - row) * width, 1),
        SKEncodedOrigin.LeftTop => (row, width),
        SKEncodedOrigin.RightTop => (width - 1 - row, width),
        SKEncodedOrigin.RightBottom => (((height - 1) * width) + width - 1 - row, -width),
        SKEncodedOrigin.LeftBottom => (((height - 1) * width) + row, -width),
        _ => (row * width, 1),
    };
}
