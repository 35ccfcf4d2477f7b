using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Storage;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>
/// KL of every layer against rho on a logarithmic scale: where layers collapse. Of several remedies at several rhos that of the top layer
/// (<see cref="RemedyFigure"/>), at one rho a place per remedy.
/// </summary>
internal static class PhaseFigure
{
    /// <summary>Nats below which a KL is drawn at the lower edge: zero has no place on a logarithmic scale.</summary>
    public const double Floor = 1e-4;

    /// <summary>Writes <c>phase.png</c> and <c>phase.svg</c> to a folder.</summary>
    public static void Write(string folder, PhaseResult result)
    {
        byte[] png = Png(result);
        AtomicFile.Write(Path.Combine(folder, "phase.png"), stream => stream.Write(png));
        AtomicFile.WriteText(Path.Combine(folder, "phase.svg"), Svg(result));
    }

    public static byte[] Png(PhaseResult result)
    {
        using Plot plot = Draw(result);
        return FigureStyle.Png(plot);
    }

    public static string Svg(PhaseResult result)
    {
        using Plot plot = Draw(result);
        return FigureStyle.Svg(plot);
    }

    private static Plot Draw(PhaseResult result)
    {
        if (RemedyFigure.IsFor(result)) return RemedyFigure.Draw(result);
        IReadOnlyList<RhoSummary> rows = RhoSummary.Of(result);
        bool several = RhoSummary.HasSeveralRemedies(result);
        // Where links or remedies differ, a rho is no place: every entry gets one of its own.
        bool isNumeric = !several && result.Members.All(m => m.RhoPerLink is null);
        bool oneRho = several && rows.Select(row => row.Label).Distinct(StringComparer.Ordinal).Count() == 1;
        string remedyAxis = oneRho ? $"remedy, at ρ = {rows[0].Label}" : "ρ and remedy";
        string[] names = [.. rows.Select(row => oneRho ? row.Names[^1] : row.Name)];
        double[] x = [.. rows.Select((row, i) => isNumeric ? row.Rho : i)];
        int layers = result.Latents.Length;
        Plot plot = FigureStyle.NewPlot(
            several ? "KL of every layer with every remedy" : "KL of every layer against the smoothing parameter ρ",
            FigureText.Subtitle(result.Data, $", {PhaseWords.SeedsText(result)}"
                + (PhaseWords.Seeds(result) > 1 ? ": mean (line), least to greatest (band), single models (dots)" : "")),
            isNumeric ? "ρ   (1: no smoothing, 0: full smoothing)" : several ? remedyAxis : "ρ of every link, lowest first",
            "KL, nats per datum");

        // Room for a label above the highest line.
        double top = 0.75 + Math.Log10(Math.Max(1, result.Members.SelectMany(m => m.Kl).Where(double.IsFinite).DefaultIfEmpty(1).Max()));
        double bottom = Math.Log10(Floor);
        double left = x.Length == 0 ? 0 : x.Min();
        double right = x.Length == 0 ? 1 : x.Max();
        double span = right > left ? right - left : 1;
        plot.Axes.SetLimits(left - 0.04 * span, right + 0.12 * span, bottom - 0.12, top);

        if (isNumeric && result.CriticalRho is { } critical) AddCritical(plot, critical, top, 0.01 * span);
        if (isNumeric) AddLowerDrops(plot, result.Layers ?? [], layers);
        AddThreshold(plot, result.CollapseThreshold, left - 0.035 * span);
        for (int layer = 0; layer < layers; layer++) AddLayer(plot, rows, x, layer, FigureStyle.Layer(layer, layers));
        AddLayerNames(plot, rows, layers, right + 0.02 * span, 0.055 * (top - bottom));
        AddTicks(plot, names, x, isNumeric, top);
        return plot;
    }

    private static void AddLayer(Plot plot, IReadOnlyList<RhoSummary> rows, double[] x, int layer, Color color)
    {
        (double X, RhoSummary Row, Tables.Spread Kl)[] points =
        [
            .. rows.Select((row, i) => (x[i], row, row.Kl(layer))).Where(p => !double.IsNaN(p.Item3.Mean)).OrderBy(p => p.Item1),
        ];
        if (points.Length == 0) return;
        double[] at = [.. points.Select(p => p.X)];
        double[] means = [.. points.Select(p => Log(p.Kl.Mean))];
        ScottPlot.Plottables.FillY band =
            plot.Add.FillY(at, [.. points.Select(p => Log(p.Kl.Least))], [.. points.Select(p => Log(p.Kl.Greatest))]);
        band.FillColor = color.WithAlpha(.18);
        band.LineWidth = 0;
        band.MarkerSize = 0;
        ScottPlot.Plottables.Scatter mean = plot.Add.ScatterLine(at, means, color);
        mean.LineWidth = 3;
        Coordinates[] members = [.. points.SelectMany(p => p.Row.Finished.Select(m => new Coordinates(p.X, Log(m.Kl[layer]))))];
        plot.Add.Markers(members, MarkerShape.FilledCircle, 7, color);
    }

