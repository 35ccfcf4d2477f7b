using System.Globalization;
using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/image-models.md says of the layer above maps that dies, from the document that the study has written.</summary>
public class ImageModelsDocumentTests
{
    [Fact]
    public void Transition_OfTheDocument_FollowsFromTheStudy()
    {
        using var study = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "images.json")));
        var cells = study.RootElement.EnumerateArray().Where(cell => cell.GetProperty("data").GetString() == "CIFAR-10").ToArray();
        var text = File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "image-models.md"));
        JsonElement Top(bool isSweep) =>
            cells.Single(cell => cell.GetProperty("rhos").GetArrayLength() > 1 == isSweep).GetProperty("predictions").EnumerateArray().Single(layer => layer.GetProperty("layer").GetInt32() == 3);
        var (before, sweep) = (Top(isSweep: false), Top(isSweep: true));
        var (means, widths) = (before.GetProperty("fromCollapsed"), before.GetProperty("codesInWidths").GetProperty("fromCollapsed"));
        Assert.Contains($"| in its means | {Located(means)} |\n| in its widths | {Located(widths)} |\n", text, StringComparison.Ordinal);
        var measured = sweep.GetProperty("measuredMeans");
        Assert.Contains(
            $"| in its means | {Number(means, "estimate")} | {Located(measured)} |\n| in its widths | {Number(widths, "estimate")} | at no rho |\n", text, StringComparison.Ordinal);
        Assert.StartsWith("no transition: nothing in z3 in its widths", sweep.GetProperty("measuredWidths").GetProperty("reason").GetString(), StringComparison.Ordinal);
        var above = measured.GetProperty("estimate").GetDouble() - means.GetProperty("estimate").GetDouble();
        Assert.Contains($"Means begin {Text(above)} above the predicted rho", text, StringComparison.Ordinal);
        Assert.True(above > 0.05);
        var states = measured.GetProperty("states").EnumerateArray().ToDictionary(state => state.GetProperty("rho").GetDouble());
        Assert.Equal(16, states.Count);
        foreach (var (rho, said) in new[] { (0.0, "0.24 nats at rho 0"), (0.85, "0.10 at rho 0.85"), (0.9, "0.03\n  at rho 0.9") })
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
            Assert.Equal(said[..4], states[rho].GetProperty("aliveInformation").GetDouble().ToString("0.00", CultureInfo.InvariantCulture));
            Assert.Equal(3, states[rho].GetProperty("alive").GetInt32());
        }

        Assert.All(states.Where(state => state.Key >= 0.975), state => Assert.Equal(0, state.Value.GetProperty("alive").GetInt32()));
        Assert.Equal(2, states[0.9125].GetProperty("alive").GetInt32());
        Assert.Equal(2, states[0.9625].GetProperty("alive").GetInt32());
    }

    [Fact]
    public void TenPasses_OfTheDocument_AreAsTheFilesHaveThem()
    {
        var text = File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "image-models.md")).ReplaceLineEndings("\n");
        static double Bits(double nats) => -nats / (3072 * Math.Log(2));
        string Thousands(double value) => value.ToString(value < 100 ? "0.0" : "#,##0", CultureInfo.InvariantCulture);
        var rows = CsvRows.Of("study", "cifar10-3-full.csv");
        foreach (var row in rows)
        {
            var bits = $"{Text(Bits(row.Number("sampled-elbo")))} ± {Text(-Bits(row.Number("sampled-elbo-error")))}";
            var kl = string.Join(" | ", Enumerable.Range(1, 3).Select(layer => Thousands(row.Number($"kl-z{layer}"))));
            var active = string.Join(", ", Enumerable.Range(1, 3).Select(layer => row.Number($"active-z{layer}").ToString("#,##0", CultureInfo.InvariantCulture)));
            var (information, error) = (row.Number("information-z3"), row.Number("information-z3-error"));
            var range = string.Create(CultureInfo.InvariantCulture, $"{information - error:0} to {information + error:0}");
            Assert.Contains($"| {row["rho"]} | {bits} | {kl} | {active} | {range} |\n", text, StringComparison.Ordinal);
        }

        Assert.Contains($"fewer bits, by {Text(Bits(rows[1].Number("sampled-elbo")) - Bits(rows[0].Number("sampled-elbo")))}.", text, StringComparison.Ordinal);
        var skipping = CsvRows.Of("study", "cifar10-3-skipping.csv").Single(row => row["rho"] == "1");
        Assert.Contains($"had {Text(Bits(skipping.Number("elbo")))} bits by its KLs", text, StringComparison.Ordinal);
        Assert.Contains($"it has\n  {Text(Bits(rows[1].Number("elbo")))}: {Text(Bits(rows[1].Number("elbo")) - Bits(skipping.Number("elbo")))} more", text, StringComparison.Ordinal);
        var passes = CsvRows.Of("study", "cifar10-3-full-training.csv").ToDictionary(row => (row["rho"], row["epoch"]));
        string At(string rho, string pass) => Text(Bits(passes[(rho, pass)].Number("validation-elbo")));
        Assert.Contains($"{At("1", "8")} to {At("0.5", "8")} bits by its KLs on 1,000 held-out images; after ten it is behind, {At("1", "10")} to {At("0.5", "10")}.", text.Replace("\n  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"{passes[("0.5", "10")]["clipped-steps"]} (rho 0.5) and {passes[("1", "10")]["clipped-steps"]} (rho 1) of 1,531 steps", text, StringComparison.Ordinal);
        Assert.All(passes.Values, pass => Assert.Equal("0", pass["skipped-steps"]));
    }

    [Fact]
    public void Models_OfTheSweep_AreAsTheDocumentSays()
    {
        var lines = File.ReadAllLines(Path.Combine(DocumentTests.Root(), "docs", "study", "images-sweep.csv")).Select(line => line.Split(',')).ToArray();
        // Counted from the end: what says which rows were measured, near the beginning, has a comma.
        double[] Column(string name) => [.. lines.Skip(1).Select(line => double.Parse(line[^(lines[0].Length - Array.IndexOf(lines[0], name))], CultureInfo.InvariantCulture))];
        Assert.Equal(48, lines.Length - 1);
        Assert.True(Column("information-in-widths-z3").Max() <= 0.002);
        Assert.True(Column("kl-z2").Min() >= 1.70);
    }

    private static string Located(JsonElement rho) => $"{Number(rho, "estimate")} ({Number(rho, "low")} to {Number(rho, "high")})";

    private static string Number(JsonElement rho, string bound) => Text(rho.GetProperty(bound).GetDouble());

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
