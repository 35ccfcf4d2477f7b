using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class DivergenceTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Huge weights in one model's part of the checkpoint: it diverges in the next step, the others must not notice.</summary>
    [Fact]
    public void Phase_OneModelDiverges_OthersAreUntouchedBitForBit()
    {
        var run = tiny.CopyInterrupted(_folder);
        var step = TinyRun.CheckpointStep(run) + 1;
        SpoiledWeights.Fill(run, 1e30f, 1);
        var outcome = InProcess.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", run).Expect(0);
        Assert.Contains($"the model with rho 0.2, seed 1 diverged at step {step}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"rho 0.2, seed 1: diverged at step {step}; left out", outcome.Output, StringComparison.Ordinal);

        var expected = Members(File.ReadAllText(Path.Combine(tiny.Whole, "phase.json")));
        var members = Members(File.ReadAllText(Path.Combine(run, "phase.json")));
        AssertDiverged(members[1]!, step);
        Assert.All(new[] { 0, 2, 3 }, member => Assert.Equal(expected[member]!.ToJsonString(), members[member]!.ToJsonString()));
        var last = JsonNode.Parse(File.ReadLines(Path.Combine(run, "metrics.jsonl")).Last())!;
        Assert.Equal([false, true, false, false], last["loss"]!.AsArray().Select(loss => loss is null));
        AssertThere(run, "phase.png", "phase.svg", "samples.png", "report.html");
    }

    [Fact]
    public void Phase_EveryModelDiverges_IsAFailureThatStillLeavesAllFiles()
    {
        var outcome = InProcess.Run(_folder.Path, [
            "phase", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "2", "--learning-rate", "1e6", "--json",
            "--out", "run"]);
        outcome.Expect(1);
        Assert.StartsWith("ornstein: every model diverged; try a lower --learning-rate", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.All(Members(outcome.Output), member => AssertDiverged(member!, step: null));
        var phase = JsonNode.Parse(outcome.Output)!;
        Assert.InRange((long)phase["steps"]!, 1, 15); // of 16: there is nothing left to train
        Assert.Null(phase["criticalRho"]);
        Assert.Equal("cannot say: every member diverged", (string?)phase["reason"]);
        AssertThere(_folder.File("run"), "phase.json", "phase.png", "phase.svg", "report.html");
        Assert.False(File.Exists(_folder.File("run/samples.png"))); // what they draw is no sample of a trained model
        Assert.Equal(outcome.Output, TinyRun.PhaseOf(InProcess.Run(_folder.Path, "eval", "run", "--json").Expect(1).Output));
        // Their frozen weights are finite, and still no model's.
        foreach (var command in new[] { "diagnose", "spectrum" })
        {
            var said = InProcess.Run(_folder.Path, command, "run").Expect(1);
            Assert.StartsWith("ornstein: no model of this run is left", Assert.Single(said.ErrorLines), StringComparison.Ordinal);
            Assert.Contains("the model diverged at step", said.Output, StringComparison.Ordinal);
        }

        AssertThere(_folder.File("run"), "diagnosis.json", "spectrum.json", "spectrum.png", "spectrum.svg");
        Assert.Contains("there is nothing to draw: rho 0.2, seed 0: it diverged at step", TinyRun.OneLine(InProcess.Run(_folder.Path, "sample", "run")));
    }

    private static JsonArray Members(string phase) => JsonNode.Parse(phase)!["members"]!.AsArray();

    private static void AssertThere(string run, params string[] files) =>
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(run, file)), file));

    private static void AssertDiverged(JsonNode member, long? step)
    {
        Assert.Matches($"^diverged at step {step?.ToString() ?? "[0-9]+"}$", (string?)member["status"]);
        foreach (var key in new[] { "smoothedObjective", "elbo", "bounds", "reconstruction", "topKl" }) Assert.Null(member[key]);
        foreach (var key in new[] { "kl", "unsmoothedKl" }) Assert.Equal([null, null, null], member[key]!.AsArray());
    }
}
