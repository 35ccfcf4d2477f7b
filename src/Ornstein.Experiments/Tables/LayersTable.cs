using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>The diagnosis of every layer as text: a row per rho, remedy and layer, means over seeds.</summary>
internal static class LayersTable
{
    public static void Write(EvaluationResult result, TextWriter output)
    {
        ModelEvaluation[][] groups =
        [
            .. result.Models.Where(model => model.Layers.Length > 0).GroupBy(model => (Label(model), model.Remedy))
                .Select(group => group.ToArray()),
        ];
        if (groups.Length == 0) return;
        var several = RowNames.HasSeveral(result.Models.Select(model => model.Remedy));
        string[] head = [.. RowNames.Head(several), "layer", "KL", "units", "I(x; z)", "means", "widths", "nll from", "ELBO from", "skip-ELBO", "kNN", "linear",
            "verdict"];
        Table.Write(output, head, groups.SelectMany(models => Rows(models, several)));
        output.WriteLine();
        var chance = result.ChanceAccuracy is { } accuracy ? $" (chance {Percent(accuracy.Value)})" : "";
        output.WriteLine("mean over seeds, nats per datum, unsmoothed model; standard errors with --json; all of it: docs/evaluation.md");
        output.WriteLine("units: active in means and in widths, of all. I(x; z): between the bounds on mutual information under q, of which the");
        output.WriteLine($"lower is at most ln {result.InformationOn} = {Number(Math.Log(result.InformationOn))}; means, widths: what of it lies in q's "
            + "means and in its widths. nll from: of");
        output.WriteLine("reconstructions with this layer and those above from q, the rest from p; ELBO from: its bound. skip-ELBO: this layer and");
        output.WriteLine($"those below from q, the rest from p's prior, a bound too. kNN, linear: labels read from samples of q{chance}");
        foreach (var reason in groups.SelectMany(models => models)
            .SelectMany(model => new[]
            {
                ("units, I(x; z) and verdict", model.InformationReason), ("skip-ELBO", model.SkipElboReason), ("kNN and linear", model.ProbesReason),
            })
            .Where(pair => pair.Item2 is not null).Distinct())
        {
            output.WriteLine($"no {reason.Item1}: {reason.Item2}");
        }
    }

    private static IEnumerable<string[]> Rows(ModelEvaluation[] models, bool several)
    {
        var names = RowNames.Cells(several, Label(models[0]), models[0].Remedy);
        string[] blank = [.. names.Select(_ => "")];
        foreach (var (i, layer) in models[0].Layers.Index())
        {
            LayerEvaluation[] layers = [.. models.Select(model => model.Layers[i])];
            string Mean(Func<LayerEvaluation, double?> number) => Number(Average(layers, number));
            string Nats(Func<LayerEvaluation, double?> number) => Average(layers, number) is var nats && double.IsFinite(nats) ? TableNumber.Text(nats, "0.000") : "-";
            string Share(Func<LayerEvaluation, double?> number) => Percent(Average(layers, number));
            yield return
            [
                .. i == 0 ? names : blank,
                $"z{layer.Layer}",
                TableNumber.Text(Average(layers, l => l.Kl.Value), "0.000"),
                layer.ActiveUnits is null ? "-" : $"{Units(layers, l => l.ActiveUnits![0].Units)} {Units(layers, l => l.WidthActiveUnits)}/{layer.Units}",
                layer.Information is null ? "-" : $"{Mean(l => l.Information?.Lower.Value)} to {Mean(l => l.Information?.Upper().Value)}",
                Nats(l => l.MeanInformation?.Value),
                Nats(l => l.WidthInformation?.Value),
                Mean(l => l.ReconstructionFrom.Value),
                Mean(l => l.ElboFrom.Value),
                Mean(l => l.SkipElbo?.Value),
                Share(l => l.Probes?.NearestNeighbours.Value),
                Share(l => l.Probes?.Linear.Value),
                Verdict(layers),
            ];
        }

        yield return [.. blank, "prior", "", "", "", "", "", Number(models.Average(model => model.FromPrior.Value)), "", "", "", "", ""];
    }

    private static string Verdict(LayerEvaluation[] layers) =>
        layers.Select(layer => layer.Verdict).Distinct().Count() > 1 ? "seeds differ" : layers[0].Verdict?.Word() ?? "-";

    private static string Units(LayerEvaluation[] layers, Func<LayerEvaluation, int?> units) =>
        TableNumber.Text(layers.Average(layer => units(layer) ?? double.NaN), "0.#");

    private static double Average(LayerEvaluation[] layers, Func<LayerEvaluation, double?> number) =>
        layers.Select(layer => number(layer) ?? double.NaN).Average();

    private static string Label(ModelEvaluation model) => string.Join(':', (model.RhoPerLink ?? [model.Rho]).Select(PhaseWords.Number));

    private static string Number(double value) =>
        double.IsFinite(value) ? TableNumber.Text(value, Math.Abs(value) < 10 ? "0.00" : "0.0") : "-";

    private static string Percent(double value) =>
        double.IsFinite(value) ? TableNumber.Text(100 * value, "0") + "%" : "-";
}
