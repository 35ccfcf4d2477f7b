using System.IO.Compression;

namespace Ornstein.Data.Formats;

/// <summary>Reads entries of ZIP archives and holds them to their checksums, which the framework does not.</summary>
internal static class ZipEntries
{
    /// <summary>The content of an entry, of at most <paramref name="limit"/> bytes.</summary>
    /// <exception cref="InvalidDataException">It is longer, damaged, or not that of the checksum.</exception>
    public static byte[] Read(ZipArchiveEntry entry, long limit)
    {
        using var stream = entry.Open();
        var content = Reading.ToEnd(stream, limit);
        return Crc32.Of(content) == entry.Crc32 ? content : throw new InvalidDataException("Its checksum (CRC-32) is another.");
    }
}
