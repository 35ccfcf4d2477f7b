using System.Globalization;
using System.Text.Json;

namespace Ornstein.Tests.Documents;

/// <summary>The tables of docs/study.md, from what the study's report has.</summary>
public class StudyDocumentTests
{
    private static readonly StudyReport _dataSets = StudyReport.Of("data-sets");

    [Fact]
    public void Verdicts_OfTheDocument_AreThoseOfTheReport() => AssertHas(_dataSets.Verdicts());

    [Fact]
    public void Collapse_OfTheDocument_IsThatOfTheReport() => AssertHas(EachCell((name, cell) =>
        $"| {name} | {StudyReport.At(cell, "kl", 3, 1, "0.00000")} | {StudyReport.At(cell, "information", 3, 1, "0.0000")} | {StudyReport.States(cell, 1)} |"));

    [Fact]
    public void Revival_OfTheDocument_IsThatOfTheReport() => AssertHas(EachCell((name, cell) =>
        $"| {name} | {StudyReport.At(cell, "kl", 3, 0.4)} | {StudyReport.At(cell, "meanInformation", 3, 0.4)} | {StudyReport.At(cell, "activeUnits", 3, 0.4, "0.#")} |"));

    [Fact]
    public void Transitions_OfTheDocument_AreThoseOfTheReport()
    {
        AssertHas(EachCell((name, cell) => $"| {name} | {StudyReport.Begins(cell, 3, "means")} | {StudyReport.Begins(cell, 3, "widths")} | {StudyReport.Falls(cell, 3)} |"));
        AssertHas(
            from cell in _dataSets.Cells("data")
            from part in new[] { "means", "widths" }
            select $"| {cell.Name}, {part} | {StudyReport.Alive(cell.Cell, 3, part)} |");
        AssertHas(EachCell((name, cell) => $"| {name} | {StudyReport.Seeds(cell, 3, "means")} |"));
        AssertHas(_dataSets.Differences("data", "top"));
        AssertHas(EachCell((name, cell) => $"| {name} | {cell.GetProperty("drops").GetArrayLength()} of 10 | {StudyReport.Drop(cell, "most")} | {StudyReport.Drop(cell, "least")} |"));
    }

    [Fact]
    public void Variance_OfTheDocument_IsThatOfTheReport() => AssertHas(
        from cell in _dataSets.Cells("data")
        from layer in new[] { 1, 2 }
        select $"| {cell.Name}, z{layer} | {StudyReport.At(cell.Cell, "variance", layer, 1, "0.00")} | {StudyReport.At(cell.Cell, "variance", layer, 0.4, "0.00")} | {StudyReport.At(cell.Cell, "unsmoothedVariance", layer, 0.4, "0.00")} | {StudyReport.At(cell.Cell, "kl", layer + 1, 0.4, "0.00")} |");

    [Fact]
    public void Bounds_OfTheDocument_AreThoseOfTheReport() => AssertHas(EachCell((name, cell) =>
        $"| {name} | {string.Join(" | ", new[] { "ELBO, unsmoothed", "importance-weighted, unsmoothed", "importance-weighted, smoothed generative" }.Select(bound => StudyReport.Gain(cell, bound)))} |"));

    [Fact]
    public void Training_OfTheDocument_IsThatOfTheReport() => AssertHas(
        from cell in _dataSets.Cells("data")
        from rho in cell.Cell.GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble())
        where !StudyReport.AreSettled(cell.Cell, rho)
        select $"| {cell.Name} | {StudyReport.Two(rho)} | {StudyReport.States(cell.Cell, rho)} |");

    [Fact]
    public void Harmonics_OfTheDocument_AreThoseOfTheSpectra()
    {
        using var spectra = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "harmonics.json")));
        static double Value(JsonElement of, string name) => of.GetProperty(name).GetProperty("value").GetDouble();
        static string Nats(double value) => value.ToString(value < 1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
        static string Share(JsonElement of) => Value(of, "shareAboveDegreeOne").ToString("0 %", CultureInfo.InvariantCulture);
        const int Draws = 8;
        AssertHas(
            from function in new[] { "mu_p(z1|z2)", "sigma_p(z1|z2)", "mu_p(z2|z3)", "sigma_p(z2|z3)" }
            from row in spectra.RootElement.GetProperty("MNIST").EnumerateArray()
            where row.GetProperty("function").GetString() == function && row.GetProperty("rho").GetDouble() is 0.4 or 0.8 or 0.9
            let raw = row.GetProperty("raw")
            let smoothed = row.GetProperty("smoothed")
            let all = Value(raw, "variance")
            let left = Value(smoothed, "variance")
            select $"| {function.Replace("|", "\\|", StringComparison.Ordinal)} | {StudyReport.Two(row.GetProperty("rho").GetDouble())} | {Nats(all)} | {Share(raw)} | {Nats(left + ((all - left) / Draws))} | {Nats(left)} | {Share(smoothed)} |");
    }

    /// <summary>What the text says beside its tables.</summary>
    [Fact]
    public void Text_OfTheDocument_FollowsFromTheReportAndTheSpectra()
    {
        var cells = _dataSets.Cells("data").ToDictionary(cell => cell.Name, cell => cell.Cell);
        Assert.Equal(["MNIST", "Fashion-MNIST"], cells.Keys);
        var rhos = cells["MNIST"].GetProperty("rhos").EnumerateArray().Select(rho => rho.GetDouble()).ToList();
        double Curve(string name, string curve, int layer, double rho, string which) =>
            cells[name].GetProperty(curve)[layer - 1].GetProperty(which)[rhos.FindIndex(tried => Math.Abs(tried - rho) < 1e-9)].GetDouble();
        int[] Alive(string name, string part) => [.. StudyReport.Alive(cells[name], 3, part).Split(" | ").Select(seeds => int.Parse(seeds, CultureInfo.InvariantCulture))];
        // 1. "0.0001 nats or less in all 20 models".
        Assert.All(cells.Keys, name => Assert.True(Curve(name, "kl", 3, 1, "greatest") <= 0.0001));
        // 4. "up to rho 0.9, and with two at 0.92", "three to six of ten seeds between 0.7 and 0.9", "None does from 0.94 on (MNIST), and from 0.96 on", "below 0.92".
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 2, 0, 0, 0], Alive("MNIST", "widths"));
        Assert.Equal((3, 6), (Alive("MNIST", "means")[1..7].Min(), Alive("MNIST", "means")[1..7].Max()));
        Assert.All(cells.Keys, name => Assert.True(Alive(name, "means")[0] == 10 && Alive(name, "means")[1] < 10));
        Assert.Equal((0, 2, 0), (Alive("MNIST", "means")[8], Alive("Fashion-MNIST", "means")[8], Alive("Fashion-MNIST", "means")[9]));
        Assert.Equal((1, 0), (Alive("Fashion-MNIST", "widths")[6], Alive("Fashion-MNIST", "widths")[7]));
        Assert.Equal("0.12", StudyReport.Two(Math.Round(Curve("MNIST", "kl", 3, 0.9, "median"), 2)));
        Assert.InRange(Curve("MNIST", "kl", 3, 0.92, "median"), 0, 0.001);
        // 5. "the differences of single seeds go from -0.03 to +0.25".
        double[] Seeds(string name) => [.. cells[name].GetProperty("codes").EnumerateArray().Single(code => code.GetProperty("transition") is var at && at.GetProperty("layer").GetInt32() == 3
            && at.GetProperty("part").GetString() == "means").GetProperty("bySeed").EnumerateObject().OrderBy(seed => int.Parse(seed.Name, CultureInfo.InvariantCulture)).Select(seed => seed.Value.GetProperty("rho").GetDouble())];
        double[] differences = [.. Seeds("MNIST").Zip(Seeds("Fashion-MNIST"), (first, second) => second - first)];
        Assert.Equal((-0.03, 0.25), (Math.Round(differences.Min(), 2), Math.Round(differences.Max(), 2)));
        // Harmonics.
        using var spectra = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "harmonics.json")));
        (double Rho, double Even, double Above, double Left, double Variance)[] Function(string name, string function) =>
        [
            .. from row in spectra.RootElement.GetProperty(name).EnumerateArray()
               where row.GetProperty("function").GetString() == function
               let variance = row.GetProperty("raw").GetProperty("variance").GetProperty("value").GetDouble()
               select (row.GetProperty("rho").GetDouble(), row.GetProperty("evenEnergy").GetProperty("value").GetDouble() / variance,
                   row.GetProperty("raw").GetProperty("shareAboveDegreeOne").GetProperty("value").GetDouble(),
                   row.GetProperty("smoothed").GetProperty("variance").GetProperty("value").GetDouble() / variance, variance),
        ];
        static (double, double) Range(IEnumerable<double> values) => (Math.Round(values.Min(), 2), Math.Round(values.Max(), 2));
        var top = Function("MNIST", "mu_p(z2|z3)");
        Assert.Equal((0.69, 0.87), Range(top.Where(row => row.Rho is >= 0.7 and <= 0.9).Select(row => row.Even)));
        Assert.Equal((0.04, 0.12), Range(Function("Fashion-MNIST", "mu_p(z2|z3)").Where(row => row.Rho is 0.86 or 0.88).Select(row => row.Even)));
        Assert.Equal(0.32, Math.Round(top.Single(row => row.Rho == 0.8).Left, 2));
        Assert.Equal((0.06, 0.26), Range(Function("MNIST", "mu_p(z1|z2)").Select(row => row.Above)));
        Assert.All(new[] { "MNIST", "Fashion-MNIST" }, name => Assert.All(new[] { ("mu", 0.081), ("sigma", 0.153) }, part =>
            Assert.All(new[] { "(z2|z1)", "(z3|z2)" }, link => Assert.All(Function(name, $"{part.Item1}_q{link}"), row => Assert.InRange(row.Above, 0, part.Item2)))));
        var below = Function("MNIST", "mu_p(z1|z2)");
        Assert.InRange(below[0].Variance / below[^1].Variance, 3.7, 4);
    }

    private static IEnumerable<string> EachCell(Func<string, JsonElement, string> line) => _dataSets.Cells("data").Select(cell => line(cell.Name, cell.Cell));

    private static void AssertHas(IEnumerable<string> lines)
    {
        var expected = string.Concat(lines.Select(line => line + "\n"));
        Assert.True(Page().Contains(expected, StringComparison.Ordinal), $"docs/study.md lacks\n{expected}");
    }

    private static string Page() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "study.md")).ReplaceLineEndings("\n");
}
