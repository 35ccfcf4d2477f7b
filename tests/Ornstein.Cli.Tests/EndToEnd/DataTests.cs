using System.Text.Json.Nodes;
using Ornstein.Data;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Runs on other data than the embedded digits.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class DataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Phase_LinearModelOfGaussianData_HasResultsAndNoPicturesOfImages()
    {
        InProcess.Run(_folder.Path, [
            "phase", "--data", "gaussian", "--eigenvalues", "20,5,2.5,1.5", "--latents", "4,4", "--hidden", "none",
            "--decoder-variance", "1", "--rho", "0.2,0.9,1", "--sampler", "antithetic", "--draws", "2", "--seeds", "0", "--epochs", "3",
            "--learning-rate", "0.01", "--threads", "1", "--out", "run"]).Expect(0);
        Assert.False(File.Exists(_folder.File("run/samples.png")));
        Assert.False(File.Exists(_folder.File("run/reconstructions.png")));
        Assert.True(File.Exists(_folder.File("run/phase.svg")));
        var phase = JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!;
        Assert.NotEqual(phase["criticalRho"] is null, phase["reason"] is null);
        // No model of these data is better than their own density: -sum(log(2 pi e lambda)) / 2 = -8.64 nats.
        Assert.All(phase["members"]!.AsArray(), member => Assert.InRange((double)member!["elbo"]!, -30, -8.4));

        Assert.Contains("are not images", TinyRun.OneLine(InProcess.Run(_folder.Path, "sample", "run")), StringComparison.Ordinal);
        var before = File.ReadAllText(_folder.File("run/phase.json"));
        var evaluation = InProcess.Run(_folder.Path, "eval", "run", "--json", "--out", "diagnoses").Expect(0).Output;
        Assert.Equal(before, TinyRun.PhaseOf(evaluation));
        Assert.Equal("data 'gaussian' have no labels", (string?)JsonNode.Parse(evaluation)!["models"]![0]!["probesReason"]);
        Assert.Equal(["eval.json"], Directory.GetFileSystemEntries(_folder.File("diagnoses")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("mnist", "ORNSTEIN_TEST_MNIST")]
    [InlineData("fashion-mnist", "ORNSTEIN_TEST_FASHION_MNIST")]
    public void Phase_RealFiles_TrainsOnDynamicallyBinarizedImages(string name, string variable)
    {
        var data = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : DatasetCatalog.FindFolder(name);
        Assert.SkipWhen(data is null, $"{name} is not here: set {variable} to its folder, or run 'ornstein data get {name}'.");
        InProcess.Run(_folder.Path, [
            "phase", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "3", "--data", data!, "--out", "run"]).Expect(0);
        Assert.Equal("dynamic", (string?)JsonNode.Parse(File.ReadAllText(_folder.File("run/config.json")))!["binarization"]);
        string[] epochs = File.ReadAllLines(_folder.File("run/metrics.jsonl"));
        Assert.True(Loss(epochs[^1]) < Loss(epochs[0]));
        Assert.True(File.Exists(_folder.File("run/samples.png")));
    }

    private static double Loss(string epoch) => (double)JsonNode.Parse(epoch)!["loss"]![0]!;
}