    /// <summary>Names at the right end of the lines, moved apart where lines meet.</summary>
    private static void AddLayerNames(Plot plot, IReadOnlyList<RhoSummary> rows, int layers, double x, double distance)
    {
        double[] ends = [.. Enumerable.Range(0, layers).Select(layer =>
            rows.OrderBy(r => r.Rho).Select(r => r.Kl(layer).Mean).LastOrDefault(double.IsFinite, Floor)).Select(Log)];
        double[] at = FigureStyle.Spread(ends, distance, Math.Log10(Floor));
        for (int layer = 0; layer < layers; layer++)
        {
            string name = $"z{layer + 1}" + (layers > 1 && layer == layers - 1 ? " (top)" : "");
            FigureStyle.AddText(plot, name, x, at[layer], FigureStyle.Layer(layer, layers), Alignment.MiddleLeft, bold: true);
        }
    }

    private static void AddCritical(Plot plot, CriticalRho critical, double top, double gap)
    {
        ScottPlot.Plottables.HorizontalSpan interval =
            plot.Add.HorizontalSpan(critical.Low, critical.High, FigureStyle.Quiet.WithAlpha(.13));
        interval.LineStyle.Width = 0;
        ScottPlot.Plottables.VerticalLine line = plot.Add.VerticalLine(critical.Estimate, 2, FigureStyle.Ink, LinePattern.Dashed);
        line.EnableAutoscale = false;
        bool isLate = critical.Estimate > 0.35;
        FigureStyle.AddText(
            plot,
            $"critical ρ = {PhaseWords.Number(critical.Estimate)}\n[{PhaseWords.Number(critical.Low)}, {PhaseWords.Number(critical.High)}]",
            isLate ? critical.Low - gap : critical.High + gap,
            top - 0.08,
            FigureStyle.Ink,
            isLate ? Alignment.UpperRight : Alignment.UpperLeft);
    }

    /// <summary>Where the layers below the top fall, each in its layer's colour.</summary>
    private static void AddLowerDrops(Plot plot, LayerCollapse[] collapses, int layers)
    {
        foreach (LayerCollapse collapse in collapses.Where(c => c.Layer < layers))
        {
            if (collapse.Drop is not { } drop) continue;
            ScottPlot.Plottables.VerticalLine line =
                plot.Add.VerticalLine(drop.Estimate, 1.5f, FigureStyle.Layer(collapse.Layer - 1, layers), LinePattern.Dashed);
            line.EnableAutoscale = false;
        }
    }

    /// <summary>The threshold of collapse, its name below the line's left end.</summary>
    public static void AddThreshold(Plot plot, double threshold, double left)
    {
        if (!(threshold > Floor)) return;
        ScottPlot.Plottables.HorizontalLine line =
            plot.Add.HorizontalLine(Math.Log10(threshold), 1.5f, FigureStyle.Quiet, LinePattern.Dotted);
        line.EnableAutoscale = false;
        FigureStyle.AddText(
            plot, $"threshold {TableNumber.Text(threshold, "0.####")}", left, Math.Log10(threshold) - 0.03, FigureStyle.Quiet, Alignment.UpperLeft);
    }

    private static void AddTicks(Plot plot, string[] names, double[] x, bool isNumeric, double top)
    {
        AddDecades(plot, top);
        if (isNumeric && x.Length > 1)
        {
            FigureStyle.EndTicks(plot, x.Max());
            return;
        }

        var horizontal = new ScottPlot.TickGenerators.NumericManual();
        for (int i = 0; i < x.Length; i++) horizontal.AddMajor(x[i], names[i]);
        plot.Axes.Bottom.TickGenerator = horizontal;
        FigureStyle.SlantTicks(plot, names);
    }

    /// <summary>Ticks of the vertical axis, whose lowest is <see cref="Floor"/>.</summary>
    public static void AddDecades(Plot plot, double top)
    {
        var vertical = new ScottPlot.TickGenerators.NumericManual();
        for (int decade = (int)Math.Log10(Floor); decade <= top - 0.3; decade++)
        {
            string text = TableNumber.Text(Math.Pow(10, decade), "0.####");
            vertical.AddMajor(decade, decade == (int)Math.Log10(Floor) ? $"≤ {text}" : text);
            for (int k = 2; k < 10; k++) vertical.AddMinor(decade + Math.Log10(k));
        }

        plot.Axes.Left.TickGenerator = vertical;
    }

    private static double Log(double nats) => Math.Log10(Math.Max(Floor, nats));
}
