using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A run with <c>--ema</c>: it measures the average of its weights, whoever opens it reads the average, and it trains the weights that it would train without.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class WeightAverageRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public WeightAverageRunTests() => IdxFolder.Write(_folder.File("data"), train: 60, test: 20, side: 4);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_WithAnAverage_IsMeasuredAndEvaluatedByIt()
    {
        Train("averaged", "--ema", "0.7");
        Train("plain");
        Assert.Equal(File.ReadAllBytes(Weights("plain")), File.ReadAllBytes(Weights("averaged")));
        Assert.Equal(2, Directory.GetFiles(_folder.File("plain/checkpoint"), "*.safetensors").Length);
        var members = Members("averaged");
        Assert.NotEqual(Members("plain"), members);
        var again = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "averaged", "--json").Expect(0).Output)!["phase"]!;
        Assert.Equal(members, again["members"]!.ToJsonString());
        InProcess.Run(_folder.Path, "train", "--resume", "--out", "averaged").Expect(0); // measures again
        Assert.Equal(members, Members("averaged"));
    }

    private void Train(string run, params string[] options) => InProcess.Run(
        _folder.Path,
        ["train", "--data", "data", "--latents", "3,2", "--hidden", "6,5", "--batch", "16", "--epochs", "4", "--evaluation-draws", "2", "--out", run, .. options]).Expect(0);

    private string Weights(string run) => Directory.GetFiles(_folder.File($"{run}/checkpoint"), "weights-*").Single();

    private string Members(string run) => JsonNode.Parse(File.ReadAllText(_folder.File($"{run}/phase.json")))!["members"]!.ToJsonString();
}
