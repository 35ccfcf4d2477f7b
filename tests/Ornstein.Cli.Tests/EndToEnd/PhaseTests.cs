using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class PhaseTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Phase_TinySettings_WritesEveryFileOfTheRun()
    {
        tiny.WholeOutcome.Expect(0);
        string[] expected =
        [
            "checkpoint/moments-00000096.safetensors", "checkpoint/state.json", "checkpoint/weights-00000096.safetensors",
            "config.json", "cost.json", "metrics.jsonl", "phase.json", "phase.png", "phase.svg", "reconstructions.png", "report.html", "samples.png",
        ];
        string[] files = [.. Directory.EnumerateFiles(tiny.Whole, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(tiny.Whole, file).Replace('\\', '/'))];
        Assert.Empty(expected.Except(files, StringComparer.Ordinal));
        Assert.Equal(12, File.ReadLines(Path.Combine(tiny.Whole, "metrics.jsonl")).Count());
        Assert.All(files, file => Assert.NotEqual(0, new FileInfo(Path.Combine(tiny.Whole, file)).Length));
    }

    /// <summary>Eight steps move little: pixels that are on half the time cost 784 log 2 = 543 nats, those that are on as often as in the data some 206.</summary>
    [Fact]
    public void Phase_InitialOutputMean_BeginsAtTheData()
    {
        double First(params string[] options)
        {
            var run = _folder.File($"run{options.Length}");
            InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "1", "--seeds", "0", "--epochs", "1", "--out", run, .. options]).Expect(0);
            return (double)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "phase.json")))!["members"]![0]!["elbo"]!;
        }

        var (zero, mean) = (First(), First("--initial-output", "mean"));
        Assert.InRange(mean - zero, 200, 400);
    }

    [Fact]
    public void Phase_Json_IsTheOnlyThingOnStandardOutput()
    {
        var document = JsonNode.Parse(tiny.WholeOutcome.Output)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(tiny.Whole, "phase.json"))), document));
        Assert.Contains("epoch 12/12", tiny.WholeOutcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', tiny.WholeOutcome.Error);
    }

    [Fact]
    public void Phase_Result_HasItsFieldsAndAddsUp()
    {
        var phase = JsonNode.Parse(tiny.WholeOutcome.Output)!;
        Assert.Equal(["digits", "100", "96", "12"], new[] { "data", "evaluatedOn", "steps", "epochs" }.Select(key => $"{phase[key]}"));
        Assert.Equal([6, 4, 3], phase["latents"]!.AsArray().Select(size => (int)size!));
        Assert.NotEqual(phase["criticalRho"] is null, phase["reason"] is null);
        var members = phase["members"]!.AsArray();
        Assert.Equal([(0.2, 0), (0.2, 1), (1, 0), (1, 1)], members.Select(member => ((double)member!["rho"]!, (int)member["seed"]!)));
        Assert.All(members, member =>
        {
            Assert.Equal("ok", (string?)member!["status"]);
            double[] kl = Numbers(member["kl"]), unsmoothed = Numbers(member["unsmoothedKl"]);
            var reconstruction = (double)member["reconstruction"]!;
            Assert.Equal((3, 3, 3), (kl.Length, unsmoothed.Length, member["activeUnits"]!.AsArray().Count));
            Assert.Equal((double)member["topKl"]!, kl[^1]);
            Assert.All(kl.Concat(unsmoothed), value => Assert.InRange(value, 0, 50));
            Assert.Equal(-(reconstruction + kl.Sum()), (double)member["smoothedObjective"]!, 1e-9);
            Assert.Equal(-(reconstruction + unsmoothed.Sum()), (double)member["elbo"]!, 1e-9);
            // Both are estimates; the sampled one leaves out no term, and is the larger of the two but for their noise.
            Assert.InRange((double)member["bounds"]!["sampledElbo"]!["value"]! - (double)member["elbo"]!, -1, 20);
            if ((double)member["rho"]! == 1) Assert.Equal((double)member["smoothedObjective"]!, (double)member["elbo"]!, 1e-4);
            else Assert.NotEqual((double)member["smoothedObjective"]!, (double)member["elbo"]!, 1e-3);
        });
    }

    [Fact]
    public void Phase_CommandOfProvenance_GivesTheSameResult()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the command is quoted for a Unix shell");
        var command = (string?)Config(tiny.Whole)["provenance"]!["command"];
        ChildProgram.Shell(_folder.Path, command + " --out again").Expect(0);
        tiny.AssertSame(_folder.File("again"));
    }

    [Fact]
    public void Phase_ConfigOfARun_GivesTheSameResult()
    {
        InProcess.Run(_folder.Path, "phase", "--config", Path.Combine(tiny.Whole, "config.json"), "--out", "again").Expect(0);
        tiny.AssertSame(_folder.File("again"));
    }

    [Fact]
    public void Phase_OptionBesideConfig_WinsOverIt()
    {
        var file = Path.Combine(tiny.Whole, "config.json");
        InProcess.Run(_folder.Path, "phase", "--epochs", "1", "--seeds", "7", "--config", file, "--out", "other").Expect(0);
        var (before, now) = (Config(tiny.Whole), Config(_folder.File("other")));
        Assert.Equal("1", $"{now["epochs"]}");
        Assert.Equal([7], now["seeds"]!.AsArray().Select(seed => (int)seed!));
        Assert.All(
            before.Where(entry => entry.Key is not ("epochs" or "seeds" or "provenance")),
            entry => Assert.True(JsonNode.DeepEquals(entry.Value, now[entry.Key]), entry.Key));
    }

    [Fact]
    public void Phase_BatchLargerThanTheData_TakesAllDataInAStep()
    {
        var file = Path.Combine(tiny.Whole, "config.json");
        InProcess.Run(_folder.Path, "phase", "--config", file, "--epochs", "2", "--batch", "100000", "--out", "large").Expect(0);
        var phase = JsonNode.Parse(File.ReadAllText(_folder.File("large/phase.json")))!;
        Assert.Equal(("2", "2"), ($"{phase["steps"]}", $"{phase["epochs"]}"));
    }

    [Theory]
    [InlineData("--rho 0.5 --draws 3")]
    [InlineData("--rho 1 --draws 3")]
    [InlineData("--rho 0.2,1 --draws 1 --measure own")]
    public void Phase_RhosThatCanShowNoTransition_SaysWhyAndIsNoFailure(string options)
    {
        string[] model = [.. TinyRun.Model.TakeWhile(word => word != "--draws")];
        string[] arguments = ["phase", .. model, .. options.Split(' '), "--seeds", "0", "--epochs", "1", "--json"];
        var outcome = InProcess.Run(_folder.Path, arguments).Expect(0);
        var phase = JsonNode.Parse(outcome.Output)!;
        Assert.Null(phase["criticalRho"]);
        Assert.Matches("^(cannot say|no transition)", (string?)phase["reason"]);
    }

    private static JsonObject Config(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, "config.json")))!.AsObject();

    private static double[] Numbers(JsonNode? list) => [.. list!.AsArray().Select(number => (double)number!)];
}
