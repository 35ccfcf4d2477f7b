using Ornstein.Experiments.Tables;
using Ornstein.Results;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>How the training went: the smoothed objective on held-out training data and the top layer's KL, a line per rho.</summary>
internal static class CurvesFigure
{
    public static byte[] Png(PhaseResult result, IReadOnlyList<EpochMetrics> records)
    {
        using Plot plot = Draw(result, records);
        return FigureStyle.Png(plot);
    }

    private static Plot Draw(PhaseResult result, IReadOnlyList<EpochMetrics> records)
    {
        Plot plot = FigureStyle.NewPlot(
            "Smoothed objective during training",
            FigureText.Subtitle(result.Data, $": mean over {PhaseWords.SeedsText(result)}, on held-out training data; a line per ρ"
                + (RhoSummary.HasSeveralRemedies(result) ? " and remedy" : "")),
            "epoch",
            "smoothed objective, nats per datum");
        IReadOnlyList<RhoSummary> rows = RhoSummary.Of(result);
        (RhoSummary Row, double[] X, double[] Y)[] lines =
            [.. rows.Select(row => Line(result, row, records)).Where(line => line.X.Length > 0)];
        if (lines.Length == 0) return plot;

        double right = lines.Max(l => l.X[^1]);
        double left = lines.Min(l => l.X[0]);
        // The first epochs fall far below the rest: the scale follows the later ones.
        double from = left + (right - left) * 0.15;
        double[] late = [.. lines.SelectMany(l => l.X.Zip(l.Y).Where(p => p.First >= from).Select(p => p.Second))];
        double low = late.Min(), high = late.Max();
        double height = Math.Max(1e-3, high - low);
        double span = Math.Max(1, right - left);
        double[] at = FigureStyle.Spread([.. lines.Select(l => l.Y[^1])], 0.055 * height);
        plot.Axes.SetLimits(
            left - 0.03 * span, right + 0.16 * span, Math.Min(low, at.Min()) - 0.06 * height, Math.Max(high, at.Max()) + 0.06 * height);
        var viridis = new ScottPlot.Colormaps.Viridis();
        for (int i = 0; i < lines.Length; i++)
        {
            Color color = viridis.GetColor(lines.Length == 1 ? 0.3 : 0.88 * i / (lines.Length - 1));
            plot.Add.ScatterLine(lines[i].X, lines[i].Y, color).LineWidth = 2.5f;
            FigureStyle.AddText(plot, $"ρ = {lines[i].Row.Name}", right + 0.02 * span, at[i], color, Alignment.MiddleLeft, bold: true);
        }

        FigureStyle.EndTicks(plot, right, integersOnly: true);
        return plot;
    }

    private static double Mean(double[] values, int[] members) =>
        Tables.Spread.Of(members.Where(i => i < values.Length).Select(i => values[i])).Mean;

    private static (RhoSummary Row, double[] X, double[] Y) Line(PhaseResult result, RhoSummary row, IReadOnlyList<EpochMetrics> records)
    {
        int[] members = [.. Enumerable.Range(0, result.Members.Length).Where(i => row.Members.Contains(result.Members[i]))];
        (double X, double Y)[] points =
        [
            .. records
                .Select(r => ((double)r.Epoch, -Mean(r.Validation ?? [], members)))
                .Where(p => !double.IsNaN(p.Item2)),
        ];
        return (row, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y)]);
    }
}
