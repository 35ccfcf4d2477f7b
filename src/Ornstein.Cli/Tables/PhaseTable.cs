using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Spectre.Console;

namespace Ornstein.Cli.Tables;

/// <summary>The result of a run as text: a row per rho (and remedy, where there are several), and where the top layer collapses.</summary>
internal static class PhaseTable
{
    private const int WidthOfAPipe = 100;

    /// <summary>Writes the table to standard output, or to the screen that it is.</summary>
    public static void Write(PhaseResult result, string? runFolder, TextWriter output) => Write(result, runFolder, output, styled: !Console.IsOutputRedirected);

    /// <summary>Writes the table; <paramref name="styled"/> allows bold text.</summary>
    public static void Write(PhaseResult result, string? runFolder, TextWriter output, bool styled)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = styled ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = styled ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        int width = ScreenWriter.ColumnsOf(output) ?? WidthOfAPipe;
        console.Profile.Capabilities.Unicode = true;

        IReadOnlyList<RhoSummary> rows = RhoSummary.Of(result);
        Column[] ColumnsOf(Quantity quantity) => !quantity.IsPerLayer ? [new(quantity.Title, r => Short(r.Of(quantity)))]
            : quantity.IsJoined ? [new(quantity.LongHeading ?? quantity.Title, r => r.Joined(quantity, " "))]
            : [.. Enumerable.Range(0, result.Latents.Length).Select(i => new Column(quantity.TitleOf(i), r => Short(r.Of(quantity, i))))];
        IReadOnlyList<Quantity> summary = KnownQuantities.SummaryOf(result);
        Column[] bounds = [.. summary.Where(quantity => !quantity.IsPerLayer).SelectMany(ColumnsOf)];
        Column[] layers = [.. summary.Where(quantity => quantity.IsPerLayer).SelectMany(ColumnsOf)];
        int top = result.Latents.Length - 1;
        Quantity[] parts = [KnownQuantities.Information, KnownQuantities.MeanInformation, KnownQuantities.WidthInformation];
        Column[] information = result.Members.All(member => member.Verdicts is null) ? [] :
        [
            .. parts.Select((quantity, i) => new Column(i == 0 ? $"I(x; z{top + 1})" : quantity.Heading, r => r.Text(quantity, top).Replace(" ± ", "±"))),
            new($"verdict z{top + 1}", r => r.Verdict(top)),
        ];
        IReadOnlyList<Quantity> measures = KnownQuantities.OwnOf(result);
        Column[] own = [.. measures.SelectMany(ColumnsOf)];
        Column[] all = [.. bounds, .. layers, .. information, .. own];
        Column[][] tables = WidthOf(all, rows) <= width ? [all]
            : [.. Split(bounds, rows, width), .. Split(layers, rows, width), .. Split(information, rows, width), .. Split(own, rows, width)];
        foreach (Column[] table in tables)
        {
            using var text = new StringWriter();
            console.Profile.Out = new AnsiConsoleOutput(text);
            // Wide enough that nothing is cut or folded, but for a column that a screen has no room for by itself.
            bool isWhole = WidthOf(table, rows) <= width || ScreenWriter.ColumnsOf(output) is null;
            console.Profile.Width = isWhole ? 1000 : width;
            console.Write(Table(table, rows, isWhole));
            // The frame leaves an empty line above and below. Letters that make it bold have no width.
            output.Write(text.ToString().Trim('\r', '\n') + Environment.NewLine);
            output.WriteLine();
        }

        output.WriteLine($"{PhaseWords.Spreads(result)}, nats per datum, "
            + $"on {PhaseWords.Count(result.EvaluatedOn)} held-out data of {PrintableText.Of(result.Data)}");
        output.WriteLine("objective: smoothed, as trained, no bound at rho below 1; ELBO: true bound of the unsmoothed model");
        if (information.Length > 0)
        {
            output.WriteLine($"I(x; z{top + 1}): what the top layer tells about x, in means and widths of q (docs/evaluation.md)");
            if (rows.Any(row => parts.Any(part => row.Range(part, top) is not null))) output.WriteLine("a range: of all seeds, with the errors of measuring, where these are more than a fifth of the value");
        }

        foreach (string line in QuantityText.Lines(measures.Select(quantity => (quantity.Title, quantity.Explanation)), width)) output.WriteLine(PrintableText.Of(line));
        foreach (string line in measures.SelectMany(quantity => quantity.Reasons(result))) output.WriteLine(PrintableText.Of(line));
        foreach (string reason in result.Members.Select(member => member.InformationReason).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            output.WriteLine($"no information and no verdict: {reason}");
        }

        foreach (string diverged in PhaseWords.Diverged(result)) output.WriteLine(diverged);
        output.WriteLine();
        if (PhaseWords.AsksForCritical(result))
        {
            if (PhaseWords.TopCode(result) is { } code) output.WriteLine(code);
            foreach (string line in PhaseWords.Codes(result)) output.WriteLine("  " + line);
            output.WriteLine(PhaseWords.Critical(result));
            foreach (string detail in PhaseWords.Details(result)) output.WriteLine(detail);
        }

        if (runFolder is not null) output.WriteLine($"run folder: {PrintableText.Of(runFolder)}");
    }

    private static Spectre.Console.Table Table(Column[] columns, IReadOnlyList<RhoSummary> rows, bool isWhole)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.Simple, UseSafeBorder = false };
        table.AddColumn(new TableColumn("[bold]rho[/]") { NoWrap = isWhole, Padding = new Padding(0, 0, 1, 0) }.RightAligned());
        if (HasRemedies(rows)) table.AddColumn(new TableColumn("[bold]remedy[/]") { NoWrap = isWhole, Padding = new Padding(1, 0, 1, 0) });
        foreach (Column column in columns)
        {
            string title = $"[bold]{Markup.Escape(column.Title)}[/]";
            table.AddColumn(new TableColumn(title) { NoWrap = isWhole, Padding = new Padding(1, 0, 0, 0) }.RightAligned());
        }

        foreach (RhoSummary row in rows)
        {
            table.AddRow([.. row.Names.Select(name => new Text(name)), .. columns.Select(c => new Text(c.Text(row)))]);
        }

        return table;
    }

    /// <summary>Layers over as many tables as the width asks for.</summary>
    private static IEnumerable<Column[]> Split(Column[] columns, IReadOnlyList<RhoSummary> rows, int width)
    {
        var current = new List<Column>();
        foreach (Column column in columns)
        {
            if (current.Count > 0 && WidthOf([.. current, column], rows) > width)
            {
                yield return [.. current];
                current.Clear();
            }

            current.Add(column);
        }

        if (current.Count > 0) yield return [.. current];
    }

    private static int WidthOf(IEnumerable<Column> columns, IReadOnlyList<RhoSummary> rows) =>
        columns.Sum(c => rows.Select(r => c.Text(r).Length).Append(c.Title.Length).Max() + 2)
        + rows.Select(r => r.Label.Length).Append(3).Max() + 3
        + (HasRemedies(rows) ? rows.Select(r => r.Names[^1].Length).Append(6).Max() + 2 : 0);

    private static bool HasRemedies(IReadOnlyList<RhoSummary> rows) => rows.Any(row => row.IsOneOfSeveralRemedies);

    private static string Short(Spread spread) => spread.ToString().Replace(" ± ", "±");

    private sealed record Column(string Title, Func<RhoSummary, string> Text);
}
