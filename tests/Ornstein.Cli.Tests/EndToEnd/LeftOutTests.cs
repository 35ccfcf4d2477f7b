using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What data cannot say is left out, with its reason, and the rest is given.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class LeftOutTests(TinyRun tiny) : IDisposable
{
    private const string Reason = "cannot say: it takes at least 2 data, and there is 1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Eval_OfASingleDatum_LeavesOutWhatNeedsTwo()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", tiny.Whole, "--test-limit", "1", "--json").Expect(0);
        var models = JsonNode.Parse(outcome.Output)!["models"]!.AsArray();
        Assert.Equal(4, models.Count);
        foreach (var model in models)
        {
            Assert.Equal(Reason, (string?)model!["informationReason"]);
            foreach (var layer in model["layers"]!.AsArray())
            {
                foreach (var key in new[] { "information", "activeUnits", "verdict" }) Assert.Null(layer![key]);
                Assert.NotNull(layer!["kl"]!["value"]);
                Assert.Null(layer["kl"]!["standardError"]);
                Assert.NotNull(layer["elboFrom"]!["value"]);
            }
        }

        var text = InProcess.Run(_folder.Path, "eval", tiny.Whole, "--test-limit", "1").Expect(0).Output;
        Assert.Equal(2, text.Split($"no units, I(x; z) and verdict: {Reason}").Length);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("train", "training")]
    [InlineData("t10k", "test")]
    public void Eval_OfDataWithLabelsInOnePart_HasNoProbes(string part, string name)
    {
        var data = IdxFolder.Write(_folder.File("images"), 60, 20, 4);
        byte[] labels = [.. Enumerable.Range(0, part == "train" ? 60 : 20).Select(i => (byte)(i % 3))];
        File.WriteAllBytes(Path.Combine(data, $"{part}-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels]);
        InProcess.Run(_folder.Path, [
            "train", "--data", "images", "--latents", "3,2", "--hidden", "8,6", "--batch", "20", "--epochs", "1", "--validation", "0", "--threads", "1",
            "--out", "run"]).Expect(0);
        var document = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!;
        Assert.Contains($"the {name} data have labels and the ", (string?)document["models"]![0]!["probesReason"], StringComparison.Ordinal);
        Assert.Null(document["probesFittedOn"]);
        Assert.Null(document["chanceAccuracy"]);
        Assert.All(document["models"]![0]!["layers"]!.AsArray(), layer => Assert.Null(layer!["probes"]));
    }

    /// <summary>Of a warm-up of 20 epochs: two epochs of 8 steps end with 15 of 160 steps done. A resumed or stored run says the same.</summary>
    [Fact]
    public void Phase_AWarmUpThatIsNotAtItsEnd_WritesTheWeightsOfTheKls()
    {
        InProcess.Run(_folder.Path, ["train", .. TinyRun.Model, "--rho", "0.5", "--epochs", "2", "--remedy", "warm-up:20", "--out", "run"]).Expect(0);
        static void AssertWeights(JsonNode phase) => Assert.Equal(
            [15 / 160.0, 15 / 160.0, 15 / 160.0], phase["members"]![0]!["klWeights"]!.AsArray().Select(weight => (double)weight!));
        AssertWeights(JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!);
        var evaluation = InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output;
        AssertWeights(JsonNode.Parse(evaluation)!["phase"]!);
        var last = JsonNode.Parse(File.ReadLines(_folder.File("run/metrics.jsonl")).Last())!;
        Assert.Equal([15 / 160.0, 15 / 160.0, 15 / 160.0], last["klWeight"]!.AsArray().Select(layer => (double)layer![0]!));
    }
}
