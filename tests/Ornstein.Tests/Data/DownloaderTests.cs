using System.Security.Cryptography;
using Ornstein.Data;
using Ornstein.Data.Sources;

namespace Ornstein.Tests.Data;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = Enumerable.Range(0, 300_000).Select(i => (byte)(i * i / 7)).ToArray();
    private static readonly byte[] Published = TestFiles.Gzip(Content);
    private static readonly KnownFile File1 = new("one", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
    private readonly TestFolder _folder = new();
    private TimeSpan _stall = TimeSpan.FromSeconds(20);
    private TimeSpan _silence = TimeSpan.FromSeconds(90);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Get_Whole_IsStoredDecompressedAndReported()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        var reports = new Reports();
        var files = Cache(reports).Get(Set(server), "https", CancellationToken.None);
        Assert.Equal(Content, File.ReadAllBytes(Assert.Single(files)));
        Assert.Equal("/one.gz", Assert.Single(server.Requests).Path);
        Assert.Equal(new DataProgress("one", Published.Length, Published.Length), reports.Seen[^1]);
        OnlyTheFile();
    }

    [Fact]
    public void Get_CutConnection_Resumes()
    {
        using var server = new LoopbackServer(r => r.From is { } from
            ? LoopbackServer.Rest(Published, from)
            : LoopbackServer.Response("200 OK", Published, sent: 1000));
        Get(server);
        Assert.Equal([null, 1000L], server.Requests.Select(r => r.From));
        OnlyTheFile();
    }

    [Fact]
    public void Get_PartOfAnEarlierRun_IsResumed()
    {
        _folder.Write("set/one.gz.1.part", Published[..500]);
        using var server = new LoopbackServer(r => LoopbackServer.Rest(Published, r.From ?? 0));
        Get(server);
        Assert.Equal([500L], server.Requests.Select(r => r.From));
    }

    [Fact]
    public void Get_ServerThatIgnoresRange_RestartsCleanly()
    {
        _folder.Write("set/one.gz.1.part", Published[..500]);
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        Get(server);
        Assert.Equal([500L], server.Requests.Select(r => r.From));
        OnlyTheFile();
    }

    [Fact]
    public void Get_PartWithOtherBytes_IsDroppedAndFetchedAgain()
    {
        _folder.Write("set/one.gz.1.part", new byte[500]);
        using var server = new LoopbackServer(r => r.From is { } from
            ? LoopbackServer.Rest(Published, from)
            : LoopbackServer.Response("200 OK", Published));
        Get(server);
        Assert.Equal([500L, null], server.Requests.Select(r => r.From));
        OnlyTheFile();
    }

    /// <summary>Two processes, one file: the second waits, and takes what the first has brought.</summary>
    [Fact]
    public async Task Get_PartThatAnotherProcessWrites_IsWaitedFor()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        _folder.Write("set/one.gz.1.part", Published[..500]);
        Task<IReadOnlyList<string>> get;
        using (new FileStream(_folder["set/one.gz.1.part"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            get = Task.Run(() => Cache().Get(Set(server), "https", CancellationToken.None), TestContext.Current.CancellationToken);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Assert.False(get.IsCompleted);
            _folder.Write("set/one", Content);
        }

        Assert.Equal(_folder["set/one"], Assert.Single(await get));
        Assert.Empty(server.Requests);
    }

    /// <summary>And where the first one is killed, its part is gone on with.</summary>
    [Fact]
    public async Task Get_PartOfAProcessThatEnds_IsResumed()
    {
        using var server = new LoopbackServer(r => LoopbackServer.Rest(Published, r.From ?? 0));
        _folder.Write("set/one.gz.1.part", Published[..500]);
        Task get;
        using (new FileStream(_folder["set/one.gz.1.part"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            get = Task.Run(() => Get(server), TestContext.Current.CancellationToken);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await get;
        Assert.Equal([500L], server.Requests.Select(r => r.From));
        OnlyTheFile();
    }

    /// <summary>A process that is suspended while it fetches has its part locked for as long.</summary>
    [Fact]
    public void Get_PartThatDoesNotGrow_IsNotWaitedForForEver()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock keeps out who sweeps as well");
        _silence = TimeSpan.FromSeconds(0.2);
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        _folder.Write("set/one.gz.1.part", Published[..500]);
        using (new FileStream(_folder["set/one.gz.1.part"], FileMode.Open, FileAccess.ReadWrite, FileShare.None)) Get(server);
        Assert.Equal([null], server.Requests.Select(r => r.From));
        Assert.Equal(Content, File.ReadAllBytes(_folder["set/one"]));
        Assert.Equal([_folder["set/one"], _folder["set/one.gz.1.part"]], Directory.GetFiles(_folder["set"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_PartThatGrows_IsWaitedForHoweverLongItTakes()
    {
        _silence = TimeSpan.FromSeconds(2);
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        _folder.Write("set/one.gz.1.part", []);
        Task get;
        using (var part = new FileStream(_folder["set/one.gz.1.part"], FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
        {
            get = Task.Run(() => Get(server), TestContext.Current.CancellationToken);
            for (var i = 0; i < 15; i++)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
                part.WriteByte(0);
            }

            _folder.Write("set/one", Content);
        }

        await get;
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Get_ACacheFolderThatCannotBeMade_SaysSo()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        _folder.Write("file", [1]);
        var cache = new DataCache(new DataOptions { CacheFolder = _folder["file"] }, null) { Npm = null };
        var error = Assert.Throws<OrnsteinException>(() => cache.Get(Set(server), "https", CancellationToken.None));
        Assert.Contains("cannot be written to", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Get_PartThatIsWhole_IsKept()
    {
        _folder.Write("set/one.gz.1.part", Published);
        using var server = new LoopbackServer(_ => LoopbackServer.Response("416 Range Not Satisfiable", []));
        Get(server);
        OnlyTheFile();
    }

    [Theory]
    [InlineData("<html>log in</html>")]
    [InlineData("")]
    public void Get_OtherContent_IsRefusedAndRemoved(string body)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", System.Text.Encoding.ASCII.GetBytes(body)));
        Assert.Contains("by hand", Hardening.Refuses(() => Get(server)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["set"]));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Get_WrongChecksum_KeepsTheExistingFile()
    {
        var existing = _folder.Write("set/one", [1, 2, 3]);
        var wrong = (byte[])Content.Clone();
        wrong[5]++;
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", TestFiles.Gzip(wrong)));
        Assert.Contains("SHA-256", Hardening.Refuses(() => Get(server)), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(existing));
        OnlyTheFile();
    }

    [Fact]
    public void Get_Bomb_IsRefused()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", TestFiles.Gzip(new byte[50_000_000])));
        Assert.Contains("300000 bytes allowed", Hardening.Refuses(() => Get(server)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["set"]));
    }

    [Fact]
    public void Get_MoreThanTheFile_IsRefusedBeforeItIsRead()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", new byte[1_000_000], sent: 10));
        Assert.Contains("offers 1000000 bytes", Hardening.Refuses(() => Get(server)), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_FirstMirrorWithoutTheFile_UsesTheNext()
    {
        using var first = new LoopbackServer(_ => LoopbackServer.Response("404 Not Found", []));
        using var second = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        Cache().Get(Set(first, second), "https", CancellationToken.None);
        Assert.Single(first.Requests);
        OnlyTheFile();
    }

    [Fact]
    public void Get_SilentServer_TimesOut()
    {
        _stall = TimeSpan.FromSeconds(0.2);
        using var server = new LoopbackServer(_ => null);
        Assert.Contains("nothing came for 0.2 s", Hardening.Refuses(() => Get(server)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["set"]));
    }

    [Fact]
    public void Get_NoServer_SaysWhatToDoByHand()
    {
        Uri gone;
        using (var server = new LoopbackServer(_ => null)) gone = server.Address;
        var message = Hardening.Refuses(() => Cache().Ensure(Set() with { Mirrors = [gone] }, CancellationToken.None));
        Assert.Contains("by hand", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        using var server = new LoopbackServer(_ =>
        {
            source.Cancel();
            return null;
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Cache().Get(Set(server), "https", source.Token));
    }

    [Fact]
    public void Get_FileInTheCacheWithOtherContent_IsReplaced()
    {
        _folder.Write("set/one", new byte[Content.Length]);
        using var server = new LoopbackServer(_ => LoopbackServer.Response("200 OK", Published));
        // Whether a set is here is told by lengths; a get checks the hash, and so does a load.
        Assert.NotNull(Cache().Present(Set(server)));
        Cache().Get(Set(server), null, CancellationToken.None);
        Assert.Equal(Content, File.ReadAllBytes(_folder["set/one"]));
        Cache().Get(Set(server), null, CancellationToken.None);
        Assert.Single(server.Requests);
    }

    private static KnownSet Set(params LoopbackServer[] servers) => new()
    {
        Name = "set",
        Files = [File1],
        Mirrors = [.. servers.Select(s => s.Address)],
        RemoteSuffix = ".gz",
        ByHand = "do it by hand",
    };

    private DataCache Cache(IProgress<DataProgress>? progress = null) => new(new DataOptions { CacheFolder = _folder.Path }, progress)
    {
        Npm = null,
        Settings = new DownloadSettings { Attempts = 2, Pause = TimeSpan.Zero, Stall = _stall, Silence = _silence },
    };

    private void Get(LoopbackServer server) => Cache().Get(Set(server), "https", CancellationToken.None);

    private void OnlyTheFile() => Assert.Equal([_folder["set/one"]], Directory.GetFiles(_folder["set"]));

    private sealed class Reports : IProgress<DataProgress>
    {
        public List<DataProgress> Seen { get; } = [];

        public void Report(DataProgress value) => Seen.Add(value);
    }
}
