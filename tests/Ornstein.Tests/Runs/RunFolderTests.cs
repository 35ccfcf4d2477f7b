using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reserve_ANewOrEmptyFolder_MakesItAndRemovesItWhereNothingWasWritten()
    {
        using (var place = RunFolder.Reserve(_folder.File("a/b"))) Assert.True(Directory.Exists(place.Folder.Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Directory.CreateDirectory(_folder.File("mine"));
        RunFolder.Reserve(_folder.File("mine")).Dispose();
        Assert.True(Directory.Exists(_folder.File("mine"))); // not made here
    }

    /// <summary>Another process that reserved it, and wrote nothing, lets it go at this moment.</summary>
    [Fact]
    public async Task IsBegun_FolderThatAnotherProcessRemoves_IsNot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there nobody removes a folder that is looked at");
        using var done = new CancellationTokenSource();
        var removing = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                Directory.CreateDirectory(_folder.File("new"));
                Directory.Delete(_folder.File("new"));
            }

            done.Cancel();
        }, TestContext.Current.CancellationToken);
        while (!done.IsCancellationRequested) Assert.False(RunFolder.IsBegun(_folder.File("new")));
        await removing;
    }

    [Fact]
    public void Reserve_AFolderThatIsWrittenTo_KeepsIt()
    {
        using (var place = RunFolder.Reserve(_folder.File("a/b"))) File.WriteAllText(place.Folder.Config, "{}");
        Assert.Equal(["config.json"], Directory.EnumerateFileSystemEntries(_folder.File("a/b")).Select(Path.GetFileName));
    }

    [Fact]
    public void Reserve_AFolderWithFiles_IsRefusedAndLeftAsItWas()
    {
        File.WriteAllText(_folder.File("mine.txt"), "mine");
        var error = Assert.Throws<OrnsteinException>(() => RunFolder.Reserve(_folder.Path));
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    /// <summary>As a process leaves it that was killed before its first file was whole; and as '--resume' finds it where another process was faster.</summary>
    [Fact]
    public void TryReserve_UnfinishedFilesOnly_IsARunToComeAndOneThatIsBegunIsNot()
    {
        Directory.CreateDirectory(_folder.File("run"));
        File.WriteAllText(UnfinishedFile.For(_folder.File("run/config.json")), "{");
        using (var place = RunFolder.TryReserve(_folder.File("run"))) Assert.NotNull(place);
        File.WriteAllText(_folder.File("run/config.json"), "{}");
        Assert.Null(RunFolder.TryReserve(_folder.File("run")));
    }

    [Fact]
    public void Reserve_WhereAFileIs_IsRefused()
    {
        File.WriteAllText(_folder.File("file"), "mine");
        Assert.Throws<OrnsteinException>(() => RunFolder.Reserve(_folder.File("file")));
        Assert.Throws<OrnsteinException>(() => RunFolder.Reserve(_folder.File("file/below")));
        Assert.Equal("mine", File.ReadAllText(_folder.File("file")));
    }

    [Fact]
    public void Reserve_ALinkToNothing_SaysSo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("nowhere"));
        var error = Assert.Throws<OrnsteinException>(() => RunFolder.Reserve(_folder.File("link")));
        Assert.Contains("which does not exist", error.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.File("there"));
        File.CreateSymbolicLink(_folder.File("good"), _folder.File("there"));
        RunFolder.Reserve(_folder.File("good")).Dispose();
    }

    [Fact]
    public void Reserve_WhatAnotherHolds_IsRefusedFromTheStart()
    {
        using var first = RunFolder.Reserve(_folder.File("run"));
        Assert.Contains("another process", Assert.Throws<OrnsteinException>(() => RunFolder.Reserve(_folder.File("run"))).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(first.Folder.Path));
    }

    [Fact]
    public async Task Reserve_ManyAtOnce_GivesTheFolderToOneAndTellsTheOthers()
    {
        var path = _folder.File("run");
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            try
            {
                using var place = RunFolder.Reserve(path);
                File.WriteAllText(place.Folder.Config, "{}");
                return true;
            }
            catch (OrnsteinException)
            {
                return false;
            }
        })));
        Assert.Single(won, hasWon => hasWon);
    }

    [Fact]
    public void ReserveUnder_TheSameName_GivesEachAFolderOfItsOwn()
    {
        var places = Enumerable.Range(0, 20).Select(_ => RunFolder.ReserveUnder(_folder.File("runs"), "phase-digits")).ToArray();
        Assert.Equal(20, places.Select(place => place.Folder.Path).Distinct().Count());
        foreach (var place in places.Reverse()) place.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Hold_WhileAnotherHolds_IsRefusedAndLeavesNothingBehind()
    {
        Directory.CreateDirectory(_folder.File("run"));
        var folder = new RunFolder(_folder.File("run"));
        using (folder.Hold()) Assert.Contains("another process", Assert.Throws<OrnsteinException>(() => folder.Hold()).Message, StringComparison.Ordinal);
        folder.Hold().Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Open_NoRunFolder_SaysWhatIsMissing()
    {
        Assert.Contains("does not exist", Assert.Throws<OrnsteinException>(() => RunFolder.Open(_folder.File("no"))).Message, StringComparison.Ordinal);
        Assert.Contains("config.json", Assert.Throws<OrnsteinException>(() => RunFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MetricsLog_CutBackToACheckpoint_DropsWhatCameAfterAndGoesOn()
    {
        var path = _folder.File("metrics.jsonl");
        var log = new MetricsLog(path);
        log.Append(Epoch(1));
        var length = log.Length;
        log.Append(Epoch(2));
        File.AppendAllText(path, "{\"half a li");
        var resumed = new MetricsLog(path, length);
        resumed.Append(Epoch(2));
        var read = MetricsLog.Read(path);
        Assert.Equal([1, 2], read.Select(epoch => epoch.Epoch));
        Assert.Equal(1.5, read[1].Loss[0]);
        Assert.True(double.IsNaN(read[1].Loss[1]));
    }

    [Fact]
    public void MetricsLog_ShorterThanTheCheckpointSays_IsRefused()
    {
        File.WriteAllText(_folder.File("metrics.jsonl"), "{}");
        Assert.Contains("cut", Assert.Throws<OrnsteinException>(() => new MetricsLog(_folder.File("metrics.jsonl"), 100)).Message, StringComparison.Ordinal);
    }

    private static EpochMetrics Epoch(int epoch) => new()
    {
        Epoch = epoch, Step = epoch * 10, LearningRate = 1e-3, Loss = [1.5, double.NaN], Reconstruction = [1, double.NaN],
        Kl = [[0.5, double.NaN]], ImagesPerSecond = 100,
    };
}
