using System.Globalization;
using System.Text.RegularExpressions;

namespace Ornstein.Tests.Documents;

/// <summary>What docs/collapse.md says, from the numbers that lie beside it.</summary>
public partial class CollapseDocumentTests
{
    private const string Elbo = "elbo", JointElbo = "sampled-elbo", Bound = "bound", Vanilla = "nothing (vanilla)", WarmUp = "warm-up over 10 passes",
        All = "annealed to 1, warm-up, batch normalization, ladder";

    // A row of the first table, and its label in the file.
    private static readonly (string Row, string Label)[] _rows =
    [
        (Vanilla, "no remedy, rho 1"), (WarmUp, "warm-up:10, rho 1"), ("cyclic warm-up, 4 cycles", "cyclic:4, rho 1"), ("beta 0.5", "beta:0.5, rho 1"),
        ("free bits, 0.1 nats a unit", "free-bits:0.1, rho 1"), ("the same, gone at the end", "free-bits:0.1:cooldown=0.3, rho 1"),
        ("batch normalization", "batch-norm, no remedy, rho 1"), ("batch normalization, warm-up", "bnwarm"), ("ladder", "ladder, no remedy, rho 1"),
        ("ladder, batch normalization, warm-up", "ladder, batch-norm, warm-up:10, rho 1"), ("smoothing, rho 0.85", "no remedy, rho 0.85"),
        ("smoothing, rho 0.7", "no remedy, rho 0.7"), ("smoothing, rho 0.5", "no remedy, rho 0.5"),
        ("smoothing, rho 0.7, batch normalization", "batch-norm, no remedy, rho 0.7"), ("annealed smoothing, rho 0.3 to 1", "anneal, rho 0.3"),
        ("the same, lowest link first", "anneal:order=lowest-first, rho 0.3"), ("the same, highest link first", "anneal:order=highest-first, rho 0.3"),
        ("annealed to 1 below, to 0.8 at the top", "anneal:to=1/0.8, rho 0.3"), ("annealed to 1, warm-up", "warm-up:10+anneal, rho 0.3"),
        ("annealed to 1 and 0.8, warm-up", "warm-up:10+anneal:to=1/0.8, rho 0.3"), ("annealed to 1 and 0.8, cyclic warm-up", "cyclic:4+anneal:to=1/0.8, rho 0.3"),
        ("annealed to 1, warm-up, batch normalization", "batch-norm, warm-up:10+anneal, rho 0.3"), (All, "ladder, batch-norm, warm-up:10+anneal, rho 0.3"),
    ];

    // A row of the second one.
    private static readonly (string Row, string Label)[] _newer =
    [
        ("nothing", "mean-norm none, no remedy"), ("normalized means", "mean-norm 0.5, no remedy"), (WarmUp, "mean-norm none, warm-up:10"),
        ("normalized means, warm-up", "mean-norm 0.5, warm-up:10"), ("VampPrior, 50 inputs", "prior vamp:50, no remedy"), ("the same, warm-up", "prior vamp:50, warm-up:10"),
        ("mixture prior, 10 components", "prior mixture:10, no remedy"), ("the same, warm-up", "prior mixture:10, warm-up:10"),
        ("latent reconstruction, weight 1", "prior standard-normal, latent-reconstruction:1"),
        ("the same, warm-up", "prior standard-normal, warm-up:10+latent-reconstruction:1"),
    ];

    [Fact]
    public void Results_EveryRow_AreThoseOfTheFiles()
    {
        var table = TableUnder("## Many remedies, three seeds");
        Assert.Equal(_rows.Select(row => row.Row), table.Select(row => row[0]));
        foreach (var (cells, row) in table.Zip(_rows.Select(row => Row(row.Row))))
        {
            Assert.Equal(Cell(row, Elbo, 2, row.Number(Elbo) < -110 ? 1 : 2), cells[1]);
            Assert.Equal(Cell(row, Bound, 2, row.Number(Bound) < -110 ? 1 : 2), cells[2]);
            Assert.Equal([Cell(row, "kl-z1", 1), Cell(row, "kl-z2", 2), Cell(row, "kl-z3", 2)], cells[3..6]);
            Assert.Equal(
                Enumerable.Range(1, 3).Select(layer => CsvRows.Text(row.Number($"active-z{layer}"), 1)),
                cells[6].Split(", ").Select(units => CsvRows.Text(double.Parse(units, CultureInfo.InvariantCulture), 1)));
        }
    }

