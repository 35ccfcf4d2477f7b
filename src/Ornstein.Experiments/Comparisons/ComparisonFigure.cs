using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Text;
using ScottPlot;

namespace Ornstein.Experiments.Comparisons;

/// <summary>
/// The importance-weighted bound of every row with its interval, best on top, and beside it the KL of every layer; of columns that were chosen the first with
/// its interval, and beside it the others.
/// </summary>
internal static class ComparisonFigure
{
    /// <summary>Rows that have room.</summary>
    private const int MostRows = 18;

    private const int LongestLabel = 44;

    private const float SubtitleRoom = 560;

    public static byte[] Png(Comparison comparison)
    {
        using Plot plot = Draw(comparison);
        return FigureStyle.Png(plot);
    }

    public static string Svg(Comparison comparison)
    {
        using Plot plot = Draw(comparison);
        return FigureStyle.Svg(plot);
    }

    private static Plot Draw(Comparison comparison)
    {
        var columns = ComparisonColumn.For(comparison.Rows);
        ComparisonColumn[] chosen = [.. ComparisonColumn.Shown(comparison).Where(column => column.Word is null)];
        bool isUsual = comparison.Columns is null || chosen.Length == 0;
        ComparisonColumn main = isUsual ? columns.First(column => column.Key == ComparisonColumn.Bound) : chosen[0];
        ComparisonColumn[] beside = isUsual ? [.. columns.Where(column => column.Key.StartsWith("kl-z", StringComparison.Ordinal))] : chosen[1..];
        ComparisonRow[] all = [.. main.Sort(comparison.Rows.Where(row => double.IsFinite(main.Of(row).Value)))];
        ComparisonRow[] rows = all[..Math.Min(all.Length, MostRows)];
        string shown = all.Length > rows.Length ? $"; the best {rows.Length} of {all.Length}" : "";
        Plot plot = FigureStyle.NewPlot(
            isUsual ? "Importance-weighted bound and the KL of every layer" : FigureText.Drawable(main.Title),
            FigureText.Subtitle(comparison.Data, $": {Bars(rows, main)}{shown}{(isUsual ? "; KLs in nats" : "")}", SubtitleRoom),
            isUsual ? "importance-weighted bound on log p(x), nats per datum" : FigureText.Drawable(main.Title),
            "");
        plot.Grid.YAxisStyle.IsVisible = false; // it would strike the numbers through
        if (rows.Length == 0) return plot;

        double low = rows.Min(row => main.Scale * main.Of(row).Value - Bar(row, main)), high = rows.Max(row => main.Scale * main.Of(row).Value + Bar(row, main));
        double span = Math.Max(high - low, 0.1);
        int layers = rows.Max(row => row.Layers);
        double right = high + 0.06 * span;
        // As wide as its longest text asks for, and for that of a KL at least.
        double[] ends = new double[beside.Length];
        double end = right;
        for (int i = 0; i < beside.Length; i++)
            end = ends[i] = end + span * 0.13 * Math.Max(1, rows.Select(row => Beside(beside[i], row).Length).Append(Heading(beside[i], isUsual).Length).Max() / 5.0);
        plot.Axes.SetLimits(low - 0.05 * span, end, -rows.Length + 0.3, 0.9);
        for (int i = 0; i < rows.Length; i++) AddRow(plot, rows[i], -i, main);
        for (int column = 0; column < beside.Length; column++)
        {
            double x = ends[column] - 0.013 * span;
            // The colour is that of the layer in the deepest model: a shallower one's top layer stands in another column's place.
            Color color = beside[column].Layer is { } layer ? FigureStyle.Layer(layer, layers) : FigureStyle.Ink;
            FigureStyle.AddText(plot, Heading(beside[column], isUsual), x, 0.5, color, Alignment.MiddleRight, bold: true);
            for (int i = 0; i < rows.Length; i++)
            {
                if (beside[column].Layer is not { } own || own < rows[i].Layers) FigureStyle.AddText(plot, Beside(beside[column], rows[i]), x, -i, color, Alignment.MiddleRight);
            }
        }

        FigureStyle.EndTicks(plot, high + 0.03 * span);
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int i = 0; i < rows.Length; i++) ticks.AddMajor(-i, Short(rows[i].Label, Array.IndexOf(comparison.Rows, rows[i]) + 1));
        plot.Axes.Left.TickGenerator = ticks;
        return plot;
    }

    private static void AddRow(Plot plot, ComparisonRow row, double y, ComparisonColumn main)
    {
        var (value, bar) = (main.Scale * main.Of(row).Value, Bar(row, main));
        bool isOverData = main.Of(row).Spread == SpreadKind.DataError;
        if (bar > 0)
        {
            ScottPlot.Plottables.LinePlot line = plot.Add.Line(value - bar, y, value + bar, y);
            line.LineWidth = isOverData ? 1.5f : 3;
            line.Color = isOverData ? FigureStyle.Quiet : FigureStyle.Ink;
            line.MarkerSize = 0;
        }

        plot.Add.Marker(value, y, isOverData ? MarkerShape.OpenCircle : MarkerShape.FilledCircle, 11, FigureStyle.Ink);
    }

    private static string Bars(ComparisonRow[] rows, ComparisonColumn main)
    {
        string[] kinds = [.. rows.Select(row => main.Of(row).Spread).Distinct().Order().Select(kind => kind switch
        {
            SpreadKind.Student95 => "95 % over seeds (Student t)",
            SpreadKind.DataError => "error over data, one seed (thin)",
            _ => "no interval",
        })];
        return string.Join(" or ", kinds);
    }

    private static double Bar(ComparisonRow row, ComparisonColumn main) => double.IsFinite(main.Of(row).PlusMinus) ? main.Scale * main.Of(row).PlusMinus : 0;

    private static string Heading(ComparisonColumn column, bool isUsual) => isUsual ? $"z{column.Layer + 1}" : FigureText.Drawable(column.Title);

    private static string Beside(ComparisonColumn column, ComparisonRow row) => Nats(column.Scale * column.Of(row).Value);

    // A long one with its number in the table; its end says as much as its beginning.
    private static string Short(string text, int number)
    {
        string label = FigureText.Drawable(text);
        if (label.Length <= LongestLabel) return label;
        string numbered = $"{number}: {label}";
        return numbered[..(LongestLabel / 3)] + "..." + numbered[^(LongestLabel - LongestLabel / 3 - 3)..];
    }

    private static string Nats(double value) =>
        double.IsFinite(value) ? TableNumber.Text(value, Math.Abs(value) >= 10 ? "0.0" : "0.00") : "-";
}
