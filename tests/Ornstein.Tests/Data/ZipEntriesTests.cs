using System.IO.Compression;
using Ornstein.Data;
using Ornstein.Data.Formats;

namespace Ornstein.Tests.Data;

public sealed class ZipEntriesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_SoundEntry_GivesItsContent()
    {
        using var zip = new ZipArchive(new MemoryStream(TestFiles.Zip(("a", [1, 2, 3]))));
        Assert.Equal([1, 2, 3], ZipEntries.Read(zip.Entries[0], 3));
        Assert.Throws<InvalidDataException>(() => ZipEntries.Read(zip.Entries[0], 2));
    }

    [Fact]
    public void Load_ArchiveWhoseEntryHasAnotherChecksum_IsRefused()
    {
        var drawing = TestFiles.Png(105, 105, (_, _) => 0, bits: 1);
        var bytes = TestFiles.Zip(("x/A/character01/0001_01.png", drawing), ("x/A/character01/0001_20.png", drawing));
        // In the directory, the checksum follows 16 bytes after the signature of an entry.
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        var path = _folder.Write("images_background.zip", bytes);
        var message = Hardening.Refuses(() => DatasetCatalog.Load(_folder.Path));
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("0001_01.png' is damaged. Its checksum", message, StringComparison.Ordinal);
    }
}
