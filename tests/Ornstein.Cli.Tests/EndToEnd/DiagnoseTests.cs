using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class DiagnoseTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Diagnose_OfARun_PrintsAndWritesSharesBesideTheRunsResults()
    {
        var run = tiny.CopyWhole(_folder);
        var outcome = InProcess.Run(_folder.Path, "diagnose", run, "--test-limit", "60", "--json").Expect(0);
        Assert.Equal("", outcome.Error);
        var document = JsonNode.Parse(outcome.Output)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Path.Combine(run, "diagnosis.json"))), document));
        Assert.Equal(("60", "False"), ($"{document["measuredOn"]}", $"{(bool)document["isLinear"]!}"));
        Assert.Equal([2, 3], document["predictions"]!.AsArray().Select(prediction => (int)prediction!["layer"]!));
        // Two rhos with two seeds, two links; the lowest link first.
        var members = document["members"]!.AsArray();
        Assert.Equal(8, members.Count);
        var phase = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "phase.json")))!["members"]!.AsArray();
        foreach (var (i, member) in members.Index())
        {
            var layer = (int)member!["below"]!["layer"]!;
            Assert.Equal((1 + (i / 4), TinyLatents[layer - 1]), (layer, member["below"]!["principal"]!.AsArray().Count));
            Assert.Equal((double)phase[i % 4]!["kl"]![layer]!, (double)member["klAbove"]!);
            Assert.All(member["below"]!["principal"]!.AsArray(), share => Assert.InRange((double)share!["value"]!, 0, 1));
            // Three iid draws: rho_eff^2 = rho^2 + (1 - rho^2) / 3.
            var rho = (double)member["rho"]!;
            Assert.Equal(Math.Sqrt((rho * rho) + ((1 - (rho * rho)) / 3)), (double)member["effectiveRho"]!, 1e-12);
            // And a third of what rho^4 takes from codes in widths.
            Assert.Equal(Math.Sqrt(Math.Pow(rho, 4) + ((1 - Math.Pow(rho, 4)) / 3)), (double)member["effectiveRhoOfWidths"]!, 1e-12);
            Assert.NotNull(member["verdict"]);
            Assert.InRange((double)member["below"]!["momentOnset"]!["value"]!, 0, 10);
            Assert.InRange((double)member["below"]!["firstCode"]!["widthShare"]!, 0, 1);
        }
    }

    [Fact]
    public void Diagnose_AsText_HasATablePerLinkAndSaysHowFarToTrustIt()
    {
        var run = tiny.CopyWhole(_folder);
        var outcome = InProcess.Run(_folder.Path, "diagnose", run).Expect(0);
        string[] texts =
        [
            "z2 over z1 (6 units)", "z3 over z2 (4 units)", "critical rho of z3", "codes in means, ", "codes in widths, ", "linear read-out, ", "measured, in its means ", "measured, in its widths ", "where its KL ends", "docs/diagnosis.md",
        ];
        foreach (var text in texts)
            Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
        var lines = outcome.Output.Split('\n').Where(line => !line.StartsWith("  ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void Diagnose_WithoutItsRunsResults_MeasuresNothingButPredicts()
    {
        var run = tiny.CopyWhole(_folder);
        foreach (var (content, reason) in new[] { ("{", "damaged"), ("{\"members\": null}", "damaged"), (null, "no phase.json") })
        {
            if (content is null) File.Delete(Path.Combine(run, "phase.json"));
            else File.WriteAllText(Path.Combine(run, "phase.json"), content);
            var outcome = InProcess.Run(_folder.Path, "diagnose", run, "--test-limit", "20", "--json").Expect(0);
            var document = JsonNode.Parse(outcome.Output)!;
            Assert.Contains(reason, (string?)document["predictions"]![0]!["measuredReason"], StringComparison.Ordinal);
            Assert.Null(document["members"]![0]!["klAbove"]);
            Assert.NotNull(document["members"]![0]!["predictedActive"]);
        }
    }

    [Fact]
    public void Diagnose_OptionOutOfRangeOrNoRun_IsOneLine()
    {
        var outcome = InProcess.Run(_folder.Path, "diagnose", tiny.Whole, "--test-limit", "1");
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("at least 2", TinyRun.OneLine(outcome), StringComparison.Ordinal);
        Assert.Contains("nowhere", TinyRun.OneLine(InProcess.Run(_folder.Path, "diagnose", "nowhere")), StringComparison.Ordinal);
    }

    private static int[] TinyLatents => [6, 4, 3];
}
