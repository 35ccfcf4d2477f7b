namespace Ornstein.Tests.Documents;

/// <summary>What docs/reproductions.md says of annealed smoothing, from the numbers that lie beside it.</summary>
public class ReproductionsDocumentTests
{
    private static readonly (string Row, string Label, string Run)[] _rows =
    [
        ("chain", "warm-up:10, rho 1", "long-chain"), ("chain, annealed", "warm-up:10+anneal, rho 0.3", "long-chain-annealed"),
        ("ladder", "ladder, warm-up:10, rho 1", "long-ladder"), ("ladder, annealed", "ladder, warm-up:10+anneal, rho 0.3", "long-ladder-annealed"),
    ];

    [Fact]
    public void AnnealedSmoothing_EveryRow_IsThatOfTheFiles()
    {
        var rows = CsvRows.Of("reproductions", "annealed-compare.csv").ToDictionary(row => row["label"]);
        var seeds = CsvRows.Of("reproductions", "annealed-results.csv").ToLookup(row => Path.GetFileName(row["run"]));
        foreach (var (name, label, run) in _rows)
        {
            var row = rows[label];
            string Cell(string column) => $"{CsvRows.Text(row.Number(column), 2)}±{CsvRows.Text(row.Number($"{column}-plus-minus"), 2)}";
            var active = string.Join(", ", seeds[run].Select(seed => seed["active-z3"]));
            string[] cells = [Cell("bound").TrimStart('-'), Cell("sampled-elbo"), Cell("kl-z1"), Cell("kl-z2"), Cell("kl-z3"), Cell("information-z3"), active];
            Assert.Contains($"| {name} | {string.Join(" | ", cells)} |\n", Text(), StringComparison.Ordinal);
            Assert.Equal(row.Number("bound"), seeds[run].Average(seed => seed.Number("bound")), 5e-6); // seven digits
        }
    }

    [Fact]
    public void AnnealedSmoothing_Differences_AreThoseOfTheSameSeeds()
    {
        string Of(string file, string label, string column, int decimals, string sign = "")
        {
            var row = CsvRows.Of("reproductions", $"annealed-{file}-differences.csv").Single(row => row["label"] == label && row["column"] == column);
            Assert.Equal("no", row["shown"]);
            return $"{sign}{CsvRows.Text(row.Number("difference"), decimals)} ± {CsvRows.Text(row.Number("plus-minus"), decimals)}";
        }

        var text = Text().Replace("\n  ", " ", StringComparison.Ordinal).Replace('\n', ' ');
        var (chain, ladder) = (_rows[1].Label, _rows[3].Label);
        Assert.Contains(
            $"lower by {Of("chain", chain, "bound", 2)} nats in the chain and by {Of("ladder", ladder, "bound", 2)} in the ladder, "
            + $"and the joint ELBO higher by {Of("chain", chain, "sampled-elbo", 2)} and {Of("ladder", ladder, "sampled-elbo", 2)}.", text, StringComparison.Ordinal);
        Assert.Contains($"{Of("ladder", ladder, "information-z3", 1)} nats more, of the same seeds", text, StringComparison.Ordinal);
        var together = CsvRows.Of("reproductions", "annealed-ladder-differences.csv").Single(row => row["label"] == ladder && row["column"] == "information-z3");
        Assert.Contains($"and ± {CsvRows.Text(together.Number("plus-minus-together"), 1)} where three comparisons are judged together", text, StringComparison.Ordinal);
    }

    [Fact]
    public void FiftySamples_EveryRow_IsThatOfTheFiles()
    {
        var fifty = CsvRows.Of("reproductions", "k50-compare.csv");
        var five = CsvRows.Of("reproductions", "compare.csv").Single(row => row["run"].EndsWith("burda-1-iwae5", StringComparison.Ordinal));
        Assert.Equal(3, fifty.Length);
        IReadOnlyDictionary<string, string> Of(string run) => run == "burda-1-iwae5" ? five : fifty.Single(row => row["run"].EndsWith(run, StringComparison.Ordinal));
        foreach (var (model, passes, run) in new[] { ("burda-1-iwae5", 40, "burda-1-iwae5-40"), ("burda-1-iwae50", 40, "burda-1-iwae50-40"), ("burda-1-iwae5", 400, "burda-1-iwae5"), ("burda-1-iwae50", 400, "burda-1-iwae50-400") })
        {
            var row = Of(run);
            Assert.Contains(
                $"| `{model}` | {passes} | {CsvRows.Text(-row.Number("bound"), 2)} ± {CsvRows.Text(row.Number("bound-plus-minus"), 2)} | {CsvRows.Text(row.Number("active-z1"), 0)} | ",
                Text(), StringComparison.Ordinal);
        }

        string Gap(string few, string many) => CsvRows.Text(Of(many).Number("bound") - Of(few).Number("bound"), 2);
        Assert.Contains(
            $"After 40 passes fifty samples are {Gap("burda-1-iwae5-40", "burda-1-iwae50-40")} nats ahead, and after 400 passes {Gap("burda-1-iwae5", "burda-1-iwae50-400")}.",
            Text(), StringComparison.Ordinal);
    }

    private static string Text() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "reproductions.md")).ReplaceLineEndings("\n");
}
