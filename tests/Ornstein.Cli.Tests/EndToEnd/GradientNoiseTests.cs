using System.Globalization;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What <c>--gradient-noise</c> writes, and that it changes nothing else.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class GradientNoiseTests : IDisposable
{
    private static readonly string[] _tiny =
        ["--latents", "3,2", "--hidden", "6,5", "--draws", "2", "--rho", "0.5,1", "--seeds", "0", "--epochs", "2", "--evaluation-draws", "2"];

    private readonly TemporaryFolder _folder = new();

    public GradientNoiseTests() => IdxFolder.Write(_folder.File("data"), train: 60, test: 20, side: 4);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Train_Measured_WritesEveryNetworkOfEveryPassAndTheSameResults()
    {
        Train("with", "--gradient-noise", "2");
        Train("without");
        var epochs = Metrics("with");
        Assert.Equal(2, epochs.Length);
        Assert.All(epochs, epoch =>
        {
            var networks = epoch["gradients"]!.AsArray();
            Assert.Equal(["p0", "p1", "q1", "q2"], networks.Select(network => (string)network!["network"]!).Order(StringComparer.Ordinal));
            Assert.All(networks, network => Assert.All(
                new[] { "squaredMean", "dataVariance", "noiseVariance" }, key => Assert.All(network![key]!.AsArray(), value => Assert.NotEqual(0, (double)value!))));
        });
        Assert.All(Metrics("without"), epoch => Assert.Null(epoch["gradients"]));
        Assert.Equal(File.ReadAllText(_folder.File("without/phase.json")), File.ReadAllText(_folder.File("with/phase.json")));
    }

    [Fact]
    public void Compare_Measured_WritesThemWithTheCurves()
    {
        Train("with", "--gradient-noise", "2");
        Train("without");
        InProcess.Run(_folder.Path, "compare", "with", "--out", "one").Expect(0);
        string[][] lines = [.. File.ReadLines(_folder.File("one/training.csv")).Select(line => line.Split(','))];
        var at = Array.FindIndex(lines[0], field => field.StartsWith("gradient-", StringComparison.Ordinal));
        Assert.Equal(3 * 4, lines[0].Length - at);
        Assert.Contains("gradient-noise-q2", lines[0]);
        Assert.Equal(2 * 2, lines.Length - 1);
        var last = Metrics("with")[1]["gradients"]![0]!;
        Assert.Equal($"gradient-mean-{last["network"]}", lines[0][at]);
        foreach (var member in new[] { 0, 1 })
            Assert.Contains(lines.Skip(1), line => line[3] == "2" && Math.Abs(double.Parse(line[at], CultureInfo.InvariantCulture) / (double)last["squaredMean"]![member]! - 1) < 1e-6);
        foreach (var file in new[] { "one/gradients.svg", "one/gradients.png" }) Assert.True(new FileInfo(_folder.File(file)).Length > 1000);
        // Of a run without there is nothing to draw; that one measured more makes no difference between rows.
        var both = InProcess.Run(_folder.Path, "compare", "with", "without", "--out", "two").Expect(0);
        Assert.DoesNotContain("gradient", both.Output, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(_folder.File("two/gradients.png")));
    }

    [Fact]
    public void Train_ABatchOfAllData_IsRefusedInOneLine() => Assert.EndsWith(
        "give a smaller batch.",
        InProcess.Run(_folder.Path, ["train", "--data", "data", "--out", "run", .. _tiny, "--gradient-noise", "1", "--batch", "54"]).Expect(1).ErrorLines[^1], StringComparison.Ordinal);

    private void Train(string folder, params string[] more) => InProcess.Run(_folder.Path, ["train", "--data", "data", "--out", folder, "--batch", "16", .. _tiny, .. more]).Expect(0);

    private JsonNode[] Metrics(string folder) => [.. File.ReadLines(_folder.File($"{folder}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];
}
