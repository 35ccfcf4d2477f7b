using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

/// <summary>What a PNG must have to be read, and what it may lack.</summary>
public sealed class PngChunksTests : IDisposable
{
    private static readonly byte[] _header = TestFiles.PngHeader(2, 3, 8, color: 3);
    private static readonly byte[] _palette = [10, 10, 10, 20, 20, 20, 30, 30, 30];
    private static readonly byte[] _rows = [0, 0, 1, 2, 0, 2, 1, 0];
    private static readonly byte[] _data = TestFiles.Zlib(_rows);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("IHDR")]
    [InlineData("PLTE")]
    [InlineData("tRNS")]
    [InlineData("IDAT")]
    [InlineData("IEND")]
    public void Read_AChunkWithAnotherChecksum_IsDamaged(string type)
    {
        var png = TestFiles.Png(Chunks(("gAMA", [0, 0, 1, 1]), ("tRNS", [255])));
        // The checksum's last byte is the one before the next chunk's length.
        png[End(png, type) - 1] ^= 1;
        var path = _folder.Write("a.png", png);
        var message = Hardening.Refuses(() => PngReader.Read(path));
        Assert.StartsWith($"{path} is damaged", message, StringComparison.Ordinal);
        Assert.Contains($"of its {type} chunk", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AChunkThatIsNotUsedWithAnotherChecksum_IsPassedOver()
    {
        var png = TestFiles.Png(Chunks(("gAMA", [0, 0, 1, 1]), ("tRNS", [255])));
        png[End(png, "gAMA") - 1] ^= 1;
        Same(png);
    }

    [Theory]
    [InlineData(0, "checksum")]
    [InlineData(1, "truncated")]
    [InlineData(4, "truncated")]
    public void Read_ImageDataWithoutTheirRightChecksum_AreRefused(int missing, string why)
    {
        byte[] data = [.. _data[..^missing]];
        if (missing == 0) data[^1] ^= 1;
        var path = _folder.Write("a.png", TestFiles.Png([("IHDR", _header), ("PLTE", _palette), ("IDAT", data), ("IEND", [])]));
        var message = Hardening.Refuses(() => PngReader.Read(path));
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatViewersOpen_IsRead()
    {
        (string, byte[]) header = ("IHDR", _header), palette = ("PLTE", _palette), data = ("IDAT", _data), end = ("IEND", []);
        var whole = TestFiles.Png([header, palette, data, end]);
        Same(whole);
        // No last chunk, or a part of it.
        for (var missing = 1; missing <= 12; missing++) Same(whole[..^missing]);
        // Data in parts, some of them empty, the last after the end of the data or after other chunks.
        (string, byte[]) empty = ("IDAT", []);
        Same(TestFiles.Png([header, palette, empty, ("IDAT", _data[..5]), ("IDAT", _data[5..]), empty, ("tIME", new byte[7]), empty, end]));
        // Bytes after the compressed data, and more rows than the picture has.
        Same(TestFiles.Png([header, palette, ("IDAT", [.. _data, 1, 2, 3]), ("IDAT", [4]), end]));
        Same(TestFiles.Png([header, palette, ("IDAT", TestFiles.Zlib([.. _rows, 0, 1, 1, 1])), end]));
        // Anything after the last chunk.
        Same([.. whole, 1, 2, 3]);
        Same([.. whole, .. whole]);
    }

    [Fact]
    public void Read_ImageDataThatEndTooSoon_AreTruncated()
    {
        foreach (var png in new[]
        {
            TestFiles.Png([("IHDR", _header), ("PLTE", _palette), ("IDAT", TestFiles.Zlib(_rows[..4])), ("IEND", [])]),
            TestFiles.Png([("IHDR", _header), ("PLTE", _palette), ("IDAT", _data[..^6])]),
            TestFiles.Png([("IHDR", _header), ("PLTE", _palette), ("IEND", [])]),
            TestFiles.Png([("IHDR", _header), ("PLTE", _palette), ("IDAT", _data)])[..^2],
        })
            Assert.Contains("truncated", Hardening.Refuses(() => PngReader.Read(_folder.Write("a.png", png))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AChunkThatIsNeededAndUnknown_IsNamedInPrintableCharacters() => Assert.Contains(
        @"X\x1b[m",
        Hardening.Refuses(() => PngReader.Read(_folder.Write("a.png", TestFiles.Png(Chunks(("X\u001b[m", [])))))),
        StringComparison.Ordinal);

    private static (string, byte[])[] Chunks(params (string, byte[])[] more) =>
        [("IHDR", _header), ("PLTE", _palette), .. more, ("IDAT", _data), ("IEND", [])];

    private static int End(byte[] png, string type)
    {
        var at = png.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(type));
        return at + 8 + png[at - 1];
    }

    private void Same(byte[] png)
    {
        var image = PngReader.Read(_folder.Write("a.png", png));
        Assert.Equal([10, 20, 30, 30, 20, 10], image.ToBytes());
        Assert.Equal((new ImageShape(2, 3), false), (image.Shape, image.HasAlpha));
    }
}
