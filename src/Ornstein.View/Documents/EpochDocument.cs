using Ornstein.Experiments.Quantities;
using Ornstein.Results;

namespace Ornstein.View.Documents;

/// <summary>The curves of a stack: a number per epoch and model.</summary>
/// <param name="Of">Epochs that are done.</param>
/// <param name="Epochs">Those that are shown: all of few, every n-th of many, and always the last.</param>
/// <param name="Series">By quantity, such as <c>validation-kl-z1</c>: [models][epochs], null where there is no number. Nats per datum.</param>
/// <param name="ImagesPerSecond">Speed over the last epoch; null before there is one.</param>
internal sealed record EpochDocument(int Of, int[] Epochs, IReadOnlyDictionary<string, double?[][]> Series, double? ImagesPerSecond)
{
    /// <summary>Points of a curve at most.</summary>
    public const int MostPoints = 600;

    public static EpochDocument From(IReadOnlyList<EpochMetrics> epochs)
    {
        if (epochs.Count == 0) return new EpochDocument(0, [], new Dictionary<string, double?[][]>(StringComparer.Ordinal), null);
        var every = (epochs.Count + MostPoints - 1) / MostPoints;
        EpochMetrics[] shown = [.. epochs.Where((_, i) => i % every == 0 || i == epochs.Count - 1)];
        var (layers, members) = (shown[0].Kl.Length, shown[0].Loss.Length);
        double?[] Values(EpochQuantity quantity, int member) => [.. shown.Select(epoch => quantity.Of(epoch, member) is { } value && double.IsFinite(value) ? value : (double?)null)];
        var quantities = EpochQuantity.All(layers, []).Concat(EpochQuantity.More(layers)).Where(quantity => IsShown(quantity.Key))
            .Select(quantity => (quantity.Key, Values: (double?[][])[.. Enumerable.Range(0, members).Select(member => Values(quantity, member))]))
            .Where(series => Array.Exists(series.Values, values => Array.Exists(values, value => value is not null)));
        return new EpochDocument(epochs[^1].Epoch, [.. shown.Select(epoch => epoch.Epoch)], quantities.ToDictionary(series => series.Key, series => series.Values, StringComparer.Ordinal), epochs[^1].ImagesPerSecond);
    }

    private static bool IsShown(string key) =>
        key is "objective" or "validation-objective" or "validation-elbo" || key.StartsWith("kl-z", StringComparison.Ordinal) || key.StartsWith("validation-kl-z", StringComparison.Ordinal);
}
