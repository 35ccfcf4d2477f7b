using Ornstein.Experiments.Tables;
using Ornstein.Results;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>KL of the top layer against rho on a logarithmic scale, a line per remedy: which of them keep it alive, and where.</summary>
internal static class RemedyFigure
{
    private const string None = "none";
    private const float LongestName = 260;

    /// <summary>Whether a result is better drawn so: several remedies at several rhos, each a number.</summary>
    public static bool IsFor(PhaseResult result) =>
        RhoSummary.HasSeveralRemedies(result) && result.Members.All(member => member.RhoPerLink is null)
        && result.Members.Select(member => member.Rho).Distinct().Count() > 1;

    public static Plot Draw(PhaseResult result)
    {
        (string Name, RhoSummary[] Rows)[] lines =
        [
            .. RhoSummary.Of(result).GroupBy(row => row.Remedy ?? None, StringComparer.Ordinal)
                .Select(group => (FigureText.Fit(group.Key, 16, LongestName, bold: true), group.OrderBy(row => row.Rho).ToArray())),
        ];
        int layer = result.Latents.Length - 1;
        Plot plot = FigureStyle.NewPlot(
            $"KL of the top layer, z{layer + 1}, against the smoothing parameter ρ",
            FigureText.Subtitle(result.Data, $", {PhaseWords.SeedsText(result)}, a line per remedy"
                + (PhaseWords.Seeds(result) > 1 ? ": mean (line), single models (dots)" : "")),
            "ρ   (1: no smoothing, 0: full smoothing)",
            "KL, nats per datum");
        double[] rhos = [.. result.Members.Select(member => member.Rho).Distinct().Order()];
        double top = 0.5 + Math.Log10(Math.Max(1, result.Members.Select(member => member.Kl[layer]).Where(double.IsFinite).DefaultIfEmpty(1).Max()));
        double bottom = Math.Log10(PhaseFigure.Floor), left = rhos[0], right = rhos[^1], span = right - left;
        // As much room as the longest name asks for, at most a third of the width.
        double names = Math.Min(0.5, 0.03 + 0.017 * lines.Max(line => line.Name.Length));
        plot.Axes.SetLimits(left - 0.04 * span, right + names * span, bottom - 0.12, top);
        PhaseFigure.AddThreshold(plot, result.CollapseThreshold, left - 0.035 * span);

        var viridis = new ScottPlot.Colormaps.Viridis();
        double[] ends = [.. lines.Select(line => Log(line.Rows.Select(row => row.Kl(layer).Mean).LastOrDefault(double.IsFinite, 0)))];
        double[] at = FigureStyle.Spread(ends, 0.055 * (top - bottom), bottom);
        for (int i = 0; i < lines.Length; i++)
        {
            Color color = viridis.GetColor(lines.Length == 1 ? 0.3 : 0.88 * i / (lines.Length - 1));
            RhoSummary[] rows = [.. lines[i].Rows.Where(row => double.IsFinite(row.Kl(layer).Mean))];
            double[] x = [.. rows.Select(row => row.Rho)], y = [.. rows.Select(row => Log(row.Kl(layer).Mean))];
            if (x.Length > 0) plot.Add.ScatterLine(x, y, color).LineWidth = 3;
            Coordinates[] members = [.. rows.SelectMany(row => row.Finished.Select(member => new Coordinates(row.Rho, Log(member.Kl[layer]))))];
            plot.Add.Markers(members, MarkerShape.FilledCircle, 7, color);
            FigureStyle.AddText(plot, lines[i].Name, right + 0.02 * span, at[i], color, Alignment.MiddleLeft, bold: true);
        }

        PhaseFigure.AddDecades(plot, top);
        FigureStyle.EndTicks(plot, right);
        return plot;
    }

    private static double Log(double nats) => Math.Log10(Math.Max(PhaseFigure.Floor, nats));
}
