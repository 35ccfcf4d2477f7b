using Ornstein.Models;
using Ornstein.Networks;
using Ornstein.Remedies;

namespace Ornstein.Bench.Compare;

/// <summary>A model or an objective that is compared beside the plain ones: a remedy of collapse.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Key">Its name in ratios.</param>
/// <param name="Model">The model with its remedy.</param>
internal sealed record Variant(string Group, string Key, BenchModel Model)
{
    // At the weights of PeerCheck some KLs of units are above it in every layer, and some below in the lower two.
    private const double FreeBitsNats = 0.06;

    // As in the preset of the ladder's paper; a step takes as long at any weight of the KLs.
    private const double WarmUpEpochs = 200;

    private static readonly BenchModel _small = BenchModel.Small, _ladder = With(BenchModel.Ladder, model => model with { Inference = InferenceKind.Ladder });

    /// <summary>Whose steps are timed. Ladders have the layers of the paper that brought them, all others those of the small model.</summary>
    public static IReadOnlyList<Variant> Training { get; } =
    [
        Of("iwae5", "Iwae5", _small, new Remedy { Importance = new ImportanceObjective { Samples = 5 } }),
        Of("iwae50", "Iwae50", _small, new Remedy { Importance = new ImportanceObjective { Samples = 50 } }),
        Of("dreg5", "Dreg5", _small, new Remedy
        {
            Importance = new ImportanceObjective { Samples = 5, Gradient = ImportanceGradient.DoublyReparameterized },
        }),
        Of("free-bits", "FreeBits", _small, new Remedy { FreeBits = new FreeBits { Nats = FreeBitsNats } }),
        Of("batch-norm", "BatchNorm", Normalized(_small), Remedy.None),
        Of("skips", "Skips", With(_small, model => model with { Skip = SkipConnections.Both }), Remedy.None),
        Of("ladder-inference", "Ladder", _ladder, Remedy.None),
        Of("ladder-full", "LadderFull", Normalized(_ladder), new Remedy { WarmUp = new KlWarmUp { Epochs = WarmUpEpochs } }),
    ];

    /// <summary>Whose importance-weighted bounds are timed.</summary>
    public static IReadOnlyList<Variant> Bounds { get; } =
        [.. Training.Where(variant => variant.Key is "Ladder" or "Skips").Select(variant => variant with { Group = $"importance-{variant.Key.ToLowerInvariant()}" })];

    /// <summary>An objective of log-weights, for the check of those of a bound.</summary>
    public static Remedy Weighted { get; } = new() { Importance = new ImportanceObjective { Samples = 5 } };

    /// <summary>One member's images a second over PyTorch's.</summary>
    public string SingleVsPyTorch => $"{char.ToLowerInvariant(Key[0])}{Key[1..]}VsPyTorch";

    /// <summary>A stack's member-images a second over PyTorch's.</summary>
    public string StackVsPyTorch => $"stack16{Key}VsPyTorch";

    /// <summary>Time of one member's step over that of its products.</summary>
    public string StepOverMatmul => $"stepOverMatmul{Key}";

    private static Variant Of(string group, string key, BenchModel model, Remedy remedy) => new(group, key, model with { Name = group, Remedy = remedy });

    private static BenchModel With(BenchModel model, Func<ModelOptions, ModelOptions> change) => model with { Options = change(model.Options) };

    private static BenchModel Normalized(BenchModel model) =>
        With(model, options => options with { Networks = (Perceptrons)options.Networks with { NormalizesBatches = true } });
}