    [Fact]
    public void NewerCures_EveryRow_AreThoseOfTheFile()
    {
        var rows = CsvRows.Of("collapse-newer.csv").ToDictionary(row => row["label"]);
        var table = TableUnder("## Newer cures, with 5,000 samples");
        Assert.Equal(_newer.Select(row => row.Row), table.Select(row => row[0]));
        foreach (var (cells, row) in table.Zip(_newer.Select(row => rows[row.Label])))
        {
            Assert.Equal([Cell(row, Elbo, 2), Cell(row, Bound, 2).TrimStart('-'), Cell(row, "kl-z3", 2), Cell(row, "information-z3", 2)], cells[1..5]);
            // Counts in the file, seed by seed in the document.
            var verdicts = cells[5].Split(", ").CountBy(verdict => verdict).ToArray();
            string[] counted = [.. row["verdict-z3"].Split(", ").Order()];
            Assert.Equal(counted, verdicts is [var only] ? [only.Key] : [.. verdicts.Select(verdict => $"{verdict.Value} {verdict.Key}").Order()]);
            Assert.Equal(row.Number("active-z3"), cells[6].Split(", ").Average(units => double.Parse(units, CultureInfo.InvariantCulture)), 1e-9);
        }
    }

    /// <summary>An interval in brackets is that of some row, rounded once.</summary>
    [Fact]
    public void Intervals_OfTheText_AreThoseOfRows()
    {
        var known = _rows.Select(row => Row(row.Row)).SelectMany(row => new[] { Elbo, Bound, JointElbo }.Select(column => Ends(row, column)))
            .Select(ends => $"[{CsvRows.Text(ends.Low, 2)}, {CsvRows.Text(ends.High, 2)}]").ToHashSet(StringComparer.Ordinal);
        string[] said = [.. Interval().Matches(Text()).Select(match => match.Value)];
        Assert.Equal(8, said.Length);
        Assert.All(said, interval => Assert.Contains(interval, known));
    }

    /// <summary>What the page calls shown, and what it calls not shown: by whether two intervals overlap.</summary>
    [Theory]
    [InlineData(WarmUp, Vanilla, Elbo, true)]
    [InlineData(WarmUp, Vanilla, Bound, true)]
    [InlineData("cyclic warm-up, 4 cycles", Vanilla, Elbo, true)]
    [InlineData("cyclic warm-up, 4 cycles", Vanilla, Bound, true)]
    [InlineData("beta 0.5", Vanilla, Elbo, false)]
    [InlineData("beta 0.5", Vanilla, Bound, false)]
    [InlineData("free bits, 0.1 nats a unit", Vanilla, Elbo, false)]
    [InlineData("batch normalization", Vanilla, Elbo, false)]
    [InlineData("batch normalization", Vanilla, Bound, false)]
    [InlineData("batch normalization", Vanilla, "kl-z2", true)]
    [InlineData("batch normalization", Vanilla, "kl-z1", true)]
    [InlineData("batch normalization, warm-up", WarmUp, Elbo, true)]
    [InlineData("batch normalization, warm-up", WarmUp, Bound, true)]
    [InlineData("ladder", Vanilla, Elbo, true)]
    [InlineData("ladder, batch normalization, warm-up", WarmUp, JointElbo, false)]
    [InlineData("ladder, batch normalization, warm-up", WarmUp, Bound, false)]
    [InlineData("smoothing, rho 0.5", Vanilla, Elbo, true)]
    [InlineData("smoothing, rho 0.7", Vanilla, Elbo, false)]
    [InlineData("smoothing, rho 0.85", Vanilla, Elbo, false)]
    [InlineData("smoothing, rho 0.5", Vanilla, Bound, false)]
    [InlineData("smoothing, rho 0.7", Vanilla, Bound, false)]
    [InlineData("smoothing, rho 0.85", Vanilla, Bound, false)]
    [InlineData("smoothing, rho 0.7, batch normalization", "batch normalization", Elbo, true)]
    [InlineData("smoothing, rho 0.7, batch normalization", "batch normalization", JointElbo, false)]
    [InlineData("annealed smoothing, rho 0.3 to 1", Vanilla, Elbo, false)]
    [InlineData("annealed smoothing, rho 0.3 to 1", Vanilla, Bound, false)]
    [InlineData("the same, lowest link first", Vanilla, Elbo, false)]
    [InlineData("the same, lowest link first", Vanilla, Bound, false)]
    [InlineData("the same, highest link first", Vanilla, Elbo, true)]
    [InlineData("the same, highest link first", Vanilla, Bound, true)]
    [InlineData("annealed to 1 below, to 0.8 at the top", Vanilla, Elbo, false)]
    [InlineData("annealed to 1 below, to 0.8 at the top", Vanilla, Bound, true)]
    [InlineData(WarmUp, "annealed smoothing, rho 0.3 to 1", Elbo, true)]
    [InlineData(WarmUp, "the same, lowest link first", Elbo, true)]
    [InlineData(WarmUp, "the same, highest link first", Elbo, true)]
    [InlineData(WarmUp, "annealed to 1 below, to 0.8 at the top", Elbo, true)]
    [InlineData(WarmUp, "annealed smoothing, rho 0.3 to 1", Bound, true)]
    [InlineData(WarmUp, "the same, lowest link first", Bound, true)]
    [InlineData(WarmUp, "the same, highest link first", Bound, true)]
    [InlineData(WarmUp, "annealed to 1 below, to 0.8 at the top", Bound, true)]
    [InlineData("annealed to 1, warm-up", WarmUp, Elbo, false)]
    [InlineData("annealed to 1, warm-up", WarmUp, Bound, false)]
    [InlineData("annealed to 1, warm-up", WarmUp, "kl-z3", true)]
    [InlineData("annealed to 1, warm-up", "annealed smoothing, rho 0.3 to 1", "kl-z3", false)]
    [InlineData("annealed to 1 below, to 0.8 at the top", "annealed smoothing, rho 0.3 to 1", "kl-z3", false)]
    [InlineData("annealed to 1 and 0.8, warm-up", "annealed smoothing, rho 0.3 to 1", "kl-z3", true)]
    [InlineData("annealed to 1 and 0.8, warm-up", WarmUp, Elbo, false)]
    [InlineData("annealed to 1 and 0.8, warm-up", WarmUp, Bound, false)]
    [InlineData("annealed to 1 and 0.8, cyclic warm-up", "cyclic warm-up, 4 cycles", Elbo, false)]
    [InlineData("annealed to 1 and 0.8, cyclic warm-up", "cyclic warm-up, 4 cycles", Bound, false)]
    [InlineData("annealed to 1, warm-up, batch normalization", "batch normalization, warm-up", JointElbo, false)]
    [InlineData("annealed to 1, warm-up, batch normalization", "batch normalization, warm-up", Bound, false)]
    [InlineData("annealed to 1, warm-up, batch normalization", "batch normalization, warm-up", "kl-z3", true)]
    [InlineData(All, "ladder, batch normalization, warm-up", "kl-z2", true)]
    [InlineData(All, "ladder, batch normalization, warm-up", "kl-z3", false)]
    public void Difference_OfTwoRows_IsShownAsThePageSays(string row, string other, string column, bool isShown)
    {
        var (one, two) = (Ends(Row(row), column), Ends(Row(other), column));
        Assert.Equal(isShown, one.Low > two.High || one.High < two.Low);
    }

