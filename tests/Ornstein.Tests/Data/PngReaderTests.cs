using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class PngReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public void Read_GreyImage_GivesItsPixels(int bits)
    {
        static byte Pixel(int y, int x) => (byte)((y + (2 * x)) % 3 == 0 ? 255 : 0);
        var image = PngReader.Read(_folder.Write("a.png", TestFiles.Png(3, 11, Pixel, bits)));
        Assert.Equal((new ImageShape(3, 11), 255, false), (image.Shape, image.White, image.HasAlpha));
        Assert.All(image.ToBytes().Select((b, i) => (b, i)), p => Assert.Equal(Pixel(p.i / 11, p.i % 11), p.b));
    }

    [Fact]
    public void Read_HugeAnnouncedSize_IsRefused()
    {
        var png = TestFiles.Png(TestFiles.PngHeader(2, 0x7FFFFFFF, 8, 0), TestFiles.Zlib(new byte[6]));
        Assert.Contains("2147483647x2", Hardening.Refuses(() => PngReader.Read(_folder.Write("a.png", png))), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ImageDataThatInflateBeyondTheImage_AreRefused()
    {
        var header = TestFiles.Png(2, 2, (_, _) => 1).AsSpan(16, 13).ToArray();
        var path = _folder.Write("a.png", TestFiles.Png(header, TestFiles.Zlib(new byte[50_000_000])));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("6 bytes allowed", Hardening.Refuses(() => PngReader.Read(path)), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Fact(Explicit = true)]
    public void Read_DamagedOrTruncated_NeverThrowsOtherwise()
    {
        var valid = TestFiles.Png(5, 7, (y, x) => (byte)(40 * y * x));
        // Without the last chunk all pixels are still there.
        Hardening.EveryTruncation(valid[..^12], p => Assert.Fail($"read {PngReader.Read(p).Shape}"), "truncated.png");
        Hardening.EveryTruncation(valid, p => PngReader.Read(p), "truncated.png");
        Hardening.AnyDamage(valid, p => PngReader.Read(p), "damaged.png", 5000);
        Hardening.AnyBytes(valid[..33], p => PngReader.Read(p), "random.png");
    }

    [Fact]
    public void Resize_To28_KeepsTheMeanAndBlocks()
    {
        var random = new Random(1);
        var from = new ImageShape(105, 105);
        var pixels = new byte[105 * 105];
        random.NextBytes(pixels);
        var small = AreaResize.Resize(pixels, from, new ImageShape(28, 28));
        Assert.Equal(pixels.Average(b => b), small.Average(b => b), 0.1);
        // The first pixel covers 3.75 x 3.75 old ones.
        double[] weights = [1, 1, 1, 0.75];
        var expected = 0.0;
        for (var y = 0; y < 4; y++)
        {
            for (var x = 0; x < 4; x++) expected += weights[y] * weights[x] * pixels[(y * 105) + x] / (3.75 * 3.75);
        }

        Assert.Equal(expected, small[0], 0.51);
    }

    [Fact]
    public void Resize_ToItsOwnSize_IsTheIdentity()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        Assert.Equal(pixels, AreaResize.Resize(pixels, new ImageShape(2, 3), new ImageShape(2, 3)));
    }
}
