using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ornstein.Tests.Data;

namespace Ornstein.Fuzzing.Inputs;

/// <summary>Archives, compressed and not: gzip, tar, zip.</summary>
internal static class ArchiveInputs
{
    private static readonly byte[][] _tars = [Tar(("set/a.bin", [1, 2, 3]), ("set/b.bin", new byte[600]), ("other.txt", [9])), Tar(("set/b.bin", new byte[600]), ("set/a.bin", [1, 2, 3]))];

    private static readonly string[] _names =
    [
        "images/Greek/character01/0001_01.png", "images/Greek/character01/0001_20.png", "images/Greek/character02/0002_17.png", "Greek/character01/0003_21.png", "Greek/character01/0003_00.png",
        "../Greek/character01/0001_02.png", "/Greek/character01/0001_03.png", "a\\b\\0001_04.png", "Gr\u0007ek/character01/0001_05.png", "character01/0001_06.png", "__MACOSX/x/y/0001_07.png", "x/y/z.txt",
        "Gr\u202eek/x/12345678901_08.png", "images/Greek/character01/", "images/Greek/character01/\u0661_01.png",
    ];

    /// <summary>Content as gzip, damaged on either side of the compression.</summary>
    public static byte[] Gzip(Random random, byte[] content) => random.Next(4) switch
    {
        0 => ByteInputs.Of(random, [TestFiles.Gzip(content)]),
        1 => [.. TestFiles.Gzip(content[..(content.Length / 2)]), .. TestFiles.Gzip(content[(content.Length / 2)..])],
        _ => TestFiles.Gzip(content),
    };

    /// <summary>Gzip of something, of nothing, or of a million zeros.</summary>
    public static byte[] AnyGzip(Random random) => Gzip(random, random.Next(6) switch { 0 => new byte[random.Next(1 << 20)], 1 => ByteInputs.Some(random, random.Next(700)), _ => [1, 2, 3] });

    /// <summary>Tar within gzip; headers have mostly the right checksum.</summary>
    public static byte[] TarGzip(Random random)
    {
        var tar = ByteInputs.Of(random, _tars);
        if (random.Next(20) == 0) tar = [.. Enumerable.Repeat(tar, random.Next(400)).SelectMany(each => each.Take(512))]; // headers, one after another
        if (random.Next(4) > 0) WithChecksums(tar);
        return Gzip(random, tar);
    }

    /// <summary>A zip of drawings, sound and not, under names of all kinds.</summary>
    public static byte[] Zip(Random random)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in random.Next(3) > 0 ? _names[..2] : [])
            {
                using var sound = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                sound.Write(PictureInputs.SoundPng());
            }

            for (var n = random.Next(8) == 0 ? random.Next(60) : 1 + random.Next(4); n > 0; n--)
            {
                var content = random.Next(4) switch { 0 => PictureInputs.Png(random), 1 => new byte[random.Next(1 << 18)], _ => PictureInputs.SoundPng(1 + random.Next(40)) };
                using var entry = zip.CreateEntry(ByteInputs.One(random, _names), random.Next(3) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        var bytes = memory.ToArray();
        return random.Next(3) == 0 ? bytes : ByteInputs.Of(random, [bytes]);
    }

    private static byte[] Tar(params (string Name, byte[] Content)[] entries)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in entries) tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return memory.ToArray();
    }

    // Where a header may be: what a change moved has its checksum elsewhere.
    private static void WithChecksums(byte[] tar)
    {
        for (var at = 0; at + 512 <= tar.Length; at += 512)
        {
            var header = tar.AsSpan(at, 512);
            if (header[0] == 0) continue;
            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var b in header) sum += b;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        }
    }
}
