using System.Buffers.Binary;
using Ornstein.Data.Formats;
using Ornstein.Tests.Data;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>PNG and JPEG files, sound and not.</summary>
internal static class PictureInputs
{
    // What is decoded again and again takes time in proportion to the file.
    private const int MostSegments = 1 << 13;

    private static readonly byte[][] _pngs = [.. Pngs()];
    private static readonly byte[][] _jpegs = [.. new[] { "baseline.jpg", "progressive.jpg", "grey.jpg", "exif.jpg" }.Select(Stored.Seed)];

    /// <summary>A PNG: bytes changed, then often given right checksums; or made of chunks that contradict each other, with data that may unpack to far more than they are.</summary>
    public static byte[] Png(Random random) => random.Next(5) switch
    {
        0 => ByteInputs.Of(random, _pngs),
        1 or 2 => WithChecksums(ByteInputs.Of(random, _pngs)),
        _ => Made(random),
    };

    /// <summary>A JPEG: bytes changed; or one of its segments, a scan among them, many times.</summary>
    public static byte[] Jpeg(Random random) => random.Next(6) == 0 ? WithSegments(random, ByteInputs.One(random, _jpegs)) : ByteInputs.Of(random, _jpegs);

    /// <summary>A grey PNG that is sound.</summary>
    public static byte[] SoundPng(int side = 6) => TestFiles.Png(side, side, (y, x) => (byte)((y * 16) + x));

    /// <summary>The same bytes; chunks that are whole have the right checksum.</summary>
    public static byte[] WithChecksums(byte[] png)
    {
        for (var at = 8L; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            var end = at + 12 + length;
            if (end > png.Length) break;
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan((int)(end - 4)), Crc32.Of(png.AsSpan((int)at + 4, (int)length + 4)));
            at = end;
        }

        return png;
    }

    private static IEnumerable<byte[]> Pngs()
    {
        yield return SoundPng();
        yield return TestFiles.Png(9, 21, (y, x) => (byte)(255 * ((y + x) % 2)), bits: 1);
        foreach (var (depth, color, channels) in new[] { (8, 2, 3), (16, 6, 4), (4, 3, 1), (8, 4, 2), (2, 0, 1), (16, 0, 1) })
        {
            var stride = 1 + (((7 * depth * channels) + 7) / 8);
            var rows = new byte[5 * stride];
            for (var i = 0; i < rows.Length; i++) rows[i] = (byte)(i % stride == 0 ? i / stride : 37 * i);
            (string, byte[])[] extra = color == 3 ? [("PLTE", [.. Enumerable.Range(0, 48).Select(i => (byte)(5 * i))]), ("tRNS", [0, 128, 255])] : [];
            yield return TestFiles.Png([("IHDR", TestFiles.PngHeader(5, 7, depth, color)), .. extra, ("IDAT", TestFiles.Zlib(rows)), ("tEXt", "Title\0x"u8.ToArray()), ("IEND", [])]);
        }
    }

    private static byte[] Made(Random random)
    {
        var header = TestFiles.PngHeader(Side(random), Side(random), 1 << random.Next(5), random.Next(7), random.Next(3) == 0);
        var stride = 1 + (((long)BinaryPrimitives.ReadInt32BigEndian(header) * (header.Length > 9 ? header[8] * (header[9] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }) : 8) + 7) / 8);
        var whole = stride * BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        byte[] Rows() => whole is > 0 and < 100_000 && random.Next(3) > 0 ? ByteInputs.Some(random, (int)whole) : random.Next(8) switch
        {
            0 => new byte[random.Next(1 << 20)], // packs to a thousandth
            1 => [],
            _ => ByteInputs.Some(random, random.Next(600)),
        };
        var rows = Rows();
        if (random.Next(10) == 0) header = ByteInputs.Changed(random, header);
        if (random.Next(2) == 0)
        {
            for (long i = 0; i < rows.Length; i += Math.Max(1, stride)) rows[i] = (byte)random.Next(5); // filters that there are
        }

        var data = random.Next(12) == 0 ? rows : TestFiles.Zlib(rows);
        if (random.Next(12) == 0) data = ByteInputs.Changed(random, data);
        var cut = random.Next(data.Length + 1);
        List<(string, byte[])> chunks =
        [
            ("IHDR", header), ("PLTE", ByteInputs.Some(random, random.Next(4) == 0 ? random.Next(900) : 3 * random.Next(20))), ("tRNS", ByteInputs.Some(random, random.Next(8))),
            ("IDAT", data[..cut]), ("IDAT", data[cut..]), ("IEND", []),
        ];
        if (random.Next(4) == 0) chunks.RemoveAt(random.Next(chunks.Count));
        if (random.Next(6) == 0) chunks.Insert(random.Next(chunks.Count + 1), (ByteInputs.One(random, new[] { "IHDR", "PLTE", "tRNS", "CgBI", "ABCD", "zTXt", "IEND" }), ByteInputs.Some(random, random.Next(40))));
        return TestFiles.Png(chunks);
    }

    private static int Side(Random random) => random.Next(6) switch
    {
        0 => (int)ByteInputs.Extreme(random),
        1 => ByteInputs.One(random, new[] { 4095, 4096, 4097, 1024, 70_000 }),
        _ => 1 + random.Next(40),
    };

    // A segment at any place, once or very often: a progressive picture may have any number of scans, each of which goes over all of it.
    private static byte[] WithSegments(Random random, byte[] jpeg)
    {
        var starts = new List<int>();
        for (var i = 2; i + 4 < jpeg.Length; i++)
        {
            if (jpeg[i] == 0xFF && jpeg[i + 1] is >= 0xC0 and not 0xFF and not (>= 0xD0 and <= 0xD9)) starts.Add(i);
        }

        var which = random.Next(starts.Count);
        var (from, to) = (starts[which], which + 1 < starts.Count ? starts[which + 1] : jpeg.Length - 2);
        if (to <= from) return jpeg;
        var times = 1 + (random.Next(3) == 0 ? random.Next(Math.Max(1, MostSegments / (to - from))) : random.Next(4));
        var at = ByteInputs.One(random, starts);
        byte[] more = [.. jpeg[..at], .. Enumerable.Repeat(jpeg[from..to], times).SelectMany(piece => piece), .. jpeg[at..]];
        return random.Next(3) == 0 ? ByteInputs.Changed(random, more) : more;
    }
}
