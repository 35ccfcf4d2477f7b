using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public class DecompressionTests
{
    // Incompressible, so that the compressed length passes the framework's buffer of 8192 bytes at a known place.
    public static TheoryData<int> Lengths { get; } = [1, 1000, 8150, 8160, 8168, 8169, 8170, 8191, 8192, 20_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gzip_WholeInOneMemberOrTwo_GivesTheContent(int length)
    {
        var content = Noise(length);
        byte[] one = TestFiles.Gzip(content), other = TestFiles.Gzip([1, 2, 3]);
        Assert.Equal(content, Gzip(one));
        Assert.Equal([.. content, 1, 2, 3], Gzip([.. one, .. other]));
        Assert.Equal([1, 2, 3, .. content], Gzip([.. other, .. one]));
        Assert.Equal(content, Gzip([.. one, 0, 0, 7]));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Gzip_CutAnywhere_IsTruncated(int length)
    {
        byte[] one = TestFiles.Gzip(Noise(length)), other = TestFiles.Gzip([1, 2, 3]);
        foreach (var missing in Enumerable.Range(1, 30).Where(m => m < one.Length))
        {
            Assert.Throws<EndOfStreamException>(() => Gzip(one[..^missing]));
            Assert.Throws<EndOfStreamException>(() => Gzip([.. other, .. one[..^missing]]));
        }
    }

    [Fact]
    public void Gzip_CutBeforeAByteLikeTheMarkOfTheEnd_IsTruncated()
    {
        // Some of these have checksums that end with 0xFF, where a cut leaves the length to be missed.
        var found = 0;
        for (var i = 0; i < 3000; i++)
        {
            var gzip = TestFiles.Gzip(BitConverter.GetBytes(i));
            if (gzip[^5] != 0xFF) continue;
            found++;
            Assert.Throws<EndOfStreamException>(() => Gzip(gzip[..^5]));
        }

        Assert.NotEqual(0, found);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Gzip_WithAnotherChecksumOrLength_IsDamaged(int fromEnd)
    {
        byte[] sound = TestFiles.Gzip(Noise(1000)), damaged = [.. sound];
        damaged[^fromEnd] ^= 1;
        foreach (var file in new byte[][] { damaged, [.. sound, .. damaged], [.. damaged, .. sound] })
            Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => Gzip(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zlib_Whole_GivesTheContent()
    {
        var content = Noise(1000);
        Assert.Equal(content, Zlib(TestFiles.Zlib(content)));
        Assert.Equal(content, Zlib([.. TestFiles.Zlib(content), 1, 2]));
    }

    [Fact]
    public void Zlib_WithAnotherChecksumOrNone_IsRefused()
    {
        // Every last byte of a checksum, among them that of the mark.
        for (var i = 0; i < 300; i++)
        {
            var zlib = TestFiles.Zlib([(byte)i, (byte)(i >> 8)]);
            for (var missing = 1; missing <= 5; missing++) Assert.Throws<EndOfStreamException>(() => Zlib(zlib[..^missing]));
            zlib[^1] ^= 1;
            Assert.Contains("checksum", Assert.Throws<InvalidDataException>(() => Zlib(zlib)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Crc32_OfTheCheckString_IsTheStandardsValue() => Assert.Equal(0xCBF43926, Crc32.Of("123456789"u8));

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] compressed) => Reading.ToEnd(Decompression.Gzip(new MemoryStream(compressed)), 1 << 20);

    private static byte[] Zlib(byte[] compressed) => Reading.ToEnd(Decompression.Zlib(new MemoryStream(compressed)), 1 << 20);
}
