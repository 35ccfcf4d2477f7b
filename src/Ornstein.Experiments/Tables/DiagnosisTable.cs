using System.Globalization;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>The shares of a run as text: a table per link, a row per rho and remedy, and the critical rhos predicted and measured.</summary>
internal static class DiagnosisTable
{
    public static void Write(DiagnosisResult result, TextWriter output)
    {
        var several = RowNames.HasSeveral(result.Members.Select(link => link.Remedy));
        foreach (var link in result.Members.GroupBy(link => link.Below.Layer))
        {
            var (below, above) = ($"z{link.Key}", $"z{link.Key + 1}");
            output.WriteLine($"{above} over {below} ({result.Latents[link.Key - 1]} units)");
            string[] head =
            [
                .. RowNames.Head(several), "effective", "widths", $"s of {below}", "median", "above", "linear", "onset", "tells", $"KL {above}", "rule",
                "measured",
            ];
            var rows = link.GroupBy(model => (Rho: Label(model), model.Remedy)).ToArray();
            Table.Write(output, head, rows.Select(row => Row(RowNames.Cells(several, row.Key.Rho, row.Key.Remedy), [.. row])), RowNames.Head(several).Length);
            foreach (var model in link.Where(model => model.Reason is not null))
            {
                var name = RowNames.Text(several, Label(model), model.Remedy);
                output.WriteLine($"rho {name}, seed {model.Seed.ToString(CultureInfo.InvariantCulture)}: {model.Reason}");
            }

            output.WriteLine();
        }

        if (CommonReason(result.Predictions) is { } common) output.WriteLine($"critical rhos: {common}");
        else WritePredictions(result.Predictions, output);
        output.WriteLine();
        var seeds = result.Members.Select(member => member.Seed).Distinct().Count();
        output.WriteLine("effective: rho with inner draws, for codes in means of the layer above; widths: the same for codes in its widths");
        ScreenWriter.WriteText(
            output,
            "s: share of signal in the code, along its largest principal direction; median: of its median unit;",
            "above: directions with s over effective rho; KL in nats");
        ScreenWriter.WriteText(
            output,
            "onset: effective rho below which a collapsed layer above grows, at least; linear: by linear read-outs alone;",
            "tells: share of the onset's code that tells of widths of the layer below, and not of its means");
        output.WriteLine("rule: active if the onset is above either effective rho; measured: the verdict of the run (docs/evaluation.md)"
            + (result.Members.All(link => link.Verdict is null) ? $", here by the KL alone: active from {Number(result.CollapseThreshold)} nats on" : ""));
        ScreenWriter.WriteText(output, [.. Trust(result)]);
        output.WriteLine(
            $"mean over {(seeds == 1 ? "1 seed" : $"{seeds} seeds")}, "
            + $"on {PhaseWords.Count(result.MeasuredOn)} held-out data of {PrintableText.Of(result.Data)}");
    }

    // Why there is no critical rho at all, where that is one reason.
    private static string? CommonReason(LayerPrediction[] predictions)
    {
        var reasons = predictions.SelectMany(p => new[] { p.FromCollapsedReason, p.FixedPointReason, p.MeasuredReason });
        return reasons.Distinct(StringComparer.Ordinal).ToArray() is [var one] ? one : null; // null where there is a number
    }

    private static void WritePredictions(LayerPrediction[] predictions, TextWriter output)
    {
        foreach (var prediction in predictions)
        {
            output.WriteLine($"critical rho of z{prediction.Layer}");
            var means = new CriterionPrediction
            {
                FromCollapsed = prediction.FromCollapsed,
                FromCollapsedReason = prediction.FromCollapsedReason,
                FixedPoint = prediction.FixedPoint,
                FixedPointReason = prediction.FixedPointReason,
            };
            WriteCriterion("codes in means", means, output);
            WriteCriterion("codes in widths", prediction.CodesInWidths, output);
            WriteCriterion("linear read-out", prediction.LinearReadOut, output);
            foreach (var code in new[] { prediction.MeasuredMeans, prediction.MeasuredWidths }.OfType<CodeTransition>())
                WriteRho(code.Part == CodePart.Means ? "measured, in its means" : "measured, in its widths", PhaseWords.Place(code), output);
            WriteRho("measured, where its KL ends", Text(prediction.Measured, prediction.MeasuredReason), output);
        }
    }

