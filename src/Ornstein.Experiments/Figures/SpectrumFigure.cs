using Ornstein.Experiments.Tables;
using Ornstein.Results;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>The share of every mean function's energy above degree 1 against rho: of the network, and of what smoothing leaves of it.</summary>
internal static class SpectrumFigure
{
    public static byte[] Png(SpectrumResult result)
    {
        using Plot plot = Draw(result);
        return FigureStyle.Png(plot);
    }

    public static string Svg(SpectrumResult result)
    {
        using Plot plot = Draw(result);
        return FigureStyle.Svg(plot);
    }

    private static Plot Draw(SpectrumResult result)
    {
        // Where links or remedies differ, a rho is no place: every entry gets one of its own.
        bool several = RowNames.HasSeveral(result);
        bool isNumeric = !several && result.Rhos.All(entry => entry.RhoPerLink is null);
        string Label(SpectrumEntry entry) => RowNames.Text(several, RowNames.Label(entry), entry.Remedy);
        string[] labels = [.. result.Rhos.Select(Label).Distinct(StringComparer.Ordinal)];
        double At(SpectrumEntry entry) => isNumeric ? entry.Rho : Array.IndexOf(labels, Label(entry));
        IGrouping<string, SpectrumEntry>[] means =
            [.. result.Rhos.Where(entry => entry.Function.StartsWith("mu_p", StringComparison.Ordinal)).GroupBy(entry => entry.Function)];
        Plot plot = FigureStyle.NewPlot(
            "High-frequency energy of the functions between layers",
            FigureText.Subtitle(result.Data, ": share of variance above degree 1 of p's means; thick: smoothed, thin: the network itself"),
            isNumeric ? "ρ   (1: no smoothing, 0: full smoothing)" : several ? "ρ and remedy" : "ρ of every link, lowest first",
            "share above degree 1, percent");
        double[] x = [.. result.Rhos.Select(At).Distinct()];
        double left = x.Min(), right = x.Max(), span = right > left ? right - left : 1;
        double top = Math.Max(1, means.SelectMany(m => m).SelectMany(entry => new[] { Percent(entry.Raw), Percent(entry.Smoothed) })
            .Where(double.IsFinite).DefaultIfEmpty(1).Max());
        plot.Axes.SetLimits(left - 0.04 * span, right + 0.16 * span, -0.03 * top, 1.1 * top);

        var ends = new double[means.Length];
        for (int i = 0; i < means.Length; i++)
        {
            Color color = FigureStyle.Layer(i, result.Latents.Length);
            AddLine(plot, means[i], At, entry => entry.Raw, color, isSmoothed: false);
            AddLine(plot, means[i], At, entry => entry.Smoothed, color, isSmoothed: true);
            ends[i] = means[i].OrderBy(At).Select(entry => Percent(entry.Smoothed ?? entry.Raw)).LastOrDefault(double.IsFinite, 0);
        }

        double[] at = FigureStyle.Spread(ends, 0.055 * top, 0);
        for (int i = 0; i < means.Length; i++)
        {
            string name = means[i].Key.Replace("mu_p", "μp", StringComparison.Ordinal);
            FigureStyle.AddText(
                plot, name, right + 0.015 * span, at[i], FigureStyle.Layer(i, result.Latents.Length), Alignment.MiddleLeft, bold: true);
        }

        if (isNumeric && x.Length > 1)
        {
            FigureStyle.EndTicks(plot, right);
            return plot;
        }

        var ticks = new ScottPlot.TickGenerators.NumericManual();
        for (int i = 0; i < labels.Length; i++) ticks.AddMajor(isNumeric ? x[i] : i, labels[i]);
        plot.Axes.Bottom.TickGenerator = ticks;
        if (several) FigureStyle.SlantTicks(plot, labels);
        return plot;
    }

    private static void AddLine(
        Plot plot, IEnumerable<SpectrumEntry> entries, Func<SpectrumEntry, double> at, Func<SpectrumEntry, SpectrumEnergies?> energies,
        Color color, bool isSmoothed)
    {
        (double X, double Y, double Error)[] points =
        [
            .. entries.Select(entry => (at(entry), Percent(energies(entry)), 100 * (energies(entry)?.ShareAboveDegreeOne.StandardError ?? 0)))
                .Where(p => double.IsFinite(p.Item2)).OrderBy(p => p.Item1),
        ];
        if (points.Length == 0) return;
        double[] xs = [.. points.Select(p => p.X)], ys = [.. points.Select(p => p.Y)];
        // No dashes: Skia writes no dashed paths to SVG.
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(xs, ys, isSmoothed ? color : color.WithAlpha(.5));
        line.LineWidth = isSmoothed ? 3 : 1.8f;
        line.MarkerSize = isSmoothed ? 7 : 5;
        line.MarkerShape = isSmoothed ? MarkerShape.FilledCircle : MarkerShape.OpenCircle;
        ScottPlot.Plottables.ErrorBar bars =
            plot.Add.ErrorBar(xs, ys, [.. points.Select(p => double.IsFinite(p.Error) ? p.Error : 0)]);
        bars.Color = isSmoothed ? color : color.WithAlpha(.5);
    }

    private static double Percent(SpectrumEnergies? energies) => 100 * (energies?.ShareAboveDegreeOne.Value ?? double.NaN);
}
