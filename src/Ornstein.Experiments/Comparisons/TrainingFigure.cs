using Ornstein.Experiments.Figures;
using ScottPlot;

namespace Ornstein.Experiments.Comparisons;

/// <summary>How the trainings of a comparison went: objective and KL of every layer over epochs, a line for each row, with the range over its seeds.</summary>
internal static class TrainingFigure
{
    // Of longer trainings so many epochs are drawn.
    private const int MostPoints = 400;

    /// <summary>The figure.</summary>
    /// <param name="comparison">The rows.</param>
    /// <param name="curves">Their curves, at least one.</param>
    public static PanelFigure Of(Comparison comparison, IReadOnlyList<TrainingCurve> curves)
    {
        TrainingCurve[][] rows = [.. curves.GroupBy(curve => curve.Row).Select(group => group.ToArray())];
        var isHeldOut = curves.All(curve => curve.Epochs[0].Validation is not null);
        Panel[] panels =
        [
            new(isHeldOut ? "objective, held-out training data" : "objective, batches or held-out", Lines(rows, (curve, epoch) => curve.Objective(epoch))) { ShowsEnds = true },
            .. Enumerable.Range(0, curves.Max(curve => curve.Row.Layers)).Select(layer =>
                new Panel($"KL of z{layer + 1}", Lines(rows, (curve, epoch) => curve.Kl(epoch, layer))) { ShowsEnds = true }),
        ];
        return new PanelFigure(FigureText.Subtitle("Training", $" on {comparison.Data}"), "epoch", "nats per datum", panels, followsBest: true);
    }

    /// <summary>The signal-to-noise ratios of the gradients of every network; null where a curve has none.</summary>
    /// <param name="comparison">The rows.</param>
    /// <param name="curves">Their curves, at least one.</param>
    public static PanelFigure? OfGradients(Comparison comparison, IReadOnlyList<TrainingCurve> curves)
    {
        if (curves.Any(curve => curve.Epochs.Any(epoch => epoch.Gradients is null))) return null;
        TrainingCurve[][] rows = [.. curves.GroupBy(curve => curve.Row).Select(group => group.ToArray())];
        Panel[] panels = [.. TrainingCurve.Networks(curves).Select(network => new Panel($"gradient of {network}", Lines(rows, (curve, epoch) => curve.SignalToNoise(epoch, network))))];
        return new PanelFigure(FigureText.Subtitle("Signal to noise of a step's gradient", $" on {comparison.Data}"), "epoch", "squared mean over variance", panels, isLogarithmic: true);
    }

    private static PanelLine[] Lines(TrainingCurve[][] rows, Func<TrainingCurve, Results.EpochMetrics, double> number)
    {
        var viridis = new ScottPlot.Colormaps.Viridis();
        return [.. rows.Select((row, i) => Line(row, viridis.GetColor(rows.Length == 1 ? 0.3 : 0.88 * i / (rows.Length - 1)), number))];
    }

    // Seeds of one row have trained equally long.
    private static PanelLine Line(TrainingCurve[] seeds, Color color, Func<TrainingCurve, Results.EpochMetrics, double> number)
    {
        var epochs = seeds[0].Epochs;
        var every = (epochs.Count + MostPoints - 1) / MostPoints;
        int[] places = [.. Enumerable.Range(0, epochs.Count).Where(i => (epochs.Count - 1 - i) % every == 0)];
        double[][] values = [.. places.Select(i => seeds.Select(seed => number(seed, seed.Epochs[i])).ToArray())];
        return new PanelLine(
            seeds[0].Row.Label, color, [.. places.Select(i => (double)epochs[i].Epoch)], [.. values.Select(value => value.Average())],
            seeds.Length > 1 ? [.. values.Select(value => value.Min())] : null, seeds.Length > 1 ? [.. values.Select(value => value.Max())] : null);
    }
}
