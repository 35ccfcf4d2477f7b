using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A checkpoint with weights that are not finite, of models that no one recorded as diverged: words, never numbers.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class NotFiniteTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", float.NaN)]
    [InlineData("p0.", float.NaN)] // KLs would be finite
    [InlineData("q3.hidden1.bias", float.NegativeInfinity)]
    public void Eval_OneModel_HasNoNumbersAndTheOthersTheirs(string name, float value)
    {
        var run = Spoiled(name, value, 1);
        var outcome = InProcess.Run(_folder.Path, "eval", run, "--json").Expect(0);
        var (expected, members) = (Members(tiny.WholeOutcome.Output), Members(TinyRun.PhaseOf(outcome.Output)));
        AssertNoNumbers(members[1]!, "not finite when measured");
        Assert.All(new[] { 0, 2, 3 }, member => Assert.Equal(expected[member]!.ToJsonString(), members[member]!.ToJsonString()));
    }

    [Fact]
    public void Eval_AsText_NamesTheModelThatIsLeftOut()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", Spoiled("", float.NaN, 1)).Expect(0);
        Assert.Contains("rho 0.2, seed 1: not finite when measured; left out", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_AModelRecordedAsDiverged_IsThat()
    {
        var run = Spoiled("", float.NaN, 1);
        RecordDivergence(run, member: 1, step: 50);
        var members = Members(TinyRun.PhaseOf(InProcess.Run(_folder.Path, "eval", run, "--json").Expect(0).Output));
        AssertNoNumbers(members[1]!, "diverged at step 50");
        Assert.Equal("ok", (string?)members[0]!["status"]);
    }

    [Fact]
    public void Eval_EveryModel_HasNoNumbersAndNoTransition()
    {
        var outcome = InProcess.Run(_folder.Path, "eval", Spoiled("", float.NaN, 0, 1, 2, 3), "--json").Expect(1);
        Assert.StartsWith("ornstein: no model of this run is left", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
        var phase = JsonNode.Parse(TinyRun.PhaseOf(outcome.Output))!;
        Assert.All(phase["members"]!.AsArray(), member => AssertNoNumbers(member!, "not finite when measured"));
        Assert.Null(phase["criticalRho"]);
        Assert.StartsWith("cannot say", (string?)phase["reason"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "cannot say: the model's weights are not finite")]
    [InlineData(true, "the model diverged at step 50")]
    public void Spectrum_OneModel_HasAReasonAndTheMeanIsOfTheOthers(bool recorded, string reason)
    {
        var run = Spoiled("p0.", float.PositiveInfinity, 1);
        if (recorded) RecordDivergence(run, member: 1, step: 50);
        var outcome = InProcess.Run(_folder.Path, "spectrum", run, "--test-limit", "10", "--samples", "48", "--json").Expect(0);
        var document = JsonNode.Parse(outcome.Output)!;
        foreach (var entry in document["members"]!.AsArray())
        {
            var isSpoiled = (double)entry!["rho"]! == 0.2 && (int)entry["seeds"]![0]! == 1;
            Assert.Equal(isSpoiled ? reason : null, (string?)entry["reason"]);
            Assert.Equal(isSpoiled, entry["raw"]!["variance"]!["value"] is null);
            Assert.Equal(isSpoiled, entry["gradientEnergy"]!["value"] is null);
        }

        Assert.All(
            document["rhos"]!.AsArray(),
            entry => Assert.Equal((double)entry!["rho"]! == 0.2 ? [0] : [0, 1], entry["seeds"]!.AsArray().Select(seed => (int)seed!)));
    }

    [Fact]
    public void Spectrum_EveryModelOfARho_SaysWhyInTheTable()
    {
        var run = Spoiled("", float.NaN, 0, 1);
        var outcome = InProcess.Run(_folder.Path, "spectrum", run, "--test-limit", "10", "--samples", "48").Expect(0);
        Assert.Contains("rho 0.2: cannot say: the model's weights are not finite", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Weights of 1e30 are finite, and so are shares of some layers; nothing that the objective computes from them is.</summary>
    [Theory]
    [InlineData(float.NaN, "cannot say: the model's weights are not finite")]
    [InlineData(1e30f, "cannot say: the model's objectives are not finite")]
    public void DiagnoseAndSpectrum_OneModel_CannotSay(float value, string reason)
    {
        var run = Spoiled("", value, 1);
        var links = JsonNode.Parse(InProcess.Run(_folder.Path, "diagnose", run, "--test-limit", "20", "--json").Expect(0).Output)!["members"]!.AsArray();
        foreach (var link in links)
        {
            var isSpoiled = (double)link!["rho"]! == 0.2 && (int)link["seed"]! == 1;
            Assert.Equal(isSpoiled ? reason : null, (string?)link["reason"]);
            Assert.Equal(isSpoiled, link["predictedActive"] is null);
            Assert.Equal(isSpoiled, link["below"]!["onset"]!["value"] is null);
        }

        var spectrum = InProcess.Run(_folder.Path, "spectrum", run, "--test-limit", "10", "--samples", "48", "--json").Expect(0).Output;
        Assert.All(
            JsonNode.Parse(spectrum)!["members"]!.AsArray().Where(entry => (double)entry!["rho"]! == 0.2 && (int)entry["seeds"]![0]! == 1),
            entry => Assert.Equal(reason, (string?)entry!["reason"]));
    }

    [Fact]
    public void DiagnoseAndSpectrum_EveryModel_AreFailuresThatLeaveTheirFiles()
    {
        var run = Spoiled("", float.NaN, 0, 1, 2, 3);
        foreach (var (command, file) in new[] { ("diagnose", "diagnosis.json"), ("spectrum", "spectrum.json") })
        {
            var outcome = InProcess.Run(_folder.Path, command, run, "--test-limit", "10").Expect(1);
            Assert.StartsWith("ornstein: no model of this run is left", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(run, file)));
        }
    }

    [Fact]
    public void Sample_AModelThatDiverged_IsLeftOutByName()
    {
        var run = tiny.CopyWhole(_folder);
        RecordDivergence(run, member: 0, step: 50);
        var outcome = InProcess.Run(_folder.Path, "sample", run, "--out", "some.png", "--json").Expect(0);
        Assert.Equal("rho 0.2, seed 0: left out, it diverged at step 50", Assert.Single(outcome.ErrorLines));
        Assert.Equal(1, (int)JsonNode.Parse(outcome.Output)!["models"]!);
    }

    [Fact]
    public void Sample_OneModel_IsLeftOutByName()
    {
        var outcome = InProcess.Run(_folder.Path, "sample", Spoiled("", float.NaN, 0), "--out", "some.png", "--json").Expect(0);
        Assert.Equal("rho 0.2, seed 0: left out, its weights are not finite", Assert.Single(outcome.ErrorLines));
        Assert.Equal(1, (int)JsonNode.Parse(outcome.Output)!["models"]!);
        Assert.True(File.Exists(_folder.File("some.png")));
    }

    [Fact]
    public void Sample_EveryModel_IsOneLineThatNamesThem()
    {
        var run = Spoiled("", float.NaN, 0, 2);
        var before = TinyRun.Snapshot(_folder.Path);
        var outcome = InProcess.Run(_folder.Path, "sample", run).Expect(1);
        var line = TinyRun.OneLine(outcome);
        Assert.Contains("are not finite for rho 0.2, seed 0; rho 1, seed 0", line, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
    }

    private string Spoiled(string name, float value, params int[] members)
    {
        var run = tiny.CopyWhole(_folder);
        SpoiledWeights.Fill(run, value, weight => weight.StartsWith(name, StringComparison.Ordinal), members);
        return run;
    }

    private static void RecordDivergence(string run, int member, long step)
    {
        var path = Path.Combine(run, "checkpoint", "state.json");
        var state = JsonNode.Parse(File.ReadAllText(path))!;
        state["divergedAt"]![member] = step;
        File.WriteAllText(path, state.ToJsonString());
    }

    private static JsonArray Members(string phase) => JsonNode.Parse(phase)!["members"]!.AsArray();

    // Nothing but which model and which data it is, and its status, is a number or says anything.
    private static void AssertNoNumbers(JsonNode member, string status)
    {
        Assert.Equal(status, (string?)member["status"]);
        foreach (var (key, value) in member.AsObject())
        {
            if (key is "rho" or "seed" or "status" or "testRows") continue;
            Assert.True(value is null || (value is JsonArray list && list.All(item => item is null)), $"{key} is {value?.ToJsonString()}");
        }

        Assert.Empty(member["activeUnits"]!.AsArray());
    }
}