    [Fact]
    public void Everything_Together_IsShownToBeAboveAllButThree()
    {
        var all = Row(All);
        string[] Not(string column) => [.. _rows.Select(row => row.Row).Where(row => row != All && !(Ends(all, column).Low > Ends(Row(row), column).High))];
        string[] three = ["batch normalization, warm-up", "ladder, batch normalization, warm-up", "annealed to 1, warm-up, batch normalization"];
        Assert.Equal(three, Not(JointElbo));
        Assert.Equal(three, Not(Bound));
    }

    [Fact]
    public void SmoothingOnTopOfWarmUp_AnyRow_ShowsNoGain()
    {
        foreach (var (smoothed, plain) in new[]
                 {
                     ("annealed to 1, warm-up", WarmUp), ("annealed to 1 and 0.8, warm-up", WarmUp), ("annealed to 1 and 0.8, cyclic warm-up", "cyclic warm-up, 4 cycles"),
                     ("annealed to 1, warm-up, batch normalization", "batch normalization, warm-up"), (All, "ladder, batch normalization, warm-up"),
                 })
        {
            foreach (var column in new[] { JointElbo, Bound }) Assert.True(Ends(Row(smoothed), column).Low <= Ends(Row(plain), column).High, smoothed);
        }
    }

    [GeneratedRegex(@"\[-\d+\.\d\d, -\d+\.\d\d\]")]
    private static partial Regex Interval();

    private static IReadOnlyDictionary<string, string> Row(string name)
    {
        var label = _rows.Single(row => row.Row == name).Label;
        return CsvRows.Of("collapse-mnist.csv").Concat(CsvRows.Of("collapse-batch-norm-warm-up.csv")).Single(row => row["label"] == label);
    }

    private static (double Low, double High) Ends(IReadOnlyDictionary<string, string> row, string column) =>
        (row.Number(column) - row.Number($"{column}-plus-minus"), row.Number(column) + row.Number($"{column}-plus-minus"));

    private static string Cell(IReadOnlyDictionary<string, string> row, string column, int decimals, int? ofInterval = null) =>
        $"{CsvRows.Text(row.Number(column), decimals)}±{CsvRows.Text(row.Number($"{column}-plus-minus"), ofInterval ?? decimals)}";

    // The cells of the first table below a heading, without what makes them bold.
    private static string[][] TableUnder(string heading) =>
    [
        .. Text().Split(heading + "\n")[1].Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Replace("**", "", StringComparison.Ordinal)).ToArray()),
    ];

    private static string Text() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "collapse.md")).ReplaceLineEndings("\n");
}
