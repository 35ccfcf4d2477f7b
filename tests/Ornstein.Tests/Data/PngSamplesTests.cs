using CsCheck;
using Ornstein.Data;
using Ornstein.Data.Formats;
using StbImageSharp;

namespace Ornstein.Tests.Data;

/// <summary>What the pixels of a PNG become: depth, colour, transparency and interlacing.</summary>
public class PngSamplesTests
{
    private const int Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, RgbAlpha = 6;

    /// <summary>Colour type, bits per sample, and interlacing.</summary>
    public static TheoryData<int, int, bool> Kinds { get; } =
    [
        .. new (int Color, int[] Depths)[]
        {
            (Grey, [1, 2, 4, 8, 16]), (Rgb, [8, 16]), (Palette, [1, 2, 4, 8]), (GreyAlpha, [8, 16]), (RgbAlpha, [8, 16]),
        }.SelectMany(k => k.Depths.SelectMany(d => new[] { (k.Color, d, false), (k.Color, d, true) })),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_AnyKind_AgreesWithAnotherDecoder(int color, int depth, bool interlaced)
    {
        var random = new Random((100 * color) + depth);
        // All sizes in which passes are empty, partial and whole.
        for (var size = 0; size < 170; size++)
        {
            var (height, width) = (1 + (size / 13), 1 + (size % 13));
            var header = TestFiles.PngHeader(height, width, depth, color, interlaced);
            var palette = Bytes(random, 3 << Math.Min(depth, 8));
            var data = TestFiles.Zlib(Rows(random, header));
            var png = TestFiles.Png([("IHDR", header), ("PLTE", palette), ("IDAT", data), ("IEND", [])]);
            var image = PngReader.Decode(png, new PixelReading(200));
            Assert.Equal((height, width), (image.Shape.Height, image.Shape.Width));
            if (color is GreyAlpha or RgbAlpha)
            {
                // The other decoder cuts 16 bits to 8 before anything is composed: level and alpha are each less by up to 1, the sum by up
                // to 2 or more by up to 1, and both are rounded.
                var other = ImageResult.FromMemory(png, ColorComponents.RedGreenBlueAlpha).Data;
                var composed = Enumerable.Range(0, height * width)
                    .Select(i => Compose(Luma(other.AsSpan(4 * i, 3)), other[(4 * i) + 3], 200));
                var apart = depth == 16 ? 3 : 0;
                Assert.All(composed.Zip(image.ToBytes()), p => Assert.InRange(p.Second - p.First, -apart, apart));
            }
            else
            {
                var shift = depth == 16 ? 8 : 0;
                Assert.Equal(ImageResult.FromMemory(png, ColorComponents.Grey).Data, image.Levels.Select(l => (byte)(l >> shift)));
                Assert.False(image.HasAlpha);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_AnyKindInColour_AgreesWithAnotherDecoder(int color, int depth, bool interlaced)
    {
        var random = new Random((100 * color) + depth);
        for (var size = 0; size < 170; size += 7)
        {
            var (height, width) = (1 + (size / 13), 1 + (size % 13));
            var header = TestFiles.PngHeader(height, width, depth, color, interlaced);
            var palette = Bytes(random, 3 << Math.Min(depth, 8));
            var png = TestFiles.Png([("IHDR", header), ("PLTE", palette), ("IDAT", TestFiles.Zlib(Rows(random, header))), ("IEND", [])]);
            var image = PngReader.Decode(png, new PixelReading(200, InColour: true));
            Assert.Equal(new ImageShape(height, width, 3), image.Shape);
            Assert.Equal(color is Grey or GreyAlpha, image.IsStoredGrey);
            var other = ImageResult.FromMemory(png, ColorComponents.RedGreenBlueAlpha).Data;
            var pixels = height * width;
            // As above: cut to 8 bits first, level and alpha may each be off by 1.
            var apart = depth == 16 ? 3 : 0;
            for (var i = 0; i < 3 * pixels; i++)
            {
                var at = 4 * (i % pixels);
                Assert.InRange(image.ToBytes()[i] - Compose(other[at + (i / pixels)], other[at + 3], 200), -apart, apart);
            }

            Assert.Equal(color is Rgb or Palette or RgbAlpha && Enumerable.Range(0, pixels).Any(i => HasColour(image, i)), image.HasColour);
        }
    }

    private static bool HasColour(Raster image, int pixel) =>
        Enumerable.Range(1, 2).Any(channel => image.Levels[pixel] != image.Levels[(channel * image.Shape.Height * image.Shape.Width) + pixel]);

    [Fact]
    public void Decode_SixteenBits_KeepsThemAll()
    {
        // Levels of a camera of 9 bits: the high byte of each is 0 or 1.
        var image = Decode(TestFiles.PngHeader(1, 4, 16, Grey), [0, 0, 200, 1, 163, 255, 255, 128, 0]);
        Assert.Equal([200, 419, 65535, 32768], image.Levels);
        Assert.Equal((65535, false), (image.White, image.HasAlpha));
        // 200 / 257 = 0.78, 419 / 257 = 1.63, 32768 / 257 = 127.502
        Assert.Equal([1, 2, 255, 128], image.ToBytes());
        var color = Decode(TestFiles.PngHeader(1, 1, 16, Rgb), [0, 1, 2, 3, 4, 5, 6]);
        Assert.Equal([(0x0102 * 77 + 0x0304 * 150 + 0x0506 * 29) >> 8], color.Levels.Select(l => (int)l));
    }

    [Fact]
    public void ToBytes_EveryLevel_IsTheNearestByte()
    {
        var all = new Raster([.. Enumerable.Range(0, 65536).Select(l => (ushort)l)], 65535, new(256, 256), HasAlpha: false);
        Assert.All(all.ToBytes().Index(), b => Assert.InRange(Math.Abs((b.Index * 255.0 / 65535) - b.Item), 0, 0.5));
        Assert.Equal([0, 7, 255], new Raster([0, 7, 255], 255, new(1, 3), HasAlpha: false).ToBytes());
    }

    [Theory]
    [InlineData(255, new[] { 255, 0, 127 })]
    [InlineData(0, new[] { 0, 0, 0 })]
    [InlineData(100, new[] { 100, 0, 50 })]
    public void Decode_InkInTheAlphaChannel_LiesOnTheBackground(byte background, int[] levels)
    {
        // Black with alpha 0, 255 and 128; 255 * 127 / 255 = 127 and 100 * 127 / 255 = 49.8.
        foreach (var image in new[]
        {
            Decode(TestFiles.PngHeader(1, 3, 8, GreyAlpha), [0, 0, 0, 0, 255, 0, 128], background),
            Decode(TestFiles.PngHeader(1, 3, 8, RgbAlpha), [0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 128], background),
            Decode(TestFiles.PngHeader(1, 3, 8, Palette), [0, 0, 1, 2], background, [("PLTE", new byte[9]), ("tRNS", [0, 255, 128])]),
        })
        {
            Assert.Equal(levels, image.Levels.Select(l => (int)l));
            Assert.True(image.HasAlpha);
        }
    }

    [Fact]
    public void Decode_SixteenBitAlpha_IsComposedAtFullDepth()
    {
        var random = new Random(3);
        var row = Bytes(random, 4 * 100);
        foreach (var background in new byte[] { 0, 77, 255 })
        {
            var image = Decode(TestFiles.PngHeader(1, 100, 16, GreyAlpha), [0, .. row], background);
            for (var x = 0; x < 100; x++)
            {
                double level = (row[4 * x] << 8) | row[(4 * x) + 1], alpha = ((row[(4 * x) + 2] << 8) | row[(4 * x) + 3]) / 65535.0;
                Assert.InRange(Math.Abs((level * alpha) + (background * 257 * (1 - alpha)) - image.Levels[x]), 0, 0.5 + 1e-6);
            }
        }
    }

    [Fact]
    public void Decode_OpaqueAlpha_IsNotToldAsAlpha()
    {
        Assert.False(Decode(TestFiles.PngHeader(1, 2, 8, GreyAlpha), [0, 9, 255, 7, 255]).HasAlpha);
        // The colour that is transparent is not used.
        (string, byte[])[] colours = [("PLTE", new byte[6]), ("tRNS", [255, 0])];
        Assert.False(Decode(TestFiles.PngHeader(1, 2, 8, Palette), [0, 0, 0], chunks: colours).HasAlpha);
        Assert.False(Decode(TestFiles.PngHeader(1, 2, 8, Grey), [0, 1, 2], chunks: [("tRNS", [0, 3])]).HasAlpha);
    }

    [Theory]
    [InlineData(Grey, 1, new byte[] { 0, 0x80 }, new byte[] { 0, 1 }, new[] { 99, 0 })]
    [InlineData(Grey, 8, new byte[] { 0, 7, 8 }, new byte[] { 0, 7 }, new[] { 99, 8 })]
    [InlineData(Grey, 16, new byte[] { 0, 1, 7, 1, 8 }, new byte[] { 1, 7 }, new[] { 99 * 257, 264 })]
    [InlineData(Rgb, 8, new byte[] { 0, 1, 2, 3, 9, 9, 9 }, new byte[] { 0, 1, 0, 2, 0, 3 }, new[] { 99, 9 })]
    [InlineData(Rgb, 16, new byte[] { 0, 0, 1, 0, 2, 0, 3, 0, 9, 0, 9, 0, 9 }, new byte[] { 0, 1, 0, 2, 0, 3 }, new[] { 25_443, 9 })]
    public void Decode_TheTransparentColour_IsTheBackground(int color, int depth, byte[] row, byte[] transparent, int[] levels)
    {
        var image = Decode(TestFiles.PngHeader(1, 2, depth, color), row, 99, [("tRNS", transparent)]);
        Assert.Equal(levels, image.Levels.Select(l => (int)l));
        Assert.True(image.HasAlpha);
    }

    [Fact]
    public void Decode_ColourBeyondThePalette_IsRefused()
    {
        var header = TestFiles.PngHeader(1, 3, 2, Palette);
        // Colours 0, 1, 2, and bits without a pixel that would be colour 3.
        byte[] row = [0, 0b00_01_10_11], three = [0, 0, 0, 255, 255, 255, 0, 0, 255];
        Assert.Equal([0, 255, (29 * 255) >> 8], Decode(header, row, chunks: [("PLTE", three)]).Levels.Select(l => (int)l));
        foreach (var palette in new byte[][] { new byte[6], [], new byte[8], new byte[3 * 257] })
            Assert.Throws<InvalidDataException>(() => Decode(header, row, chunks: [("PLTE", palette)]));
        Assert.Contains(
            "palette", Assert.Throws<InvalidDataException>(() => Decode(header, [0, 0])).Message, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Decode_AnythingWithRightChecksums_NeverThrowsOtherwise()
    {
        var files =
            from kind in Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4].Select(p => 1 << p), Gen.Int[0, 9], Gen.Int[0, 9], Gen.Bool)
            from palette in Gen.Byte.Array[0, 20]
            from transparency in Gen.Byte.Array[0, 7]
            from data in Gen.Byte.Array[0, 300]
            from packed in Gen.Bool
            select TestFiles.Png(
            [
                ("IHDR", TestFiles.PngHeader(kind.Item3, kind.Item4, kind.Item2, kind.Item1, kind.Item5)),
                ("PLTE", palette),
                ("tRNS", transparency),
                ("IDAT", packed ? TestFiles.Zlib(data) : data),
            ]);
        Hardening.Any(files, p => PngReader.Read(p), "any.png", 1500);
    }

    private static Raster Decode(byte[] header, byte[] rows, byte background = 255, (string Type, byte[] Body)[]? chunks = null) =>
        PngReader.Decode(TestFiles.Png([("IHDR", header), .. chunks ?? [], ("IDAT", TestFiles.Zlib(rows)), ("IEND", [])]), new PixelReading(background));

    private static int Luma(ReadOnlySpan<byte> rgb) => ((rgb[0] * 77) + (rgb[1] * 150) + (rgb[2] * 29)) >> 8;

    private static int Compose(int level, int alpha, int background) =>
        (int)Math.Round(((level * alpha) + (background * (255 - alpha))) / 255.0, MidpointRounding.AwayFromZero);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    // Any bytes are some picture, whatever the filter.
    private static byte[] Rows(Random random, byte[] header)
    {
        var (height, width) = (header[7], header[3]);
        var bits = header[8] * header[9] switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };
        List<byte> rows = [];
        foreach (var (x, y, stepX, stepY) in header[12] == 0
            ? [(0, 0, 1, 1)]
            : new[] { (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2) })
        {
            var columns = (width - x + stepX - 1) / stepX;
            for (var row = y; row < height && columns > 0; row += stepY)
            {
                rows.Add((byte)random.Next(5));
                rows.AddRange(Bytes(random, ((columns * bits) + 7) / 8));
            }
        }

        return [.. rows];
    }
}
