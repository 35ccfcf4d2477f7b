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
        return text.Append('\n').ToString();
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

    private static IEnumerable<string> Explanations(Comparison comparison, int width) =>
    [
        .. comparison.Notes,
        $"nats per datum, on {comparison.EvaluatedOn.ToString("N0", CultureInfo.InvariantCulture)} held-out data of {comparison.Data}; sorted by {comparison.SortedBy}, best first",
        "objective: smoothed, as trained, no bound at rho below 1; ELBO: by the layers' KLs; joint ELBO and IW: from joint samples;",
        "IW bound: importance-weighted, its negative estimates the test NLL; AU: active units; s/model: a stack's time over its models",
        .. QuantityText.Lines(ComparisonColumn.Shown(comparison).Where(column => column.Legend is not null).DistinctBy(column => column.Legend, StringComparer.Ordinal)
            .Select(column => (column.Layer is { } layer ? column.Title.Replace($" z{layer + 1}", "", StringComparison.Ordinal) : column.Title, column.Legend!)), width),
    ];

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
