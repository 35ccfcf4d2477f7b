using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Ornstein.Data;
using Ornstein.Data.Sources;
using Ornstein.Storage;

namespace Ornstein.Tests.Data;

public sealed class DataCacheTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Get_FromFolder_CopiesWhatIsRight(bool gzip)
    {
        byte[] content = [1, 2, 3];
        _folder.Write(gzip ? "source/a.gz" : "source/a", gzip ? TestFiles.Gzip(content) : content);
        Assert.Equal([_folder["cache/set/a"]], Cache().Get(Set(("a", content)), _folder["source"], CancellationToken.None));
        Assert.Equal(content, File.ReadAllBytes(_folder["cache/set/a"]));
    }

    [Fact]
    public void Get_UnfinishedFileOfAKilledProcess_Goes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows deletes no open files");
        _folder.Write("source/a", [1, 2, 3]);
        // No process has a number as high.
        var left = Path.GetFileName(UnfinishedFile.For(_folder["cache/set/a"])).Replace($"-{Environment.ProcessId}-", $"-{int.MaxValue}-", StringComparison.Ordinal);
        _folder.Write($"cache/set/{left}", [1]);
        Cache().Get(Set(("a", [1, 2, 3])), _folder["source"], CancellationToken.None);
        Assert.Equal([_folder["cache/set/a"]], Directory.GetFiles(_folder["cache/set"]));
    }

    [Fact]
    public void Get_FromFolderWithOtherContent_KeepsTheCache()
    {
        byte[] content = [1, 2, 3];
        _folder.Write("source/a", [1, 2, 4]);
        _folder.Write("cache/set/a", content);
        var message = Hardening.Refuses(() => Cache().Get(Set(("a", content)), _folder["source"], CancellationToken.None));
        Assert.Contains("SHA-256", message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(_folder["cache/set/a"]));
    }

    [Fact]
    public void Get_FromFolderThatLacksFiles_SaysWhich() => Assert.Contains(
        "lacks b of set",
        Hardening.Refuses(() =>
        {
            _folder.Write("source/a", [1]);
            Cache().Get(Set(("a", [1]), ("b", [2])), _folder["source"], CancellationToken.None);
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("npm", "npm has no package")]
    [InlineData("debian", "Debian has no package")]
    [InlineData("nowhere", "neither https, npm, debian nor a folder")]
    public void Get_FromWhatIsNotThere_IsRefused(string from, string why) =>
        Assert.Contains(why, Hardening.Refuses(() => Cache().Get(Set(("a", [1])), from, CancellationToken.None)), StringComparison.Ordinal);

    [Fact]
    public void Unpack_NpmArchive_TakesKnownFilesOnly()
    {
        var archive = _folder.Write("p.tgz", Tar(("package/data/a", [1, 2]), ("package/data/../../../evil", [6]), ("package/x", [7])));
        Assert.Equal([_folder["to/a"]], Archives.Unpack(archive, Set(("a", [1, 2])), "package/data/", _folder["to"]));
        Assert.Equal([archive, _folder["to/a"]], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Unpack_ArchiveWhoseHeaderHasAnotherChecksum_IsRefused()
    {
        using var gzip = new GZipStream(new MemoryStream(Tar(("package/data/a", [1, 2]))), CompressionMode.Decompress);
        using var tar = new MemoryStream();
        gzip.CopyTo(tar);
        var bytes = tar.ToArray();
        // The time of the first entry.
        bytes[140] ^= 1;
        var archive = _folder.Write("p.tgz", TestFiles.Gzip(bytes));
        Assert.Contains(
            "checksum", Hardening.Refuses(() => Archives.Unpack(archive, Set(("a", [1, 2])), "package/data/", _folder["to"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Unpack_DamagedArchive_NeverThrowsOtherwise()
    {
        var set = Set(("a", [1, 2]));
        var valid = Tar(("package/data/a", [1, 2]));
        Hardening.EveryTruncation(valid, p => Archives.Unpack(p, set, "package/data/", _folder["to"]), "p.tgz");
        Hardening.AnyDamage(valid, p => Archives.Unpack(p, set, "package/data/", _folder["to"]), "p.tgz", 500);
    }

    [Fact]
    public void Get_FromTheArchiveThatASetIsPublishedIn_TakesItsFiles()
    {
        var tar = Tar(("set-bin/a", [1, 2]), ("set-bin/readme", [6]), ("set-bin/b", [3]));
        var archive = new KnownFile("set.tar.gz", tar.Length, Convert.ToHexStringLower(SHA256.HashData(tar))) { AsPublished = true };
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", tar));
        var set = Set(("a", [1, 2]), ("b", [3])) with { Archive = new KnownArchive(archive, "set-bin/"), Mirrors = [server.Address] };
        string[] files = [_folder["cache/set/a"], _folder["cache/set/b"]];
        Assert.Equal(files, Cache().Get(set, "https", CancellationToken.None));
        Assert.Equal("/set.tar.gz", Assert.Single(server.Requests).Path);
        Assert.Equal(files, Directory.GetFiles(_folder["cache/set"]).Order(StringComparer.Ordinal));
        Assert.Equal(files, Cache().Get(set, "https", CancellationToken.None)); // they are there

        Directory.Delete(_folder["cache"], recursive: true);
        _folder.Write("source/set.tar.gz", tar);
        Assert.Equal(files, Cache().Get(set, _folder["source"], CancellationToken.None));
        _folder.Write("source/set.tar.gz", tar[..^20]);
        Assert.Contains("truncated", Hardening.Refuses(() => Cache().Get(set, _folder["source"], CancellationToken.None)), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_FileKnownAsPublished_StaysCompressedAndIsHeldToItsHash()
    {
        var gzip = TestFiles.Gzip([1, 2, 3]);
        var file = new KnownFile("a.gz", gzip.Length, Convert.ToHexStringLower(SHA256.HashData(gzip))) { AsPublished = true };
        var set = Set() with { Files = [file] };
        _folder.Write("source/a.gz", gzip);
        Assert.Equal(gzip, File.ReadAllBytes(Assert.Single(Cache().Get(set, _folder["source"], CancellationToken.None))));
        using (var content = VerifiedFile.Open(_folder["cache/set/a.gz"], file)) Assert.Equal([1, 2, 3], new[] { content.ReadByte(), content.ReadByte(), content.ReadByte() });
        var other = _folder.Write("cache/set/a.gz", TestFiles.Gzip([1, 2, 4]));
        Assert.Throws<InvalidDataException>(() => VerifiedFile.Open(other, file));
    }

    [Fact]
    public void Fetch_EmbeddedOrUnknown_IsToldApart()
    {
        Assert.Empty(DatasetCatalog.Fetch("digits"));
        Assert.Contains("embedded", Hardening.Refuses(() => DatasetCatalog.Fetch("digits", "https")), StringComparison.Ordinal);
        Assert.Contains("known: digits", Hardening.Refuses(() => DatasetCatalog.Fetch("no-such-set")), StringComparison.Ordinal);
    }

    [Fact]
    public void Catalog_FetchableSets_AreDescribed() => Assert.All(
        DatasetCatalog.All, d => Assert.Equal(!d.AlwaysPresent, KnownSets.Find(d.Name) is not null));

    private DataCache Cache() => new(new DataOptions { CacheFolder = _folder["cache"] }) { Npm = null };

    private static KnownSet Set(params (string Name, byte[] Content)[] files) => new()
    {
        Name = "set",
        Files = [.. files.Select(f => new KnownFile(f.Name, f.Content.Length, Convert.ToHexStringLower(SHA256.HashData(f.Content))))],
        Mirrors = [],
        ByHand = "do it by hand",
    };

    private static byte[] Tar(params (string Name, byte[] Content)[] entries)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return TestFiles.Gzip(memory.ToArray());
    }
}
