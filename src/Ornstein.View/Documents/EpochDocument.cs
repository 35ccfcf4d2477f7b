using Ornstein.Experiments.Quantities;
using Ornstein.Results;

namespace Ornstein.View.Documents;

/// <summary>The curves of a stack: a number per epoch and model.</summary>
/// <param name="Of">Epochs that are done.</param>
/// <param name="Epochs">Those that are shown: all of few, every n-th of many, and always the last; none where none is as late as was asked for.</param>
/// <param name="Keys">Quantities that there are, such as <c>validation-kl-z1</c>.</param>
/// <param name="Key">The one that is told; null where there is none.</param>
/// <param name="Values">Its numbers, [models][epochs], null where there is none. Nats per datum.</param>
/// <param name="ImagesPerSecond">Speed over the last epoch; null before there is one.</param>
internal sealed record EpochDocument(int Of, int[] Epochs, string[] Keys, string? Key, double?[][] Values, double? ImagesPerSecond)
{
    /// <summary>Points of a curve at most.</summary>
    public const int MostPoints = 600;

    // The one that says most, where none is asked for.
    private static readonly string[] _first = ["validation-objective", "objective", "validation-elbo"];

    /// <summary>The curves of one quantity.</summary>
    /// <param name="epochs">The epochs.</param>
    /// <param name="key">The quantity; null, or one that there is not: the objective.</param>
    /// <param name="from">The first epoch that is shown.</param>
    public static EpochDocument From(IReadOnlyList<EpochMetrics> epochs, string? key, long from = 1)
    {
        if (epochs.Count == 0) return new EpochDocument(0, [], [], null, [], null);
        // What there is to choose from does not depend on where the curves begin.
        var (all, shown) = (Thinned([.. epochs]), Thinned([.. epochs.Where(epoch => epoch.Epoch >= from)]));
        var (layers, members) = (all[0].Kl.Length, all[0].Loss.Length);
        static double? Of(EpochQuantity quantity, EpochMetrics epoch, int member) => quantity.Of(epoch, member) is { } value && double.IsFinite(value) ? value : null;
        EpochQuantity[] there =
        [
            .. EpochQuantity.All(layers, []).Concat(EpochQuantity.More(layers))
                .Where(quantity => IsShown(quantity.Key) && Array.Exists(all, epoch => Enumerable.Range(0, members).Any(member => Of(quantity, epoch, member) is not null)))
                .OrderBy(quantity => (uint)Array.IndexOf(_first, quantity.Key)),
        ];
        var told = Array.Find(there, quantity => quantity.Key == key) ?? there.FirstOrDefault();
        return new EpochDocument(
            epochs[^1].Epoch, [.. shown.Select(epoch => epoch.Epoch)], [.. there.Select(quantity => quantity.Key)], told?.Key,
            told is null ? [] : [.. Enumerable.Range(0, members).Select(member => (double?[])[.. shown.Select(epoch => Of(told, epoch, member))])], epochs[^1].ImagesPerSecond);
    }

    private static EpochMetrics[] Thinned(EpochMetrics[] epochs)
    {
        var every = Math.Max(1, (epochs.Length + MostPoints - 1) / MostPoints);
        return [.. epochs.Where((_, i) => i % every == 0 || i == epochs.Length - 1)];
    }

    private static bool IsShown(string key) =>
        key is "objective" or "validation-objective" or "validation-elbo" || key.StartsWith("kl-z", StringComparison.Ordinal) || key.StartsWith("validation-kl-z", StringComparison.Ordinal);
}
