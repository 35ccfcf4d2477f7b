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
        Assert.Contains($"| CIFAR-10, pictures as JPEG | {Located(measured)} | at no rho |", File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "study.md")), StringComparison.Ordinal);
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
    public void TransitionOnFashionMnist_OfTheDocument_FollowsFromTheStudy()
    {
        using var study = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "images.json")));
        JsonElement Top(bool isSweep) => study.RootElement.EnumerateArray()
            .Single(cell => cell.GetProperty("data").GetString() == "Fashion-MNIST" && cell.GetProperty("rhos").GetArrayLength() > 1 == isSweep)
            .GetProperty("predictions").EnumerateArray().Single(layer => layer.GetProperty("layer").GetInt32() == 3);
        var text = Page();
        var (before, sweep) = (Top(isSweep: false), Top(isSweep: true));
        var (means, widths) = (before.GetProperty("fromCollapsed"), before.GetProperty("codesInWidths").GetProperty("fromCollapsed"));
        var (measured, ofWidths) = (sweep.GetProperty("measuredMeans"), sweep.GetProperty("measuredWidths"));
        Assert.Contains(
            $"| in its means | {Located(means)} | {Located(measured)} |\n| in its widths | {Located(widths)} | two states, {Number(ofWidths, "low")} to {Number(ofWidths, "high")} |\n",
            text, StringComparison.Ordinal);
        Assert.Contains($"| in its means | 0.883 | 0.952 | {Number(means, "estimate")} | {Number(measured, "estimate")} |\n| in its widths | 0.940 | at no rho | {Number(widths, "estimate")} |", text, StringComparison.Ordinal);
        Assert.Contains($"within {Text(Math.Abs(measured.GetProperty("estimate").GetDouble() - means.GetProperty("estimate").GetDouble()))} of what", text, StringComparison.Ordinal);
        var page = File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "study.md"));
        Assert.Contains($"| Fashion-MNIST | {Located(measured)} | between 0.6 and 0.65, below its means |", page, StringComparison.Ordinal);
        double[] Alive(JsonElement part) =>
            [.. part.GetProperty("states").EnumerateArray().Where(state => state.GetProperty("alive").GetInt32() > 0).Select(state => state.GetProperty("rho").GetDouble())];
        Assert.Equal((0.5, 0.625, 0.725), (Alive(ofWidths)[0], Alive(ofWidths)[^1], Alive(measured)[^1]));
        var models = CsvRows.Of("study", "images-fashion-sweep.csv");
        double Told(string rho, int seed, string part = "means") => models.Single(row => row["rho"] == rho && row["seed"] == $"{seed}").Number($"information-in-{part}-z3");
        Assert.Equal(48, models.Length);
        Assert.Equal("0.022", Text(models.Max(row => row.Number("information-in-widths-z3"))));
        Assert.True(models.Min(row => row.Number("kl-z2")) >= 0.69);
        Assert.Equal(("0.253", "0.006", "0.169", "0.208"), (Text(Told("0.65", 3)), Text(Told("0.675", 3)), Text(Told("0.65", 4)), Text(Told("0.65", 5))));
        Assert.True(Told("0.725", 4) < 0.01 && Told("0.725", 5) < 0.01);
        string[] rhos = [.. Alive(ofWidths).Select(rho => rho.ToString(CultureInfo.InvariantCulture))];
        Assert.All(rhos, rho => Assert.All(Enumerable.Range(3, 3), seed => Assert.True(Told(rho, seed) > 10 * Told(rho, seed, "widths"))));
    }

    [Fact]
    public void TenLayers_OfTheDocument_AreAsTheFilesHaveThem()
    {
        var text = Page();
        static double Bits(double nats) => -nats / (3072 * Math.Log(2));
        static string As(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture);
        var rows = CsvRows.Of("study", "cifar10-10.csv").ToDictionary(row => row["rho"]);
        foreach (var (rho, row) in rows)
        {
            var bits = $"{Text(Bits(row.Number("sampled-elbo")))} ± {Text(-Bits(row.Number("sampled-elbo-error")))}";
            var kl = string.Join(" | ", Enumerable.Range(1, 4).Select(layer => As(row.Number($"kl-z{layer}"), layer < 4 ? "0" : "0.0")));
            var active = string.Join(", ", Enumerable.Range(1, 4).Select(layer => As(row.Number($"active-z{layer}"), "#,##0")));
            Assert.Contains($"| {rho} | {bits} | {kl} | below 0.001 | {active} |\n", text, StringComparison.Ordinal);
            Assert.All(Enumerable.Range(5, 6), layer => Assert.True(row.Number($"kl-z{layer}") < 0.001));
            Assert.True(Enumerable.Range(5, 6).Sum(layer => row.Number($"unsmoothed-kl-z{layer}")) < 0.001);
        }

        var smoothed = rows["0.5"];
        Assert.Contains($"its objective is {As(smoothed.Number("objective"), "#,##0")} nats, which would be {As(Bits(smoothed.Number("objective")), "0.00")} bits", text, StringComparison.Ordinal);
        Assert.Contains($"{Text(Bits(smoothed.Number("sampled-elbo")))} bits against {Text(Bits(rows["1"].Number("sampled-elbo")))}.", text, StringComparison.Ordinal);
        var passes = CsvRows.Of("study", "cifar10-10-training.csv").ToDictionary(row => (Rho: row["rho"], Pass: int.Parse(row["epoch"], CultureInfo.InvariantCulture)));
        Assert.Equal("-19.8", As(passes[("0.5", 7)].Number("validation-elbo") / 1e6, "0.0")); // of the fault that the page tells of
        var three = CsvRows.Of("study", "cifar10-3-full-training.csv").Single(row => row["rho"] == "1" && row["epoch"] == "7");
        Assert.Contains($"{Text(Bits(passes[("1", 7)].Number("validation-elbo")))} to {Text(Bits(three.Number("validation-elbo")))} bits", text, StringComparison.Ordinal);
        Assert.Contains($"{As(passes[("0.5", 7)].Number("clipped-steps"), "#,##0")} (rho 0.5) and {passes[("1", 7)]["clipped-steps"]} (rho 1) of 1,531 steps were shortened", text, StringComparison.Ordinal);
        Assert.All(passes, pass => Assert.All(Enumerable.Range(5, 6), layer => Assert.True(pass.Value.Number($"validation-kl-z{layer}") < (pass.Key.Pass < 5 ? 1.3 : 0.02))));
        Assert.Equal("0.01", As(passes[("1", 1)].Number("validation-kl-z4"), "0.00"));
        Assert.True(passes[("1", 2)].Number("validation-kl-z4") < 0.005);
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

    // Lines of a list's entry are one.
    private static string Page() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "image-models.md")).ReplaceLineEndings("\n").Replace("\n  ", " ", StringComparison.Ordinal);

    private static string Located(JsonElement rho) => $"{Number(rho, "estimate")} ({Number(rho, "low")} to {Number(rho, "high")})";

    private static string Number(JsonElement rho, string bound) => Text(rho.GetProperty(bound).GetDouble());

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
