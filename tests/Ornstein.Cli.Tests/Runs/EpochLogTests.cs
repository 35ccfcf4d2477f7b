using Ornstein.Experiments.Runs;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.View.Documents;

namespace Ornstein.Cli.Tests.Runs;

/// <summary>Reading a log of epochs while it is written.</summary>
public sealed class EpochLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_OfAGrowingFile_TakesWhatIsWhole()
    {
        var log = new EpochLog(FilePath);
        Assert.Empty(log.Read());
        var writer = new MetricsLog(FilePath);
        writer.Append(Epoch(1));
        Assert.Equal([1], log.Read().Select(epoch => epoch.Epoch));
        writer.Append(Epoch(2));
        var whole = File.ReadAllText(FilePath);
        File.AppendAllText(FilePath, whole.Split('\n')[0][..20]); // a third that is half written
        Assert.Equal([1, 2], log.Read().Select(epoch => epoch.Epoch));
        Assert.Equal(2, EpochLog.Last(FilePath)!.Epoch);
        File.WriteAllText(FilePath, whole[..(whole.IndexOf('\n', StringComparison.Ordinal) + 1)]); // cut back by a resumed run
        Assert.Equal([1], log.Read().Select(epoch => epoch.Epoch));
    }

    /// <summary>Cut and grown again between two looks, a file was once read on from the middle of a line.</summary>
    [Fact]
    public void Read_OfAFileThatWasCutAndHasGrown_BeginsAnew()
    {
        var writer = new MetricsLog(FilePath);
        for (var epoch = 1; epoch <= 3; epoch++) writer.Append(Epoch(epoch));
        var log = new EpochLog(FilePath);
        Assert.Equal(3, log.Read().Count);
        File.Delete(FilePath);
        writer = new MetricsLog(FilePath);
        for (var epoch = 1; epoch <= 5; epoch++) writer.Append(Epoch(epoch) with { LearningRate = 0.123456 });
        Assert.Equal([1, 2, 3, 4, 5], log.Read().Select(epoch => epoch.Epoch));
        Assert.All(log.Read(), epoch => Assert.Equal(0.123456, epoch.LearningRate));
    }

    [Fact]
    public void Last_OfLongLines_IsTheLast()
    {
        var writer = new MetricsLog(FilePath);
        for (var epoch = 1; epoch <= 3; epoch++)
            writer.Append(Epoch(epoch) with { ValidationUnitKl = [.. Enumerable.Range(0, 2).Select(_ => (double[][])[[.. Enumerable.Range(0, 30_000).Select(unit => unit / 7.0)]])] });
        Assert.True(new FileInfo(FilePath).Length > 1 << 20);
        Assert.Equal(3, EpochLog.Last(FilePath)!.Epoch);
        Assert.All(new EpochLog(FilePath).Read(), epoch => Assert.Null(epoch.ValidationUnitKl));
    }

    [Fact]
    public void Read_OfADamagedLine_SaysWhichFile()
    {
        File.WriteAllText(FilePath, "{ \"epoch\": 1 }\n");
        var error = Assert.Throws<OrnsteinException>(() => new EpochLog(FilePath).Read());
        Assert.Equal($"'{FilePath}' holds a line that is not a record of an epoch.", error.Message);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(600, 600)]
    [InlineData(601, 301)]
    [InlineData(3280, 548)]
    public void Document_OfManyEpochs_HasFewPointsAndTheLast(int epochs, int points)
    {
        var document = EpochDocument.From([.. Enumerable.Range(1, epochs).Select(Epoch)], key: null);
        Assert.Equal(points, document.Epochs.Length);
        Assert.Equal((1, epochs, epochs), (document.Epochs[0], document.Epochs[^1], document.Of));
        Assert.Equal(document.Epochs.Select(epoch => (double?)-epoch), document.Values[0]);
    }

    private static EpochMetrics Epoch(int epoch) => new()
    {
        Epoch = epoch, Step = epoch, LearningRate = 1, Loss = [epoch], Reconstruction = [1], Kl = [[1], [2]], ImagesPerSecond = 1,
    };
}
