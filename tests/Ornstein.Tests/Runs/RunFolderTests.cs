using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_ANewOrEmptyFolder_MakesIt()
    {
        Assert.True(Directory.Exists(RunFolder.Create(_folder.File("a/b")).Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(RunFolder.Create(_folder.File("a/b")).Path));
    }

    [Fact]
    public void Create_AFolderWithFiles_IsRefusedAndLeftAsItWas()
    {
        File.WriteAllText(_folder.File("mine.txt"), "mine");
        var error = Assert.Throws<OrnsteinException>(() => RunFolder.Create(_folder.Path));
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Create_WhereAFileIs_IsRefused()
    {
        File.WriteAllText(_folder.File("file"), "mine");
        Assert.Throws<OrnsteinException>(() => RunFolder.Create(_folder.File("file")));
        Assert.Throws<OrnsteinException>(() => RunFolder.Create(_folder.File("file/below")));
        Assert.Equal("mine", File.ReadAllText(_folder.File("file")));
    }

    [Fact]
    public void Hold_WhileAnotherHolds_IsRefusedAndLeavesNothingBehind()
    {
        var folder = RunFolder.Create(_folder.File("run"));
        using (folder.Hold()) Assert.Contains("another process", Assert.Throws<OrnsteinException>(folder.Hold).Message, StringComparison.Ordinal);
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
