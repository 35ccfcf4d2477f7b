using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>Information of the top layer against rho from both sides, and beside it the growth rate of the collapsed state with its zeros.</summary>
internal static class BranchFigure
{
    private static readonly Color _alive = Color.FromHex("#1f5fa8"), _collapsed = Color.FromHex("#d9772b"), _rate = Color.FromHex("#4a7c59"), _zero = Color.FromHex("#9a9a9a");

    /// <summary>Writes <c>branches.png</c> and <c>branches.svg</c> to a folder.</summary>
    public static void Write(string folder, BranchesResult result)
    {
        var figure = Of(result);
        var png = figure.Png();
        AtomicFile.Write(Path.Combine(folder, "branches.png"), stream => stream.Write(png));
        AtomicFile.WriteText(Path.Combine(folder, "branches.svg"), figure.Svg());
    }

    /// <summary>The figure.</summary>
    public static PanelFigure Of(BranchesResult result)
    {
        double[] rhos = [.. result.Points.Select(point => point.Rho).Distinct()];
        var seeds = result.Points.Select(point => point.Seed).Distinct().Count();
        return new PanelFigure(
            FigureText.Subtitle($"The top layer from both sides: {result.Data}", seeds == 1 ? ", 1 seed" : $", {seeds} seeds"),
            "ρ   (1: no smoothing, 0: full smoothing)", "",
            [
                new Panel(
                    $"I(x; {BranchWords.Layer(result)}), nats",
                    [Line(result, "begun alive", _alive, point => point.FromAlive), Line(result, "begun collapsed", _collapsed, point => point.FromCollapsed)]),
                new Panel(
                    "growth rate of the collapsed state, per epoch",
                    [new PanelLine("zero", _zero, rhos, new double[rhos.Length]), Line(result, "growth rate", _rate, point => point.Growth)],
                    [.. result.Stability.Seeds.Select(seed => seed.Rho).Where(double.IsFinite)]),
            ],
            followsBest: true);
    }

    private static PanelLine Line(BranchesResult result, string name, Color color, Func<BranchPoint, Estimate> of)
    {
        (double Rho, Spread Values)[] all = [.. result.Points.GroupBy(point => point.Rho).Select(points => (points.Key, Spread.Of(points.Select(point => of(point).Value))))];
        return new PanelLine(
            name, color, [.. all.Select(at => at.Rho)], [.. all.Select(at => at.Values.Mean)], [.. all.Select(at => at.Values.Least)], [.. all.Select(at => at.Values.Greatest)]);
    }
}
