using System.Globalization;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class CompareTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compare_TwoRuns_PutsTheirModelsInOneTableAndWritesEveryFile()
    {
        InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "1", "--seeds", "0", "--epochs", "2", "--out", "short"]).Expect(0);
        var before = TinyRun.Snapshot(tiny.Whole);
        var outcome = InProcess.Run(_folder.Path, "compare", tiny.Whole, "short", "--out", "together").Expect(0);
        Assert.Equal(before, TinyRun.Snapshot(tiny.Whole));
        var table = outcome.Output.Split("\n\n")[0].Split('\n');
        Assert.Equal(4, table.Length);
        Assert.StartsWith("epochs 2, rho 1 ", table[3], StringComparison.Ordinal); // trained for less
        Assert.Matches(@"\d\*", table[3]);
        Assert.Equal(
            ["compare.csv", "compare.json", "compare.md", "compare.png", "compare.svg", "training.csv", "training.png", "training.svg"],
            Directory.GetFiles(_folder.File("together")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var json = InProcess.Run(_folder.Path, "compare", tiny.Whole, "short", "--json").Expect(0).Output;
        Assert.Equal(File.ReadAllText(_folder.File("together/compare.json")), json);
        var rows = JsonNode.Parse(json)!["rows"]!.AsArray();
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.InRange((double)row!["secondsPerModel"]!["value"]!, 1e-6, 100));
        if (OperatingSystem.IsLinux()) Assert.All(rows, row => Assert.InRange((double)row!["peakMemoryMegabytes"]!["value"]!, 20, 10_000));
    }

    /// <summary>Every epoch of every model, as its metrics.jsonl has it.</summary>
    [Fact]
    public void Compare_RunsOfDifferentLength_WritesTheCurvesOfEveryModel()
    {
        InProcess.Run(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "1", "--seeds", "0", "--epochs", "2", "--out", "short"]).Expect(0);
        InProcess.Run(_folder.Path, "compare", tiny.Whole, "short", "--out", "together").Expect(0);
        string[][] lines = [.. File.ReadLines(_folder.File("together/training.csv")).Select(line => line.Split(','))];
        Assert.Equal("label,run,seed,epoch,step,learning-rate,objective,reconstruction,kl-z1,kl-z2,kl-z3,validation-objective,validation-kl-z1,validation-kl-z2,validation-kl-z3",
            string.Join(',', lines[0]).Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal((2 * 2 * 12) + 2, lines.Length - 1);
        var metrics = JsonNode.Parse(File.ReadLines(Path.Combine(tiny.Whole, "metrics.jsonl")).Last())!;
        string[] last = [.. lines.Skip(1).Where(line => line[^13] == "1" && line[^12] == "12").Select(line => line[^9])]; // seed 1, the last epoch
        Assert.Equal(2, last.Length);
        foreach (var member in new[] { 1, 3 })
            Assert.Contains(last, objective => Math.Abs(double.Parse(objective, CultureInfo.InvariantCulture) + (double)metrics["loss"]![member]!) < 1e-4);
    }

    /// <summary>The mean over seeds of what phase.json says.</summary>
    [Fact]
    public void Compare_OneRun_HasTheMeansOfItsResults()
    {
        var members = JsonNode.Parse(tiny.WholeOutcome.Expect(0).Output)!["members"]!.AsArray();
        var rows = JsonNode.Parse(InProcess.Run(_folder.Path, "compare", tiny.Whole, "--json").Expect(0).Output)!["rows"]!.AsArray();
        var row = Assert.Single(rows, row => (string?)row!["label"] == "rho 0.2")!;
        Assert.Equal(members.Take(2).Average(member => (double)member!["elbo"]!), (double)row["elbo"]!["value"]!, 1e-9);
        Assert.Equal(members.Take(2).Average(member => (double)member!["kl"]![2]!), (double)row["kl"]![2]!["value"]!, 1e-9);
    }

    [Fact]
    public void Compare_RunsOfDifferentTestParts_IsRefusedUnlessAllowed()
    {
        string[] model = [.. TinyRun.Model.Select(word => word == "100" ? "90" : word)];
        InProcess.Run(_folder.Path, ["train", .. model, "--epochs", "1", "--out", "other"]).Expect(0);
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, "compare", tiny.Whole, "other").Expect(1));
        Assert.Contains("the number of test data is 100 in ", line, StringComparison.Ordinal);
        var outcome = InProcess.Run(_folder.Path, "compare", tiny.Whole, "other", "--allow-different-data").Expect(0);
        Assert.Contains("NOT COMPARABLE", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_ARunWithoutResults_SaysHowToEndIt() => Assert.Contains(
        "has no results yet; end it with --resume",
        TinyRun.OneLine(InProcess.Run(_folder.Path, "compare", tiny.CopyInterrupted(_folder)).Expect(1)), StringComparison.Ordinal);

    [Fact]
    public void Compare_DamagedResults_IsOneLine()
    {
        var run = tiny.CopyWhole(_folder);
        File.WriteAllText(Path.Combine(run, "phase.json"), "{ \"members\": [] }");
        Assert.Contains("is damaged or of another version", TinyRun.OneLine(InProcess.Run(_folder.Path, "compare", run).Expect(1)), StringComparison.Ordinal);
        Assert.Contains("'ornstein compare' needs RUN", TinyRun.OneLine(InProcess.Run(_folder.Path, "compare").Expect(2)), StringComparison.Ordinal);
    }
}
