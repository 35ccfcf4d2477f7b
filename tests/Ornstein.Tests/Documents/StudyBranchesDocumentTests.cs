using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.Statistics;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/study.md says of trainings that begin alive and collapsed, from the branches that lie beside it.</summary>
public class StudyBranchesDocumentTests
{
    private static readonly Lazy<JsonElement[]> _points = new(() =>
    {
        using var branches = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "branches-mnist.json")));
        return [.. branches.RootElement.Clone().GetProperty("points").EnumerateArray()];
    });

    [Fact]
    public void Table_OfTheDocument_IsThatOfTheBranches() => StudyPage.AssertHas(
        from seeds in _points.Value.GroupBy(point => point.GetProperty("rho").GetDouble())
        let states = seeds.CountBy(point => point.GetProperty("state").GetString()!).OrderByDescending(state => state.Value).ThenBy(state => state.Key, StringComparer.Ordinal)
        select $"| {StudyReport.Two(seeds.Key)} | {Cell(seeds, "fromAlive")} | {Cell(seeds, "fromCollapsed")} | {Cell(seeds, "growth")} | {string.Join(", ", states.Select(state => $"{state.Value} {state.Key}"))} |");

    [Fact]
    public void Text_OfTheDocument_FollowsFromTheBranches()
    {
        double Mean(double rho, string what) => At(rho).Average(point => Value(point, what));
        // "At rho 0.88 the layer tells 0.41 nats if it began alive and 0.003 if it began collapsed; at 0.92 it tells 0.34 nats and less than 0.001".
        Assert.Equal((0.41, 0.003, 0.34), (Math.Round(Mean(0.88, "fromAlive"), 2), Math.Round(Mean(0.88, "fromCollapsed"), 3), Math.Round(Mean(0.92, "fromAlive"), 2)));
        Assert.InRange(Mean(0.92, "fromCollapsed"), 0, 0.001);
        // "the KL of all ten is estimated to grow, by 0.4 to 2.2 % a pass, with errors of 0.5 to 2.3 %. No layer that began collapsed surely grows, and none surely shrinks".
        JsonElement[] near = [.. At(0.88), .. At(0.92)];
        Assert.Equal((10, 0.004, 0.022), (near.Length, Math.Round(near.Min(point => Value(point, "drift")), 3), Math.Round(near.Max(point => Value(point, "drift")), 3)));
                double[] errors = [.. near.Select(point => Math.Round(point.GetProperty("drift").GetProperty("standardError").GetDouble(), 3))];
        Assert.Equal((0.005, 0.023), (errors.Min(), errors.Max()));
        Assert.All(near, point => Assert.True(Math.Abs(Value(point, "growth")) < 2 * point.GetProperty("growth").GetProperty("standardError").GetDouble()));
        // "three of the five layers that began alive have collapsed, one is falling, and one still tells 0.25 nats".
        Assert.Equal(0.25, Math.Round(At(1).Max(point => Value(point, "fromAlive")), 2));
        // "the rate is zero near 0.79 to 0.93, depending on the seed".
        using var branches = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(DocumentTests.Root(), "docs", "study", "branches-mnist.json")));
        double[] zeros = [.. branches.RootElement.GetProperty("stability").GetProperty("seeds").EnumerateArray().Select(seed => seed.GetProperty("rho").GetDouble())];
        Assert.Equal((5, 0.79, 0.93), (zeros.Length, Math.Round(zeros.Min(), 2), Math.Round(zeros.Max(), 2)));
    }

    private static IEnumerable<JsonElement> At(double rho) => _points.Value.Where(point => point.GetProperty("rho").GetDouble() == rho);

    private static string Cell(IEnumerable<JsonElement> seeds, string what)
    {
        double[] values = [.. seeds.Select(point => Value(point, what))];
        return string.Create(CultureInfo.InvariantCulture, $"{values.Average():0.000}±{values.StandardDeviation():0.000}");
    }

    private static double Value(JsonElement point, string what) => point.GetProperty(what).GetProperty("value").GetDouble();
}
