using Ornstein.Data;
using Ornstein.Data.Formats;
using SkiaSharp;
using StbImageSharp;

namespace Ornstein.Tests.Data;

/// <summary>What a JPEG becomes: colour, orientation, and what is refused.</summary>
public sealed class JpegReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    [InlineData(32, 32)]
    [InlineData(50, 17)]
    public void Decode_Colour_AgreesWithAnotherDecoder(int height, int width)
    {
        var jpeg = Jpeg(height, width, (y, x) => new SKColor((byte)(5 * y), (byte)(255 - (5 * x)), (byte)(3 * (y + x))));
        var image = JpegReader.Decode(jpeg, new PixelReading(InColour: true));
        Assert.Equal(new ImageShape(height, width, 3), image.Shape);
        Assert.Equal((255, false, true, false), (image.White, image.HasAlpha, image.HasColour, image.IsStoredGrey));
        var other = ImageResult.FromMemory(jpeg, ColorComponents.RedGreenBlue).Data;
        // The standard leaves the inverse transform and the colour's interpolation to the decoder.
        for (var i = 0; i < other.Length; i++) Assert.InRange(image.Levels[(i % 3 * height * width) + (i / 3)] - other[i], -4, 4);
    }

    [Fact]
    public void Decode_AsGrey_IsTheLumaOfItsColours()
    {
        var jpeg = Jpeg(16, 16, (y, x) => new SKColor((byte)(9 * y), (byte)(255 - (9 * x)), 40));
        var (grey, colour) = (JpegReader.Decode(jpeg), JpegReader.Decode(jpeg, new PixelReading(InColour: true)));
        Assert.Equal(new ImageShape(16, 16), grey.Shape);
        for (var i = 0; i < 256; i++)
            Assert.Equal(((colour.Levels[i] * 77) + (colour.Levels[256 + i] * 150) + (colour.Levels[512 + i] * 29)) >> 8, grey.Levels[i]);
    }

    [Fact]
    public void Decode_GreyJpeg_HasNoColour()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(9, 5, SKColorType.Gray8));
        for (var i = 0; i < 45; i++) bitmap.SetPixel(i % 9, i / 9, new SKColor((byte)(5 * i), (byte)(5 * i), (byte)(5 * i)));
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        var image = JpegReader.Decode(data.ToArray(), new PixelReading(InColour: true));
        Assert.Equal((true, false), (image.IsStoredGrey, image.HasColour));
        for (var i = 0; i < 45; i++) Assert.InRange(image.Levels[i] - (5 * i), -3, 3);
    }

    /// <summary>EXIF 2.3, 4.6.4 A: where the stored picture's first row and first column are seen. The picture is dark but for one bright corner.</summary>
    [Theory]
    [InlineData(1, 16, 24, 0, 0)] // first row is seen at the top, first column on the left
    [InlineData(2, 16, 24, 0, 23)]
    [InlineData(3, 16, 24, 15, 23)]
    [InlineData(4, 16, 24, 15, 0)]
    [InlineData(5, 24, 16, 0, 0)]
    [InlineData(6, 24, 16, 0, 15)]
    [InlineData(7, 24, 16, 23, 15)]
    [InlineData(8, 24, 16, 23, 0)]
    public void Decode_Orientation_IsHonoured(int orientation, int height, int width, int y, int x)
    {
        // Bright at the stored first row and column, and half as bright along the first row.
        var jpeg = Jpeg(16, 24, (row, column) => row < 8 && column < 8 ? SKColors.White : row < 8 ? SKColors.Gray : SKColors.Black);
        var image = JpegReader.Decode(WithOrientation(jpeg, orientation));
        Assert.Equal((height, width), (image.Shape.Height, image.Shape.Width));
        Assert.InRange(Level(y, x), 245, 255);
        // The first row is seen along the picture's width for orientations 1 to 4, along its height for the others.
        var (otherY, otherX) = orientation <= 4 ? (y, width - 1 - x) : (height - 1 - y, x);
        Assert.InRange(Level(otherY, otherX), 118, 138);
        Assert.InRange(Level(height - 1 - y, width - 1 - x), 0, 10);
        int Level(int row, int column) => image.Levels[(row * width) + column];
    }

    [Theory]
    [InlineData(4, 16, 16, "four inks")]
    [InlineData(2, 16, 16, "2 components")]
    [InlineData(3, 65_500, 65_500, "65500x65500")]
    [InlineData(3, 2000, 2000, "more than its 23 bytes can hold")]
    [InlineData(3, 0, 16, "0x16")]
    public void Read_HeaderOfWhatIsNotRead_SaysSo(byte components, int height, int width, string why) =>
        Assert.Contains(why, Hardening.Refuses(() => JpegReader.Read(_folder.Write("a.jpg", Header(0xC0, 8, components, height, width)))), StringComparison.Ordinal);

    [Theory]
    [InlineData(0xC0, 12, "12 bits")]
    [InlineData(0xC3, 8, "lossless")]
    public void Read_KindThatIsNotRead_SaysSo(byte marker, byte bits, string why) =>
        Assert.Contains(why, Hardening.Refuses(() => JpegReader.Read(_folder.Write("a.jpg", Header(marker, bits, 3, 8, 8)))), StringComparison.Ordinal);

    [Fact(Explicit = true)]
    public void Read_DamagedOrTruncated_NeverThrowsOtherwise()
    {
        var valid = Jpeg(20, 12, (y, x) => new SKColor((byte)(12 * y), (byte)(20 * x), 90));
        Hardening.EveryTruncation(valid, path => JpegReader.Read(path), "truncated.jpg");
        Hardening.AnyDamage(valid, path => JpegReader.Read(path), "damaged.jpg", 2000);
        Hardening.AnyBytes(valid[..20], path => JpegReader.Read(path), "random.jpg");
    }

    [Fact]
    public void Read_CutInHalf_IsRefused()
    {
        var random = new Random(1);
        var valid = Jpeg(64, 64, (_, _) => new SKColor((uint)random.Next() | 0xFF000000));
        Assert.Contains("truncated", Hardening.Refuses(() => JpegReader.Read(_folder.Write("a.jpg", valid[..(valid.Length / 2)]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Resized_WideColour_KeepsTheMiddleAndAverages()
    {
        // Columns 0 to 5; of 2x6 the middle 2x2, columns 2 and 3, becomes one pixel.
        var image = new Raster([.. Enumerable.Range(0, 36).Select(i => (ushort)(10 * (i % 6) + (i / 12)))], 255, new ImageShape(2, 6, 3), HasAlpha: false);
        var small = image.Resized(1, 1);
        Assert.Equal(new ImageShape(1, 1, 3), small.Shape);
        Assert.Equal([25, 26, 27], small.Levels.Select(level => (int)level));
        Assert.Same(image, image.Resized(2, 6));
        Assert.Equal(new ImageShape(4, 12, 3), image.Resized(4, 12).Shape);
    }

    internal static byte[] Jpeg(int height, int width, Func<int, int, SKColor> pixel)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, pixel(y, x));
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        return data.ToArray();
    }

    // EXIF data of one entry, orientation, after the start of the image.
    private static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        byte[] exif =
        [
            .. "Exif\0\0MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static byte[] Header(byte marker, byte bits, byte components, int height, int width) =>
    [
        0xFF, 0xD8, 0xFF, marker, 0, (byte)(8 + (3 * components)), bits, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, components,
        .. Enumerable.Range(0, components).SelectMany(i => new byte[] { (byte)(i + 1), 0x11, 0 }), 0xFF, 0xD9,
    ];
}
