using System.Text;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Comparisons;

/// <summary>How the training of one model of a row went.</summary>
/// <param name="Row">The row.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Epochs">What its stack wrote of every epoch.</param>
/// <param name="Place">Which member of the stack it is.</param>
internal sealed record TrainingCurve(ComparisonRow Row, long Seed, IReadOnlyList<EpochMetrics> Epochs, int Place)
{
    /// <summary>The curves of a comparison, row by row; models without one are left out.</summary>
    /// <param name="comparison">The rows.</param>
    /// <param name="runs">What they were made of.</param>
    /// <exception cref="OrnsteinException">A <c>metrics.jsonl</c> is damaged.</exception>
    public static IReadOnlyList<TrainingCurve> Of(Comparison comparison, IReadOnlyList<ComparedRun> runs)
    {
        var (logs, curves) = (new Dictionary<string, IReadOnlyList<EpochMetrics>>(StringComparer.Ordinal), new List<TrainingCurve>());
        foreach (var row in comparison.Rows)
        {
            var run = runs.First(each => each.Path == row.Run);
            foreach (var member in run.Result.Members.Where(each => each.IsOk && each.Remedy == row.Remedy && RhoSummary.LabelOf(each) == row.Rho))
            {
                var stack = run.StackOf(member);
                if (!logs.TryGetValue(stack.Metrics, out var epochs)) logs.Add(stack.Metrics, epochs = MetricsLog.Read(stack.Metrics, RunPlan.Members(stack.Settings).Count));
                if (stack.PlaceOf(member) is { } place && epochs.Count > 0) curves.Add(new TrainingCurve(row, member.Seed, epochs, place));
            }
        }

        return curves;
    }

    /// <summary>The smoothed objective of an epoch: on validation data where there are any, else the mean over its batches. Nats per datum.</summary>
    public double Objective(EpochMetrics epoch) => -(epoch.Validation ?? epoch.Loss)[Place];

    /// <summary>KL of a layer, z1 first, on the same data; NaN where the model has fewer layers.</summary>
    public double Kl(EpochMetrics epoch, int layer)
    {
        var kl = epoch.ValidationKl ?? epoch.Kl;
        return layer < kl.Length ? kl[layer][Place] : double.NaN;
    }

    /// <summary>Networks whose gradients were measured in one of some curves, in their order.</summary>
    public static string[] Networks(IEnumerable<TrainingCurve> curves) =>
        EpochQuantity.Networks(curves.SelectMany(curve => curve.Epochs));

    /// <summary>Signal-to-noise ratio of a network's gradient in an epoch; NaN where it was not measured, or came out without one.</summary>
    public double SignalToNoise(EpochMetrics epoch, string network) => GradientOf(epoch, network)?.SignalToNoise[Place] ?? double.NaN;

    /// <summary>A line for every epoch of every model, nats per datum; empty where there is no number.</summary>
    public static string Csv(IReadOnlyList<TrainingCurve> curves)
    {
        var layers = curves.Max(curve => curve.Row.Layers);
        var text = new StringBuilder();
        void Line(IEnumerable<string> fields) => text.Append(CsvText.Line(fields));
        var quantities = EpochQuantity.All(layers, Networks(curves));
        Line(["label", "run", "seed", "epoch", "step", .. quantities.Select(quantity => quantity.Key)]);
        foreach (var (row, seed, epochs, place) in curves)
        {
            foreach (var epoch in epochs)
            {
                Line([row.Label, row.Run, $"{seed}", $"{epoch.Epoch}", $"{epoch.Step}", .. quantities.Select(quantity => CsvText.Number(quantity.Of(epoch, place)))]);
            }
        }

        return text.ToString();
    }

    private static GradientMoments? GradientOf(EpochMetrics epoch, string network) => epoch.Gradients?.FirstOrDefault(gradient => gradient.Network == network);
}