    private static void WriteCriterion(string code, CriterionPrediction? by, TextWriter output)
    {
        if (by is null) return;
        WriteRho($"{code}, from the highest rho", Text(by.FromCollapsed, by.FromCollapsedReason), output);
        if (by.FixedPoint is null && by.FixedPointReason == by.FromCollapsedReason) return; // said already
        WriteRho($"{code}, from the sweep", Text(by.FixedPoint, by.FixedPointReason), output);
    }

    private static void WriteRho(string what, string rho, TextWriter output) => ScreenWriter.WriteNamed(output, $"  {what,-38} ", rho);

    // How far the prediction is right, in figures of docs/diagnosis.md.
    private static IEnumerable<string> Trust(DiagnosisResult result)
    {
        if (result.IsLinear) return ["the models are linear: the prediction is exact at their optimum where layers fall continuously"];
        return
        [
            "the models are nonlinear: below the predicted rho a collapsed layer is unstable, as a rule first to codes in its widths.",
            "How fast it grows, and to what, is not predicted: it may be slow, and its KL small (docs/diagnosis.md)",
        ];
    }

    private static string[] Row(string[] names, LinkDiagnosis[] seeds)
    {
        LinkDiagnosis[] good = [.. seeds.Where(link => link.Below.Reason is null)];
        string Mean(IEnumerable<double> values) => Number(values.DefaultIfEmpty(double.NaN).Average());
        return
        [
            .. names,
            Mean(good.Where(link => link.EffectiveRho is not null).Select(link => link.EffectiveRho!.Value)),
            Mean(good.Where(link => link.EffectiveRhoOfWidths is not null).Select(link => link.EffectiveRhoOfWidths!.Value)),
            Mean(good.Select(link => link.Below.Largest)),
            Mean(good.Select(link => Median([.. link.Below.Units.Select(unit => unit.Value)]))),
            Mean(good.Where(link => link.DirectionsAboveRho is not null).Select(link => (double)link.DirectionsAboveRho!)),
            Mean(good.Select(link => link.Below.Onset.Value)),
            Onset(good),
            Mean(good.Select(link => link.Below.FirstCode).OfType<FirstCode>().Select(code => code.WidthShare)),
            Mean(good.Select(link => link.KlAbove)),
            Word(good.Select(link => link.PredictedActive)),
            Measured(good),
        ];
    }

    private static string Onset(LinkDiagnosis[] seeds)
    {
        Estimate[] onsets = [.. seeds.Select(link => link.Below.MomentOnset).OfType<Estimate>()];
        if (onsets.Length == 0) return "-";
        var error = Math.Sqrt(onsets.Sum(onset => onset.StandardError * onset.StandardError)) / onsets.Length;
        return $"{Number(onsets.Average(onset => onset.Value))} +- {Number(error)}";
    }

    // By what the layer tells of the data; by its KL where that was not measured.
    private static string Measured(LinkDiagnosis[] seeds)
    {
        LayerVerdict[] known = [.. seeds.Select(link => link.Verdict).OfType<LayerVerdict>().Distinct()];
        return known.Length switch { 0 => Word(seeds.Select(link => link.MeasuredActive)), 1 => known[0].Word(), _ => "seeds differ" };
    }

    private static string Word(IEnumerable<bool?> verdicts)
    {
        bool[] known = [.. verdicts.OfType<bool>()];
        if (known.Length == 0) return "-";
        return known.Distinct().Count() > 1 ? "seeds differ" : known[0] ? "active" : "collapsed";
    }

    private static string Text(PredictedRho? rho, string? reason) =>
        rho is null ? reason ?? "-" : $"{Number(rho.Estimate)} ({Number(rho.Low)} to {Number(rho.High)})";

    private static string Text(Drop? rho, string? reason) =>
        rho is null ? reason ?? "-" : $"{Number(rho.Estimate)} (between {Number(rho.Low)} and {Number(rho.High)})";

    private static string Label(LinkDiagnosis link) => string.Join(':', (link.RhoPerLink ?? [link.Rho]).Select(PhaseWords.Number));

    private static string Number(double value) =>
        double.IsFinite(value) ? TableNumber.Text(value, "0.###") : "-";

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? double.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
