using System.Globalization;
using System.Text;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A comparison as text for eyes, as Markdown and as CSV.</summary>
internal static class ComparisonText
{
    private const int Width = 120;
    private const int LongestLabel = 48;

    /// <summary>
    /// Tables of at most <see cref="Width"/> letters, and what is to be known of them. Rows with long labels are numbered, and listed first.
    /// </summary>
    public static void Write(Comparison comparison, TextWriter output)
    {
        string[] labels = [.. comparison.Rows.Select(row => row.Label)];
        var longest = ScreenWriter.ColumnsOf(output) is { } screen ? Math.Min(LongestLabel, screen * LongestLabel / Width) : LongestLabel;
        if (labels.Any(label => label.Length > longest))
        {
            foreach (var (i, label) in labels.Index()) output.WriteLine($"{i + 1}: {PrintableText.Of(label)}");
            output.WriteLine();
            labels = [.. labels.Select((_, i) => $"{i + 1}")];
        }

        var columns = ComparisonColumn.Shown(comparison);
        Table.Write(
            output, ["", .. columns.Select(column => column.Title)],
            comparison.Rows.Select((row, i) => (string[])[labels[i], .. columns.Select(column => column.Cell(row))]), width: Width);
        output.WriteLine();
        foreach (var line in Explanations(comparison, ScreenWriter.ColumnsOf(output) ?? Width)) output.WriteLine(PrintableText.Of(line));
        if (comparison.Differences is not { } differences) return;
        output.WriteLine();
        output.WriteLine(PrintableText.Of($"less {differences.Against}:"));
        output.WriteLine();
        columns = Numbers(columns, differences);
        Table.Write(
            output, ["", .. columns.Select(column => column.Title)],
            differences.Rows.Select(row => (string[])[labels[Array.FindIndex(comparison.Rows, own => own.Label == row.Label)], .. columns.Select(column => column.Cell(row))]),
            width: Width);
        output.WriteLine();
        foreach (var line in Explanations(differences)) output.WriteLine(line);
    }

    /// <summary>One table, and below it what is to be known of it.</summary>
    public static string Markdown(Comparison comparison)
    {
        var columns = ComparisonColumn.Shown(comparison);
        var text = new StringBuilder();
        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|"))).Append(" |\n");
        Row(["", .. columns.Select(column => column.Title)]);
        Row(["---", .. columns.Select(_ => "---:")]);
        foreach (var row in comparison.Rows) Row([row.Label, .. columns.Select(column => column.Cell(row).Replace("*", "\\*"))]);
        foreach (var line in Explanations(comparison, Width)) text.Append("\n- ").Append(line.Replace("*", "\\*"));
        text.Append('\n');
        if (comparison.Differences is not { } differences) return text.ToString();
        columns = Numbers(columns, differences);
        text.Append('\n');
        Row([$"less {differences.Against}", .. columns.Select(column => column.Title)]);
        Row(["---", .. columns.Select(_ => "---:")]);
        foreach (var row in differences.Rows) Row([row.Label, .. columns.Select(column => column.Cell(row))]);
        foreach (var line in Explanations(differences)) text.Append("\n- ").Append(line);
        return text.Append('\n').ToString();
    }

    /// <summary>
    /// A line per row and column of the differences: mean, half of the 95 % interval of this one alone and of all rows together, seeds, and whether the latter leaves out zero.
    /// </summary>
    public static string Csv(RowDifferences differences)
    {
        var text = new StringBuilder(CsvText.Line(["label", "against", "column", "difference", "plus-minus", "plus-minus-together", "seeds", "shown"]));
        foreach (var row in differences.Rows)
        {
            foreach (var (key, number) in row.Numbers)
            {
                text.Append(CsvText.Line([
                    row.Label, differences.Against, key, Number(number.Value), Number(number.PlusMinus), Number(number.Together),
                    number.Seeds.ToString(CultureInfo.InvariantCulture), number.IsShown ? "yes" : "no"]));
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// A line per row (RFC 4180, but for line ends), with every column that any row has: two for each number, the second with <c>-plus-minus</c>, and
    /// <c>spread</c>, which says what that is; one for each word. Empty where there is none.
    /// </summary>
    public static string Csv(Comparison comparison)
    {
        var columns = ComparisonColumn.For(comparison.Rows);
        var text = new StringBuilder();
        void Row(IEnumerable<string> fields) => text.Append(CsvText.Line(fields));
        Row(["label", "run", "remedy", "rho", "seeds", "left-out", "k", "spread", .. columns.SelectMany(column => column.Word is null ? new[] { column.Key, column.Key + "-plus-minus" } : [column.Key])]);
        foreach (var row in comparison.Rows)
        {
            Row([
                row.Label, row.Run, row.Remedy ?? "", row.Rho, string.Join(' ', row.Seeds), string.Join("; ", row.LeftOut), $"{row.ImportanceDraws}",
                row.Seeds.Length switch { 0 => "", 1 => "standard error over data", _ => "95 % over seeds" },
                .. columns.SelectMany(column => column.Word is { } word ? [word(row) ?? ""] : new[] { Number(column.Of(row).Value), Number(column.Of(row).PlusMinus) })]);
        }

        return text.ToString();
    }

    private static IReadOnlyList<ComparisonColumn> Numbers(IEnumerable<ComparisonColumn> columns, RowDifferences differences) =>
        [.. columns.Where(column => differences.Rows.Any(row => row.Numbers.ContainsKey(column.Key)))];

    private static IEnumerable<string> Explanations(RowDifferences differences)
    {
        var seeds = differences.Rows.SelectMany(row => row.Numbers.Values).Select(number => number.Seeds).Distinct().Order().ToArray();
        if (seeds.Length == 0)
        {
            yield return "no row has a seed in common with it, so nothing can be said of differences";
            yield break;
        }

        yield return $"differences of the same seed ({string.Join(" or ", seeds)} in common): mean ± half of its 95 % confidence interval (Student t)";
        yield return differences.Rows.Count == 1 ? "x: shown, since the interval leaves out zero"
            : $"x: shown, since the interval leaves out zero also where those of all {differences.Rows.Count} rows hold together with 95 % (Bonferroni)";
        yield return "all others are not shown, which does not say that the two are equal";
    }

    private static IEnumerable<string> Explanations(Comparison comparison, int width) =>
    [
        .. comparison.Notes,
        $"nats per datum, on {comparison.EvaluatedOn.ToString("N0", CultureInfo.InvariantCulture)} held-out data of {comparison.Data}; sorted by {comparison.SortedBy}, best first",
        "objective: smoothed, as trained, no bound at rho below 1; ELBO: by the layers' KLs; joint ELBO and IW: from joint samples;",
        "IW bound: importance-weighted, its negative is at least the test NLL, and near it for large k only;",
        "AU: active units; s/model: a stack's time over its models",
        .. QuantityText.Lines(ComparisonColumn.Shown(comparison).Where(column => column.Legend is not null).DistinctBy(column => column.Legend, StringComparer.Ordinal)
            .Select(column => (column.Layer is { } layer ? column.Title.Replace($" z{layer + 1}", "", StringComparison.Ordinal) : column.Title, column.Legend!)), width),
    ];

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
