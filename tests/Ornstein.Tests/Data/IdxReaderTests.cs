using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_PlainOrGzip_AreReadRowByRow(bool gzip)
    {
        var file = TestFiles.IdxImages(3, 2, 5, i => (byte)(7 * i));
        var (pixels, count, shape) = IdxReader.Images(_folder.Write("images", gzip ? TestFiles.Gzip(file) : file));
        Assert.Equal((3, new ImageShape(2, 5)), (count, shape));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (byte)(7 * i)), pixels);
    }

    [Fact]
    public void Labels_Plain_AreRead() =>
        Assert.Equal([5, 0, 255], IdxReader.Labels(_folder.Write("labels", TestFiles.IdxLabels(5, 0, 255))));

    [Theory]
    [InlineData(0xFFFFFFFF, 28, 28, "limit")]
    [InlineData(0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, "images of")]
    [InlineData(1_000_000, 28, 28, "truncated")]
    [InlineData(0, 28, 28, "holds 0 images")]
    [InlineData(1, 1, 1, "longer")]
    public void Images_WithLyingHeader_AreRefusedWithoutAllocating(uint count, uint height, uint width, string why)
    {
        var file = TestFiles.IdxImages(2, 2, 2, _ => 1);
        for (var i = 0; i < 3; i++)
        {
            var value = new[] { count, height, width }[i];
            for (var b = 0; b < 4; b++) file[4 + (4 * i) + b] = (byte)(value >> (24 - (8 * b)));
        }

        var path = _folder.Write("lying-images", file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Hardening.Refuses(() => IdxReader.Images(path));
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Images_GivenLabels_NamesTheMagic() => Assert.Contains(
        "0x00000803", Hardening.Refuses(() => IdxReader.Images(_folder.Write("x", TestFiles.IdxLabels(1, 2)))), StringComparison.Ordinal);

    [Theory]
    [InlineData(0x0D, "IDX images of 32-bit floats; unsigned bytes are read: convert them (multiply by 255 where they go from 0 to 1)")]
    [InlineData(0x0E, "IDX images of 64-bit floats; unsigned bytes are read: convert them (multiply")]
    [InlineData(0x0C, "IDX images of 32-bit integers; unsigned bytes are read: convert them.")]
    [InlineData(0x0B, "IDX images of 16-bit integers")]
    [InlineData(0x09, "IDX images of signed bytes")]
    public void Images_OfAnotherType_SayWhichAndWhatToDo(byte type, string why)
    {
        var file = TestFiles.IdxImages(1, 2, 2, _ => 1);
        file[2] = type;
        Assert.Contains(why, Hardening.Refuses(() => IdxReader.Images(_folder.Write("x", file))), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_OfAnotherType_SayWhich()
    {
        var file = TestFiles.IdxLabels(1, 2);
        file[2] = 0x0C;
        Assert.Contains(
            "IDX labels of 32-bit integers; unsigned bytes are read: convert them.",
            Hardening.Refuses(() => IdxReader.Labels(_folder.Write("x", file))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_GzipWithAnotherChecksum_SayThatTheFileIsDamaged()
    {
        var gzip = TestFiles.Gzip(TestFiles.IdxImages(3, 2, 5, i => (byte)(7 * i)));
        gzip[^6] ^= 1;
        var path = _folder.Write("images.gz", gzip);
        var message = Hardening.Refuses(() => IdxReader.Images(path));
        Assert.StartsWith($"{path} is damaged", message, StringComparison.Ordinal);
        Assert.Contains("checksum", message, StringComparison.Ordinal);
        Assert.DoesNotContain("unsupported", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_GzipBomb_IsRefusedAtTheDeclaredLength()
    {
        var bomb = TestFiles.Gzip([.. TestFiles.IdxImages(1, 1, 1, _ => 0), .. new byte[100_000_000]]);
        var path = _folder.Write("bomb.gz", bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Hardening.Refuses(() => IdxReader.Images(path));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 3_000_000);
    }

    [Fact]
    public void Images_Missing_SaysSo() =>
        Assert.Contains("does not exist", Hardening.Refuses(() => IdxReader.Images(_folder["no"])), StringComparison.Ordinal);

    [Fact]
    public void Images_Truncated_NeverThrowsOtherwise()
    {
        var file = TestFiles.IdxImages(3, 4, 5, i => (byte)i);
        Hardening.EveryTruncation(file, p => Assert.Fail($"read {IdxReader.Images(p).Count}"), "truncated");
        Hardening.EveryTruncation(TestFiles.Gzip(file), p => Assert.Fail($"read {IdxReader.Images(p).Count}"), "truncated.gz");
        Hardening.EveryTruncation(TestFiles.IdxLabels(1, 2, 3), p => Assert.Fail($"read {IdxReader.Labels(p).Length}"), "truncated-labels");
    }

    [Fact(Explicit = true)]
    public void Images_Damaged_NeverThrowsOtherwise()
    {
        var file = TestFiles.IdxImages(3, 4, 5, i => (byte)i);
        Hardening.AnyDamage(file, p => IdxReader.Images(p), "damaged");
        Hardening.AnyDamage(TestFiles.Gzip(file), p => IdxReader.Images(p), "damaged.gz");
        Hardening.AnyBytes([], p => IdxReader.Images(p), "random");
        Hardening.AnyBytes([0, 0, 8, 3], p => IdxReader.Images(p), "random");
        Hardening.AnyBytes([0x1F, 0x8B, 8], p => IdxReader.Labels(p), "random");
    }
}
