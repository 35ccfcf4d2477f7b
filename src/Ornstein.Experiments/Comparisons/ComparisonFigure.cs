using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Text;
using ScottPlot;

namespace Ornstein.Experiments.Comparisons;

/// <summary>The importance-weighted bound of every row with its interval, best on top, and beside it the KL of every layer.</summary>
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
        ComparisonRow[] all = [.. comparison.Rows.Where(row => double.IsFinite(row.ImportanceWeighted.Value)).OrderByDescending(row => row.ImportanceWeighted.Value)];
        ComparisonRow[] rows = all[..Math.Min(all.Length, MostRows)];
        string shown = all.Length > rows.Length ? $"; the best {rows.Length} of {all.Length}" : "";
        Plot plot = FigureStyle.NewPlot(
            "Importance-weighted bound and the KL of every layer",
            FigureText.Subtitle(comparison.Data, $": {Bars(rows)}{shown}; KLs in nats", SubtitleRoom),
            "importance-weighted bound on log p(x), nats per datum",
            "");
        plot.Grid.YAxisStyle.IsVisible = false; // it would strike the numbers through
        if (rows.Length == 0) return plot;

        double low = rows.Min(row => row.ImportanceWeighted.Value - Bar(row)), high = rows.Max(row => row.ImportanceWeighted.Value + Bar(row));
        double span = Math.Max(high - low, 0.1);
        int layers = rows.Max(row => row.Kl.Length);
        double column = span * 0.13, right = high + 0.06 * span;
        plot.Axes.SetLimits(low - 0.05 * span, right + layers * column, -rows.Length + 0.3, 0.9);
        for (int i = 0; i < rows.Length; i++) AddRow(plot, rows[i], -i);
        for (int layer = 0; layer < layers; layer++)
        {
            double x = right + (layer + 0.9) * column;
            // The colour is that of the layer in the deepest model: a shallower one's top layer stands in another column's place.
            Color color = FigureStyle.Layer(layer, layers);
            FigureStyle.AddText(plot, $"z{layer + 1}", x, 0.5, color, Alignment.MiddleRight, bold: true);
            for (int i = 0; i < rows.Length; i++)
            {
                if (layer < rows[i].Kl.Length) FigureStyle.AddText(plot, Nats(rows[i].Kl[layer].Value), x, -i, color, Alignment.MiddleRight);
            }
        }

        FigureStyle.EndTicks(plot, high + 0.03 * span);
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int i = 0; i < rows.Length; i++) ticks.AddMajor(-i, Short(rows[i].Label, Array.IndexOf(comparison.Rows, rows[i]) + 1));
        plot.Axes.Left.TickGenerator = ticks;
        return plot;
    }

    private static void AddRow(Plot plot, ComparisonRow row, double y)
    {
        var (value, bar) = (row.ImportanceWeighted.Value, Bar(row));
        bool isOverData = row.ImportanceWeighted.Spread == SpreadKind.DataError;
        if (bar > 0)
        {
            ScottPlot.Plottables.LinePlot line = plot.Add.Line(value - bar, y, value + bar, y);
            line.LineWidth = isOverData ? 1.5f : 3;
            line.Color = isOverData ? FigureStyle.Quiet : FigureStyle.Ink;
            line.MarkerSize = 0;
        }

        plot.Add.Marker(value, y, isOverData ? MarkerShape.OpenCircle : MarkerShape.FilledCircle, 11, FigureStyle.Ink);
    }

    private static string Bars(ComparisonRow[] rows)
    {
        string[] kinds = [.. rows.Select(row => row.ImportanceWeighted.Spread).Distinct().Order().Select(kind => kind switch
        {
            SpreadKind.Student95 => "95 % over seeds (Student t)",
            SpreadKind.DataError => "error over data, one seed (thin)",
            _ => "no interval",
        })];
        return string.Join(" or ", kinds);
    }

    private static double Bar(ComparisonRow row) => double.IsFinite(row.ImportanceWeighted.PlusMinus) ? row.ImportanceWeighted.PlusMinus : 0;

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
