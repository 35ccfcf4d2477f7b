using Ornstein.Experiments.Figures;
using Ornstein.Studies.Numbers;
using ScottPlot;

namespace Ornstein.Studies.Report;

/// <summary>The figures of an experiment: a panel per cell.</summary>
internal static class StudyFigures
{
    private const string Rho = "horizontal: ρ (1: no smoothing, 0: full smoothing)";

    public static PanelFigure Kl(ExperimentNumbers numbers) => new(
        $"{numbers.Experiment}: KL of every layer over ρ", Rho + "; dashed: critical ρ of the top layer", "KL, nats per datum",
        [
            .. numbers.Cells.Select(cell => new Panel(
                ShortName(numbers, cell),
                [.. cell.Kl.Select((curve, layer) => Line(LayerName(cell, layer), FigureStyle.Layer(layer, cell.Layers), cell.Rhos, curve))],
                cell.Falls.LastOrDefault()?.Drop is { } drop ? [drop.Estimate] : [])),
        ],
        isLogarithmic: true);

    /// <summary>What the layers from the second tell of the data, in both parts of q.</summary>
    public static PanelFigure Information(ExperimentNumbers numbers) => new(
        $"{numbers.Experiment}: information of the layers over ρ", Rho + "; dashed: where information of the top layer begins", "I(x; z), nats",
        [
            .. numbers.Cells.Select(cell => new Panel(
                ShortName(numbers, cell),
                [
                    .. Enumerable.Range(1, cell.Layers - 1).SelectMany(layer => (PanelLine[])
                    [
                        Line($"{LayerName(cell, layer)} in means", FigureStyle.Layer(layer, cell.Layers), cell.Rhos, cell.MeanInformation[layer]),
                        Line($"{LayerName(cell, layer)} in widths", FigureStyle.Layer(layer, cell.Layers).Lighten(0.5), cell.Rhos, cell.WidthInformation[layer]),
                    ]),
                ],
                [.. cell.Codes.Where(code => code.Transition.Layer == cell.Layers).Select(code => code.Transition.Estimate).OfType<double>()])),
        ],
        followsBest: true);

    /// <summary>The top layers of all cells in one plot.</summary>
    public static PanelFigure TopKl(ExperimentNumbers numbers) => new(
        $"{numbers.Experiment}: KL of the top layer over ρ", Rho, "KL, nats per datum",
        [
            new Panel("top layer, a line per cell", [.. numbers.Cells.Select((cell, i) => Line(ShortName(numbers, cell), Shade(i, numbers.Cells.Length), cell.Rhos, cell.Kl[^1]))]),
        ],
        isLogarithmic: true);

    /// <summary>
    /// The same over the effective rho, which is the one with which exact smoothing does the same to a linear function. Null where all cells have the same
    /// number of draws, or where theory does not say.
    /// </summary>
    public static PanelFigure? EffectiveKl(ExperimentNumbers numbers) =>
        numbers.Cells.Select(cell => cell.Draws).Distinct().Count() < 2 || !Array.TrueForAll(numbers.Cells, cell => cell.EffectiveRhos is not null) ? null : new(
            $"{numbers.Experiment}: KL of the top layer over the effective ρ", "horizontal: effective ρ, with which exact smoothing does the same to a linear function", "KL, nats per datum",
            [
                new Panel(
                    "top layer, a line per cell",
                    [.. numbers.Cells.Select((cell, i) => Line($"{ShortName(numbers, cell)}, K = {cell.Draws}", Shade(i, numbers.Cells.Length), cell.EffectiveRhos!, cell.Kl[^1]))]),
            ],
            isLogarithmic: true);

    /// <summary>What the variance of the functions costs as trained, and what it would cost the same weights without smoothing.</summary>
    public static PanelFigure Variance(ExperimentNumbers numbers) => new(
        $"{numbers.Experiment}: variance part of the KL over ρ", Rho, "variance part, nats per datum",
        [
            .. numbers.Cells.Select(cell => new Panel(
                ShortName(numbers, cell),
                [
                    .. cell.Variance.SelectMany((curve, layer) => (PanelLine[])
                    [
                        Line($"z{layer + 1}, the same weights without smoothing", FigureStyle.Layer(layer, cell.Layers).Lighten(0.55), cell.Rhos, cell.UnsmoothedVariance[layer]),
                        Line($"z{layer + 1} as trained", FigureStyle.Layer(layer, cell.Layers), cell.Rhos, curve),
                    ]),
                ])),
        ],
        isLogarithmic: true);

    public static PanelFigure Bounds(ExperimentNumbers numbers) => new(
        $"{numbers.Experiment}: bounds on log p(x) over ρ", Rho, "nats per datum",
        [
            .. numbers.Cells.Select(cell => new Panel(
                ShortName(numbers, cell), [.. cell.Bounds.Select((bound, i) => Line(bound.Name, FigureStyle.Layer(i, 6), cell.Rhos, bound.Curve))])),
        ],
        followsBest: true);

    public static PanelFigure Training(ExperimentNumbers numbers)
    {
        // A rho has the same colour in every panel, and its place in the legend also where a cell does not have it.
        double[] rhos = [.. numbers.Cells.SelectMany(cell => cell.Training).Select(line => line.Rho).Distinct().Order()];
        PanelLine LineOf(CellNumbers cell, double rho)
        {
            var line = Array.Find(cell.Training, each => each.Rho == rho);
            return new($"ρ = {rho:0.####}", Shade(Array.IndexOf(rhos, rho), rhos.Length), [.. (line?.Epochs ?? []).Select(epoch => (double)epoch)], line?.TopKl ?? []);
        }

        return new(
            $"{numbers.Experiment}: KL of the top layer during training", "horizontal: epoch", "KL, nats per datum",
            [
                .. numbers.Cells.Select(cell => new Panel(ShortName(numbers, cell), [.. rhos.Select(rho => LineOf(cell, rho))])),
            ],
            isLogarithmic: true)
        {
            HasOwnHorizontal = true,
        };
    }

    /// <summary>What a cell has of its own among those of its experiment: of <c>mnist/L3/p</c> and <c>fashion/L3/p</c>, the data.</summary>
    internal static string ShortName(ExperimentNumbers numbers, CellNumbers cell)
    {
        string[] own = [.. cell.Parts.Where(part => numbers.Cells.Any(other => other.Parts.GetValueOrDefault(part.Key) != part.Value)).Select(part => part.Value)];
        return own.Length == 0 ? cell.Cell : string.Join('/', own);
    }

    private static string LayerName(CellNumbers cell, int layer) => layer == cell.Layers - 1 ? "top layer" : $"z{layer + 1}";

    private static PanelLine Line(string name, Color color, double[] rhos, SeedCurve curve) => new(name, color, rhos, curve.Median, curve.Least, curve.Greatest);

    private static Color Shade(int index, int count) => new ScottPlot.Colormaps.Viridis().GetColor(count == 1 ? 0.3 : 0.88 * index / (count - 1));
}
