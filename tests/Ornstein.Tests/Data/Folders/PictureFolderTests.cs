using Ornstein.Data;
using Ornstein.Data.Folders;
using SkiaSharp;

namespace Ornstein.Tests.Data.Folders;

/// <summary>Folders of pictures: colour, size, formats, and what is kept of large ones.</summary>
public sealed class PictureFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_ColourOfBothFormats_HasThreeChannels()
    {
        for (var i = 0; i < 6; i++)
        {
            Rgb($"train/{i}.png", 2, 3, i);
            _folder.Write($"test/{i}.JPEG", JpegReaderTests.Jpeg(2, 3, (_, _) => new SKColor(200, 100, (byte)(10 * i))));
        }

        var data = DatasetCatalog.Load(_folder.Path);
        Assert.Equal((6, 6, new ImageShape(2, 3, 3)), (data.Train.Count, data.Test.Count, data.Shape));
        // In the fixed shuffle. Red, green and blue of a picture are planes: see Rgb.
        byte[][] rows = [.. data.Train.Bytes!.Chunk(18).OrderBy(row => row[0])];
        for (var i = 0; i < 6; i++)
            Assert.Equal([.. Enumerable.Repeat((byte)(10 + i), 6), .. Enumerable.Repeat((byte)50, 6), .. Enumerable.Range(0, 6).Select(x => (byte)(20 * x))], rows[i]);

        Assert.InRange(data.Test.Bytes![0], 196, 204);
        Assert.InRange(data.Test.Bytes![6], 96, 104);
    }

    [Fact]
    public void Load_AskedForGrey_HasOneChannelOfLuma()
    {
        for (var i = 0; i < 4; i++) Rgb($"{i}.png", 2, 3, i);
        var data = DatasetCatalog.Load(_folder.Path, new DataOptions { Colour = PixelColour.Grey });
        Assert.Equal(new ImageShape(2, 3), data.Shape);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => (((10 + i) * 77) + (50 * 150) + (40 * 29)) >> 8).Order(), data.Train.Bytes!.Chunk(6).Select(row => (int)row[2]).Order());
    }

    [Fact]
    public void Load_ColourFormatWithoutColours_IsGrey()
    {
        for (var i = 0; i < 4; i++)
        {
            var level = (byte)(60 * i);
            _folder.Write($"{i}.png", TestFiles.Png(TestFiles.PngHeader(1, 2, 8, color: 2), TestFiles.Zlib([0, level, level, level, 7, 7, 7])));
        }

        Assert.Equal(new ImageShape(1, 2), DatasetCatalog.Load(_folder.Path).Shape);
        Assert.Equal(new ImageShape(1, 2, 3), DatasetCatalog.Load(_folder.Path, new DataOptions { Colour = PixelColour.Rgb }).Shape);
    }

    [Fact]
    public void Load_GreyAmongColour_IsRefusedUntilOneIsChosen()
    {
        for (var i = 0; i < 3; i++) Rgb($"a{i}.png", 2, 2, i);
        _folder.Write("b.png", TestFiles.Png(2, 2, (_, _) => 9));
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains("1 grey pictures", message, StringComparison.Ordinal);
        Assert.Contains("b.png) and 3 in colour", message, StringComparison.Ordinal);
        Assert.Contains("--colour rgb", message, StringComparison.Ordinal);
        var test = DatasetCatalog.Load(_folder.Path, new DataOptions { Colour = PixelColour.Rgb }).Test;
        Assert.All(test.Bytes!, level => Assert.Equal(9, level));
    }

    [Fact]
    public void Load_SeveralSizes_AreRefusedOrBroughtToOne()
    {
        Rgb("0.png", 4, 6, 0);
        Rgb("1.png", 8, 4, 1);
        Rgb("2.png", 4, 4, 2);
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.Contains("1.png is 8x4 but the first image is 4x6", message, StringComparison.Ordinal);
        Assert.Contains("--image-size 4", message, StringComparison.Ordinal);
        var square = DatasetCatalog.Load(_folder.Path, new DataOptions { ImageSize = 2 });
        Assert.Equal(new ImageShape(2, 2, 3), square.Shape);
        // Of 4x6 the middle 4x4, of 8x4 the middle 4x4: blocks of four. Blue of Rgb is 20 a pixel, row by row, and stops at 255.
        var wide = square.Train.Bytes!.Chunk(12).Single(row => row[0] == 10);
        Assert.Equal([10, 10, 10, 10, 50, 50, 50, 50], wide.AsSpan(0, 8).ToArray().Select(level => (int)level));
        Assert.Equal((20 + 40 + 140 + 160) / 4, wide[8]);
        Assert.Equal(new ImageShape(2, 3, 3), DatasetCatalog.Load(_folder.Path, new DataOptions { ImageSize = new Shape(2, 3) }).Shape);
    }

    [Fact]
    public void Load_DamagedPictures_NamesTheFirst()
    {
        for (var i = 0; i < 30; i++) Rgb($"{i:00}.png", 2, 2, i);
        _folder.Write("07.png", [1, 2, 3]);
        _folder.Write("19.png", [1, 2, 3]);
        Assert.Contains("07.png", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ColourForWhatIsNoPictures_IsRefused()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i)));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)i));
        Assert.Contains(
            "IDX files, whose colours are known", Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path, new DataOptions { Colour = PixelColour.Rgb })), StringComparison.Ordinal);
    }

    /// <summary>Runs that are older than the option have grey in their settings, also of what is no picture.</summary>
    [Fact]
    public void Load_GreyOfWhatIsGrey_IsTakenAndWhatIsNotUsedIsSaid()
    {
        _folder.Write("train-images-idx3-ubyte", TestFiles.IdxImages(3, 1, 2, i => (byte)(40 * i)));
        _folder.Write("t10k-images-idx3-ubyte", TestFiles.IdxImages(2, 1, 2, i => (byte)i));
        var plain = DatasetCatalog.Load(_folder.Path);
        Same(plain, DatasetCatalog.Load(_folder.Path, new DataOptions { Colour = PixelColour.Grey }));
        var black = DatasetCatalog.Load(_folder.Path, new DataOptions { Background = PixelBackground.Black });
        Assert.Equal("--background is not used: IDX files have no transparency", Assert.Single(black.Warnings.Except(plain.Warnings)));
    }

    [Fact]
    public void Load_AnEmptyFileAmongManyPictures_IsNamed()
    {
        for (var i = 0; i < PictureCache.Fewest; i++) _folder.Write($"data/{i:0000}.png", i == 500 ? [] : TestFiles.Png(1, 1, (_, _) => 3));
        var error = Hardening.Refuses(() => DatasetCatalog.Load(_folder["data"], new DataOptions { CacheFolder = _folder["cache"] }));
        Assert.Contains("0500.png", error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManyPictures_AreKeptByContentAndTellProgress()
    {
        for (var i = 0; i < PictureCache.Fewest; i++) _folder.Write($"data/{i:0000}.png", TestFiles.Png(1, 2, (_, x) => (byte)(x == 0 ? i % 256 : i / 256)));
        var options = new DataOptions { CacheFolder = _folder["cache"] };
        var reports = new Reports();
        var first = DatasetCatalog.Load(_folder["data"], options, reports);
        Assert.Equal(new DataProgress(_folder["data"], PictureCache.Fewest, PictureCache.Fewest) { Unit = DataUnit.Pictures }, reports.Seen[^1]);
        var kept = Assert.Single(Directory.GetFiles(_folder["cache/pictures"]));
        reports.Seen.Clear();
        Same(first, DatasetCatalog.Load(_folder["data"], options, reports));
        Assert.Empty(reports.Seen); // nothing was decoded

        // Damaged, it is not taken; another content or another option has another name.
        var bytes = File.ReadAllBytes(kept);
        bytes[40] ^= 1;
        File.WriteAllBytes(kept, bytes);
        Same(first, DatasetCatalog.Load(_folder["data"], options, reports));
        Assert.NotEmpty(reports.Seen);
        foreach (var cut in new[] { 0, 3, 20, 40, bytes.Length - 1 }) // in sizes, in pixels, in the hash
        {
            File.WriteAllBytes(kept, File.ReadAllBytes(kept)[..cut]);
            Same(first, DatasetCatalog.Load(_folder["data"], options));
        }

        foreach (var place in Enumerable.Range(0, 22)) // sizes and numbers of pixels, which are not believed
        {
            var whole = File.ReadAllBytes(kept);
            whole[place] ^= 0xC0;
            File.WriteAllBytes(kept, whole);
            Same(first, DatasetCatalog.Load(_folder["data"], options));
        }

        _folder.Write("data/0000.png", TestFiles.Png(1, 2, (_, _) => 77));
        Assert.Contains(DatasetCatalog.Load(_folder["data"], options).Train.Bytes!.Chunk(2), row => row is [77, 77]);
        Assert.Equal(new ImageShape(1, 2, 3), DatasetCatalog.Load(_folder["data"], options with { Colour = PixelColour.Rgb }).Shape);
        Assert.Equal(3, Directory.GetFiles(_folder["cache/pictures"]).Length);
    }

    private static void Same(Dataset expected, Dataset actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Kind, actual.Kind);
        Assert.Equal(expected.Train.Bytes, actual.Train.Bytes);
        Assert.Equal(expected.Test.Bytes, actual.Test.Bytes);
    }

    // Red 10 + i, green 50, blue 20 a pixel, in a PNG of 8 bits.
    private void Rgb(string name, int height, int width, int i)
    {
        List<byte> rows = [];
        for (var y = 0; y < height; y++)
        {
            rows.Add(0);
            for (var x = 0; x < width; x++) rows.AddRange([(byte)(10 + i), 50, (byte)Math.Min(255, 20 * ((y * width) + x))]);
        }

        _folder.Write(name, TestFiles.Png(TestFiles.PngHeader(height, width, 8, color: 2), TestFiles.Zlib([.. rows])));
    }

    private sealed class Reports : IProgress<DataProgress>
    {
        public List<DataProgress> Seen { get; } = [];

        public void Report(DataProgress value) => Seen.Add(value);
    }
}
