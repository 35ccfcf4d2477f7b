using Ornstein.Experiments.Runs;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Cli.Tests.Runs;

public class RunCostTests
{
    /// <summary>10 steps of 4 x 32 images at 640 a second are 2 s, 30 more at 1,280 a second 3 s.</summary>
    [Fact]
    public void Write_TwoEpochs_SumsTheirTimesAndDividesByModels()
    {
        using var temporary = new TemporaryFolder();
        var folder = new RunFolder(temporary.Path);
        Assert.Null(RunCost.Read(folder));
        var log = new MetricsLog(folder.Metrics);
        log.Append(Epoch(1, step: 10, speed: 640));
        log.Append(Epoch(2, step: 40, speed: 1280));
        RunCost.Write(folder, models: 4, batch: 32);
        var cost = RunCost.Read(folder)!;
        Assert.Equal((4, 5.0, 1.25), (cost.Models, cost.TrainingSeconds, cost.TrainingSecondsPerModel));
        Assert.InRange(cost.PeakMemoryMegabytes ?? 50, 10, 100_000);
    }

    [Fact]
    public void Write_AfterAProcessThatTookMore_KeepsItsPeak()
    {
        using var temporary = new TemporaryFolder();
        temporary.File("cost.json", """{ "models": 1, "trainingSeconds": 1, "trainingSecondsPerModel": 1, "peakMemoryMegabytes": 1e6 }""");
        var folder = new RunFolder(temporary.Path);
        RunCost.Write(folder, models: 1, batch: 32);
        Assert.Equal(1e6, RunCost.Read(folder)!.PeakMemoryMegabytes);
    }

    [Fact]
    public void Read_DamagedFile_SaysWhatToDo()
    {
        using var temporary = new TemporaryFolder();
        temporary.File("cost.json", "{");
        Assert.Contains("delete it", Assert.Throws<OrnsteinException>(() => RunCost.Read(new RunFolder(temporary.Path))).Message);
    }

    private static EpochMetrics Epoch(int epoch, long step, double speed) => new()
    {
        Epoch = epoch, Step = step, LearningRate = 1e-3, Loss = [1], Reconstruction = [1], Kl = [[0]], ImagesPerSecond = speed,
    };
}
