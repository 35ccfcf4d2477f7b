using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What may mislead about a run is said at its start, and kept with its results.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class RunWarningTests : IDisposable
{
    private static readonly string[] _tiny = ["--latents", "3,2", "--hidden", "6,5", "--batch", "16", "--draws", "2", "--seeds", "0", "--evaluation-draws", "2"];

    private readonly TemporaryFolder _folder = new();

    public RunWarningTests() => IdxFolder.Write(_folder.File("data"), train: 60, test: 20, side: 4);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--epochs 2 --remedy warm-up:20", "warm-up takes 20 epochs and the training has 2: the KLs end with a weight of 0.0833")]
    [InlineData(
        "--epochs 1 --remedy free-bits:2",
        "free bits leave more nats free than tell 54 training data apart, log N = 3.989 (6 in z1, 4 in z2): a KL may be larger, but what is beyond tells nothing more of")]
    [InlineData("--epochs 1 --warmup-steps 50", "the learning rate rises over 50 steps")]
    [InlineData(
        "--epochs 2 --ema 0.999", "--ema 0.999 looks back over 1000 steps and the training has 6: the weights that it begins with are 99 % of what is measured; train longer")]
    [InlineData(
        "--epochs 20 --ema 0.99", "--ema 0.99 looks back over 100 steps and the training has 60: the weights that it begins with are 55 % of what is measured; give --ema 0.8333 or less")]
    [InlineData("--epochs 1 --latents 3 --hidden 6 --rho 0.5,1", "one layer has no function between layers to smooth: models of different rho are the same; give --rho 1")]
    [InlineData("--epochs 1 --clip-norm 1e9 --skip-norm 1e8", "--clip-norm 1000000000 clips nothing beside --skip-norm 100000000: steps that are that long are skipped")]
    [InlineData("--epochs 1 --batch 500", "--batch 500 is more than the training data: a batch holds all 54 of them")]
    [InlineData("--epochs 1 --objective joint --rho 0.5", "--objective joint with p smoothed is no bound")]
    [InlineData("--epochs 1 --draws 1 --rho 0.5", "--draws 1 does not smooth")]
    public void Train_WhatWouldMislead_IsSaidAndKept(string options, string expected)
    {
        var outcome = Train(options.Split(' '));
        Assert.Contains($"warning: {expected}", outcome.Error, StringComparison.Ordinal);
        foreach (var file in new[] { "config.json", "phase.json" })
            Assert.StartsWith(expected, (string)Assert.Single(Json(file)["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Contains("What may mislead", File.ReadAllText(_folder.File("run/report.html")), StringComparison.Ordinal);
        var again = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!["phase"]!;
        Assert.Equal(Json("phase.json")["warnings"]!.ToJsonString(), again["warnings"]!.ToJsonString());
    }

    [Fact]
    public void Train_ShortWarmUp_WritesTheWeightThatItEndsWith()
    {
        Train("--epochs", "2", "--remedy", "warm-up:20");
        // 54 data in batches of 16 are 3 steps a pass; the last of 6 steps sees 5 of the 60 that the weight takes to come up.
        Assert.All(Json("phase.json")["members"]![0]!["klWeights"]!.AsArray(), weight => Assert.Equal(5.0 / 60, (double)weight!, 12));
        var last = JsonNode.Parse(File.ReadLines(_folder.File("run/metrics.jsonl")).Last())!;
        Assert.All(last["klWeight"]!.AsArray(), layer => Assert.Equal(5.0 / 60, (double)layer![0]!, 12));
    }

    [Fact]
    public void Train_ABoundThatEveryGradientIsBeyond_SaysSoAtTheEndAndCounts()
    {
        const string Expected = "most steps of the last epoch were longer than 1E-06 and skipped: rho 1, seed 0 skipped 3 of 3, with gradients of ";
        var outcome = Train("--epochs", "2", "--skip-norm", "1e-6");
        var warning = Assert.Single(outcome.ErrorLines, line => line.Contains("warning", StringComparison.Ordinal));
        Assert.Contains($"warning: {Expected}", warning, StringComparison.Ordinal);
        Assert.EndsWith("; give a --skip-norm several times the typical norm, or a lower --learning-rate", warning, StringComparison.Ordinal);
        Assert.StartsWith(Expected, (string)Assert.Single(Json("phase.json")["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal(6, (long)Json("phase.json")["members"]![0]!["skippedSteps"]!);
        Assert.Contains("skipped", outcome.Output, StringComparison.Ordinal);
        var epochs = File.ReadLines(_folder.File("run/metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.All(epochs, epoch => Assert.Equal(3, (int)epoch["skipped"]![0]!));
        var again = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!["phase"]!;
        foreach (var key in new[] { "warnings", "members" }) Assert.Equal(Json("phase.json")[key]!.ToJsonString(), again[key]!.ToJsonString());
    }

    [Fact]
    public void Train_ABoundThatClipsEveryGradient_SaysSoAtTheEnd()
    {
        const string Expected = "every step of the last epoch was longer than 1E-06 and clipped: rho 1, seed 0 clipped all 3, with gradients of ";
        var outcome = Train("--epochs", "2", "--clip-norm", "1e-6");
        Assert.Contains($"warning: {Expected}", Assert.Single(outcome.ErrorLines, line => line.Contains("warning", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith(Expected, (string)Assert.Single(Json("phase.json")["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Null(Json("phase.json")["members"]![0]!["skippedSteps"]);
    }

    [Theory]
    [InlineData(33, 0)] // of 3 steps
    [InlineData(34, 1)]
    public void Train_AHundredStepsSkippedInARow_AreSaidOnceWhileItTrains(int epochs, int times)
    {
        var outcome = Train("--epochs", $"{epochs}", "--skip-norm", "1e-6");
        var said = outcome.ErrorLines.Where(line => line.Contains("one after the other", StringComparison.Ordinal)).ToArray();
        Assert.Equal(times, said.Length);
        Assert.All(said, line => Assert.Matches("the model with rho 1, seed 0 has skipped 100 steps one after the other, up to step 100, and learns nothing: its gradient's norm is [0-9.E+]+; give a --skip-norm", line));
    }

    [Fact]
    public void Train_NothingThatMisleads_HasNoWarnings()
    {
        var outcome = Train("--epochs", "1");
        Assert.DoesNotContain("warning", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("(each pass leaves out 6, others each time, that fill no batch)", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("this takes less than a minute", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Json("phase.json")["warnings"]!.AsArray());
        Assert.DoesNotContain("What may mislead", File.ReadAllText(_folder.File("run/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FreeBitsThatALayerCanTell_AreNotWarnedOf() =>
        Assert.DoesNotContain("warning", Train("--epochs", "1", "--remedy", "free-bits:3.9:per=layer").Error, StringComparison.Ordinal);

    [Fact]
    public void Train_TestPixelsAnew_AreThoseThatEvalMeasuresOn()
    {
        Train("--epochs", "1", "--test-binarization", "anew", "--adam-second-moment", "0.01", "--adam-beta1", "0.99", "--schedule", "staged-rounded", "--evaluation-draws", "2");
        var config = Json("config.json");
        Assert.Equal(("anew", 0.01, 0.99, "staged-rounded"), ($"{config["testBinarization"]}", (double)config["adamSecondMoment"]!, (double)config["adamBeta1"]!, $"{config["schedule"]}"));
        var phase = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!["phase"]!;
        Assert.Equal(Json("phase.json")["members"]!.ToJsonString(), phase["members"]!.ToJsonString());
        InProcess.Run(_folder.Path, "eval", "run", "--binarization", "threshold").Expect(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(100)]
    public void AnyCommand_DataOfOneGrey_SayThatTheyCannotSay(byte grey)
    {
        foreach (var file in Directory.EnumerateFiles(_folder.File("data")))
        {
            var bytes = File.ReadAllBytes(file);
            bytes.AsSpan(16).Fill(grey);
            File.WriteAllBytes(file, bytes);
        }

        Labels("train", 60);
        Labels("t10k", 20);
        Assert.Contains($"warning: all 60 training data are the same ({grey} in every pixel)", Train("--epochs", "1").Error, StringComparison.Ordinal);
        var model = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!["models"]![0]!;
        Assert.StartsWith("cannot say", (string)model["informationReason"]!, StringComparison.Ordinal);
        Assert.StartsWith("cannot say", (string)model["probesReason"]!, StringComparison.Ordinal);
        Assert.Contains("cannot say", InProcess.Run(_folder.Path, "diagnose", "run").Expect(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("ornstein: cannot say", InProcess.Run(_folder.Path, "theory", "--data", "data").Expect(1).ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("are the same", InProcess.Run(_folder.Path, "data", "info", "data").Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_BatchesOfOneDatumNormalized_IsRefusedAndLeavesNothingBehind()
    {
        IdxFolder.Write(_folder.File("one"), train: 1, test: 20, side: 4);
        var before = TinyRun.Snapshot(_folder.Path);
        Assert.Contains("--batch 2 or more", TinyRun.OneLine(InProcess.Run(_folder.Path, "train", "--data", "data", "--batch-norm", "--batch", "1").Expect(2)), StringComparison.Ordinal);
        Assert.Contains("at least 2 training data", TinyRun.OneLine(InProcess.Run(_folder.Path, "train", "--data", "one", "--batch-norm").Expect(1)), StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("t10k")]
    public void Eval_LabelsInOnePartAlone_LeavesProbesOutWithTheReason(string part)
    {
        Labels(part, part == "train" ? 60 : 20);
        Assert.Contains("have labels and the", Train("--epochs", "1").Error, StringComparison.Ordinal);
        var model = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!["models"]![0]!;
        Assert.Contains("have labels and the", (string)model["probesReason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_OneTestDatum_GivesWhatNeedsNoMore()
    {
        Train("--epochs", "1", "--test-limit", "1");
        var result = JsonNode.Parse(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(0).Output)!;
        Assert.NotNull(result["models"]![0]!["informationReason"]);
        Assert.NotNull(result["phase"]!["members"]![0]!["elbo"]);
    }

    private Outcome Train(params string[] options)
    {
        string[] own = [.. _tiny.Chunk(2).Where(pair => !options.Contains(pair[0])).SelectMany(pair => pair)];
        return InProcess.Run(_folder.Path, ["train", "--data", "data", .. own, .. options, "--out", "run"]).Expect(0);
    }

    private JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(_folder.File($"run/{file}")))!;

    private void Labels(string part, int count) =>
        File.WriteAllBytes(_folder.File($"data/{part}-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]);

    [Fact]
    public void Train_Quietly_SaysTheWarningAndTheResultAlone()
    {
        string[] run = ["train", "--epochs", "2", "--train-limit", "300", "--test-limit", "20", "--latents", "3,2", "--hidden", "8,8", "--remedy", "warm-up:9"];
        Outcome loud = InProcess.Run(_folder.Path, [.. run, "--out", "loud"]).Expect(0);
        Outcome quiet = InProcess.Run(_folder.Path, [.. run, "--out", "quiet", "--quiet"]).Expect(0);
        Assert.Contains(loud.ErrorLines, line => line.StartsWith("epoch 1/2", StringComparison.Ordinal));
        Assert.Equal(loud.ErrorLines.Where(line => line.StartsWith("warning: ", StringComparison.Ordinal)), quiet.ErrorLines);
        Assert.NotEmpty(quiet.ErrorLines[0]);
        Assert.Equal(loud.Output.Replace("loud", "quiet", StringComparison.Ordinal), quiet.Output);
    }
}
