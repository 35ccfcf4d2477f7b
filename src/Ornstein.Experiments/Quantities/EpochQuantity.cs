using Ornstein.Results;

namespace Ornstein.Experiments.Quantities;

/// <summary>A number that training tells of a model in every epoch: a column of CSV files, a curve of TensorBoard.</summary>
/// <param name="Key">Its name, such as <c>validation-kl-z1</c>.</param>
/// <param name="Of">Its value for a member, by its place in the stack; null where it was not measured.</param>
internal sealed record EpochQuantity(string Key, Func<EpochMetrics, int, double?> Of)
{
    /// <summary>Networks whose gradients were measured in one of some epochs, in their order.</summary>
    public static string[] Networks(IEnumerable<EpochMetrics> epochs) =>
        [.. epochs.SelectMany(epoch => epoch.Gradients ?? []).Select(gradient => gradient.Network).Distinct(StringComparer.Ordinal)];

    /// <summary>All of models of so many layers, nats per datum where nothing else is said.</summary>
    /// <param name="layers">Layers of the models.</param>
    /// <param name="networks">Networks whose gradients were measured.</param>
    public static IReadOnlyList<EpochQuantity> All(int layers, IReadOnlyCollection<string> networks) =>
    [
        new("learning-rate", (epoch, _) => epoch.LearningRate),
        new("objective", (epoch, member) => -epoch.Loss[member]),
        new("reconstruction", (epoch, member) => epoch.Reconstruction[member]),
        .. Kls("kl", layers, epoch => epoch.Kl),
        new("validation-objective", (epoch, member) => -epoch.Validation?[member]),
        .. Kls("validation-kl", layers, epoch => epoch.ValidationKl),
        .. networks.SelectMany(network => new[]
        {
            Gradient($"gradient-mean-{network}", network, moments => moments.SquaredMean),
            Gradient($"gradient-data-{network}", network, moments => moments.DataVariance),
            Gradient($"gradient-noise-{network}", network, moments => moments.NoiseVariance),
        }),
    ];

    /// <summary>Further ones, which comparisons do without: the bound of the unsmoothed model, what KLs weigh, skipped and clipped steps, speed.</summary>
    /// <param name="layers">Layers of the models.</param>
    public static IReadOnlyList<EpochQuantity> More(int layers) =>
    [
        new("validation-elbo", (epoch, member) => -epoch.ValidationElboLoss?[member]),
        .. Kls("kl-weight", layers, epoch => epoch.KlWeight),
        new("gradient-norm", (epoch, member) => epoch.GradientNorm?[member]),
        new("skipped-steps", (epoch, member) => epoch.Skipped?[member]),
        new("clipped-steps", (epoch, member) => epoch.Clipped?[member]),
        new("images-per-second", (epoch, _) => epoch.ImagesPerSecond),
    ];

    private static IEnumerable<EpochQuantity> Kls(string name, int layers, Func<EpochMetrics, double[][]?> of) =>
        Enumerable.Range(0, layers).Select(layer => new EpochQuantity($"{name}-z{layer + 1}", (epoch, member) => of(epoch) is { } kl && layer < kl.Length ? kl[layer][member] : null));

    private static EpochQuantity Gradient(string key, string network, Func<GradientMoments, double[]> of) =>
        new(key, (epoch, member) => epoch.Gradients?.FirstOrDefault(moments => moments.Network == network) is { } found ? of(found)[member] : null);
}
