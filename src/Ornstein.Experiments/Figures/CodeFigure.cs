using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Storage;
using ScottPlot;

namespace Ornstein.Experiments.Figures;

/// <summary>Information of every layer from the second against rho, in its means and in its widths, with the rhos at which each begins.</summary>
internal static class CodeFigure
{
    private static readonly Color _means = Color.FromHex("#1f5fa8"), _widths = Color.FromHex("#d9772b");

    /// <summary>Whether a result has what is drawn: several rhos, one remedy, and information.</summary>
    public static bool IsFor(PhaseResult result) => result.Codes is { Length: > 0 } codes && Array.Exists(codes, code => code.IsEverAlive)
        && result.Members.Select(member => member.Rho).Distinct().Count() > 1;

    /// <summary>Writes <c>codes.png</c> and <c>codes.svg</c> to a folder.</summary>
    public static void Write(string folder, PhaseResult result)
    {
        var figure = Of(result);
        var png = figure.Png();
        AtomicFile.Write(Path.Combine(folder, "codes.png"), stream => stream.Write(png));
        AtomicFile.WriteText(Path.Combine(folder, "codes.svg"), figure.Svg());
    }

    /// <summary>The figure.</summary>
    public static PanelFigure Of(PhaseResult result)
    {
        var layers = Enumerable.Range(2, result.Latents.Length - 1);
        Panel[] panels = [.. layers.Select(layer => new Panel(
            $"z{layer}{(layer == result.Latents.Length ? ", the top layer" : "")}",
            [Line(result, layer, "in its means", _means, member => member.MeanInformation), Line(result, layer, "in its widths", _widths, member => member.WidthInformation)],
            [.. result.Codes!.Where(code => code.Layer == layer).Select(code => code.Estimate ?? code.High).OfType<double>()]))];
        return new PanelFigure(
            FigureText.Subtitle($"What the layers tell of the data: {result.Data}", $", {PhaseWords.SeedsText(result)}"), "ρ   (1: no smoothing, 0: full smoothing)",
            "I(x; z), nats", panels, followsBest: true);
    }

    private static PanelLine Line(PhaseResult result, int layer, string name, Color color, Func<MemberResult, Estimate[]?> information)
    {
        var rhos = result.Members.Where(member => information(member) is not null).GroupBy(member => member.Rho).OrderBy(group => group.Key)
            .Select(group => (Rho: group.Key, Values: group.Select(member => information(member)![layer - 1]).Where(estimate => double.IsFinite(estimate.Value)).ToArray()))
            .Where(rho => rho.Values.Length > 0).ToArray();
        // An error of a hundred times what there is would leave no room for it.
        var most = 2 * result.Members.SelectMany(member => new[] { member.MeanInformation, member.WidthInformation }).OfType<Estimate[]>()
            .Select(parts => parts[layer - 1].Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        return new PanelLine(
            name, color, [.. rhos.Select(rho => rho.Rho)], [.. rhos.Select(rho => rho.Values.Average(estimate => estimate.Value))],
            [.. rhos.Select(rho => rho.Values.Min(QuantityText.Low))],
            [.. rhos.Select(rho => Math.Max(rho.Values.Max(estimate => estimate.Value), Math.Min(most, rho.Values.Max(QuantityText.High))))]);
    }
}
