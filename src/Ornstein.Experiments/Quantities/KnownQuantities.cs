using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Quantities;

/// <summary>
/// The one list of what is known of models and layers. An entry here is a column of eval's table, of the report, of comparisons and of CSV; measures of
/// one's own join it out of the results that hold them.
/// </summary>
internal static class KnownQuantities
{
    /// <summary>Those of a model as a whole.</summary>
    private static readonly Quantity[] _ofModels =
    [
        new()
        {
            Key = "objective", Heading = "objective", Legend = "smoothed objective, as trained; no bound at rho below 1",
            LongHeading = "smoothed objective", IsInSummary = true, IsCompared = true, Decimals = 2,
            Of = (model, _) => Value(model.Member.SmoothedObjective),
        },
        new()
        {
            Key = "elbo", Heading = "ELBO", Legend = "bound on log p(x) of the unsmoothed model by its layers' KLs; of chains with generative skips from joint samples",
            LongHeading = "ELBO, unsmoothed", IsInSummary = true, IsCompared = true, Decimals = 2,
            Of = (model, _) => Value(model.Member.Elbo),
        },
        new()
        {
            Key = "bits", Heading = "bits/dim", Legend = "-joint ELBO in bits, over the numbers of an image", Unit = "bits per dimension", IsInSummary = true, IsCompared = true, IsRare = true, IsBestLow = true, Decimals = 3,
            Of = (model, _) => Value(model.Member.BitsPerDimension ?? double.NaN),
        },
        Bound("sampled-elbo", "joint ELBO", "bound on log p(x) of the unsmoothed model from joint samples of all layers", bounds => bounds.SampledElbo),
        Bound("bound", "IW bound", "importance-weighted bound of the unsmoothed model", bounds => bounds.ImportanceWeighted) with { HasDraws = true },
        // At rho 1 these two are the bounds before.
        Bound("smoothed-elbo", "smoothed joint ELBO", "bound on log p(x) of the smoothed generative model from joint samples of all layers", bounds => bounds.SmoothedGenerative)
            with { IsCompared = false, IsOfSmoothed = true },
        Bound("smoothed-bound", "smoothed IW", "importance-weighted bound of the smoothed generative model", bounds => bounds.SmoothedGenerativeImportanceWeighted)
            with { HasDraws = true, IsOfSmoothed = true },
        new()
        {
            Key = "reconstruction", Heading = "reconstruction", Legend = "-E log p(x | z1)", IsInSummary = true, IsBestLow = true, Decimals = 2,
            Of = (model, _) => Value(model.Member.Reconstruction),
        },
        new()
        {
            Key = "skipped", Heading = "skipped", Legend = "training steps skipped, whose gradient was longer than --skip-norm", Unit = "steps", IsInSummary = true, IsRare = true, IsBestLow = true, Decimals = 0,
            Of = (model, _) => Value(model.Member.SkippedSteps ?? double.NaN),
        },
        new()
        {
            Key = "nll-from-prior", Heading = "nll from prior", Legend = "-E log p(x | z) with all layers from p", IsBestLow = true, Decimals = 2,
            Of = (model, _) => model.Evaluation?.FromPrior ?? Estimate.None,
        },
    ];

    /// <summary>KL of a layer as trained.</summary>
    public static Quantity Kl { get; } = new()
    {
        Key = "kl", Heading = "KL", Legend = "divergence of q from p, as trained", IsPerLayer = true, IsInSummary = true, IsCompared = true, Narrow = new(),
        Of = (model, layer) => new(At(model.Member.Kl, layer), At(model.Member.KlErrors, layer)),
    };

    /// <summary>Units of a layer whose posterior mean varies over the data.</summary>
    public static Quantity ActiveUnits { get; } = new()
    {
        Key = "active", Heading = "AU", Legend = "active units, whose posterior mean varies over the data", Unit = Quantity.Units, IsPerLayer = true, IsInSummary = true, IsCompared = true,
        LongHeading = "active units", IsJoined = true,
        Of = (model, layer) => CountOf(model, model.Member.ActiveUnits, layer),
        Reason = NoInformation,
        Narrow = new() { Heading = "units", Legend = "active in means and in widths, of all", Cell = UnitsCell },
    };

    private static readonly Quantity _widthActiveUnits = new()
    {
        Key = "width-active", Heading = "AU widths", Legend = "units whose width varies over the data", Unit = Quantity.Units, IsPerLayer = true,
        Of = (model, layer) => CountOf(model, model.Member.WidthActiveUnits, layer),
    };

    /// <summary>What a layer tells of the data.</summary>
    public static Quantity Information { get; } = new()
    {
        Key = "information", IsBetweenBounds = true, Heading = "I(x; z)", Legend = "mutual information of the layer with x under q", IsPerLayer = true,
        Of = (model, layer) => model.Layer(layer)?.TotalInformation ?? Of(model.Member.Information, layer),
        Reason = NoInformation,
        Narrow = new() { Legend = "between the bounds on mutual information of the layer with x under q", Cell = InformationCell },
    };

    /// <summary>What of it lies in means.</summary>
    public static Quantity MeanInformation { get; } = new()
    {
        Key = "information-in-means", IsBetweenBounds = true, Heading = "in means", Legend = "what of I(x; z) lies in q's means", IsPerLayer = true, Narrow = new() { Heading = "means" },
        Of = (model, layer) => model.Layer(layer)?.MeanInformation ?? Of(model.Member.MeanInformation, layer),
    };

    /// <summary>What of it lies in widths.</summary>
    public static Quantity WidthInformation { get; } = new()
    {
        Key = "information-in-widths", IsBetweenBounds = true, Heading = "in widths", Legend = "what of I(x; z) lies in q's widths", IsPerLayer = true, Narrow = new() { Heading = "widths" },
        Of = (model, layer) => model.Layer(layer)?.WidthInformation ?? Of(model.Member.WidthInformation, layer),
    };

    private static readonly Quantity[] _ofLayers =
    [
        Kl,
        new()
        {
            Key = "kl-scale", Heading = "KL, scale", Legend = "the part of the KL that p's widths cost", IsPerLayer = true,
            Of = (model, layer) => Part(model, layer, parts => new(parts.Scale, parts.ScaleError)),
        },
        new()
        {
            Key = "kl-bias", Heading = "KL, bias", Legend = "the part that p's mean costs", IsPerLayer = true,
            Of = (model, layer) => Part(model, layer, parts => new(parts.Bias, parts.BiasError)),
        },
        new()
        {
            Key = "kl-variance", Heading = "KL, variance", Legend = "the part that the variance of p's mean over the layer above costs", IsPerLayer = true,
            Of = (model, layer) => Part(model, layer, parts => new(parts.Variance, parts.VarianceError)),
        },
        new()
        {
            Key = "unsmoothed-kl", Heading = "KL, unsmoothed", Legend = "KL of the unsmoothed model", IsPerLayer = true,
            Of = (model, layer) => Value(At(model.Member.UnsmoothedKl, layer)),
        },
        ActiveUnits,
        _widthActiveUnits,
        new()
        {
            Key = "alive", Heading = "alive units", Legend = "units that are active in means, in widths or in both", Unit = Quantity.Units, IsPerLayer = true,
            Of = (model, layer) => CountOf(model, model.Member.AliveUnits, layer),
        },
        Information,
        new()
        {
            Key = "information-lower", Heading = "I, lower", Legend = "lower bound on I(x; z)", IsPerLayer = true,
            Of = (model, layer) => model.Layer(layer)?.Information?.Lower ?? Estimate.None,
        },
        new()
        {
            Key = "information-upper", Heading = "I, upper", Legend = "the smaller upper bound on I(x; z)", IsPerLayer = true,
            Of = (model, layer) => model.Layer(layer)?.Information?.Upper() ?? Estimate.None,
        },
        MeanInformation,
        WidthInformation,
        new()
        {
            Key = "nll-from", Heading = "nll from", Legend = "nll of reconstructions with this layer and those above from q, the rest from p", IsPerLayer = true, IsBestLow = true,
            Of = (model, layer) => model.Layer(layer)?.ReconstructionFrom ?? Estimate.None,
            Prior = model => model.Evaluation?.FromPrior ?? Estimate.None,
            Narrow = new(),
        },
        new()
        {
            Key = "elbo-from", Heading = "ELBO from", Legend = "the bound on log p(x) that goes with it", IsPerLayer = true, Narrow = new(),
            Of = (model, layer) => model.Layer(layer)?.ElboFrom ?? Estimate.None,
        },
        new()
        {
            Key = "skip-elbo", Heading = "skip-ELBO", Legend = "this layer and those below from q, the rest from p's prior, a bound too", IsPerLayer = true, Narrow = new(),
            Of = (model, layer) => model.Layer(layer)?.SkipElbo ?? Estimate.None,
            Reason = model => model.Evaluation?.SkipElboReason,
        },
        Probe("neighbours", "kNN", "labels read from samples of q by nearest neighbours", probes => probes.NearestNeighbours),
        Probe("linear", "linear", "the same by ridge regression", probes => probes.Linear),
    ];

    private static readonly Quantity _verdict = new()
    {
        Key = "verdict", Heading = "verdict", Legend = "how the layer is alive (docs/evaluation.md)", Unit = "", IsPerLayer = true,
        Word = (model, layer) => (model.Layer(layer)?.Verdict ?? VerdictOf(model.Member, layer))?.Word(),
        Reason = NoInformation,
        Narrow = new() { Cell = VerdictCell },
    };

    /// <summary>All of Ornstein's own.</summary>
    public static IReadOnlyList<Quantity> BuiltIn { get; } = [.. _ofModels, .. _ofLayers, _verdict];

    /// <summary>All that models may have: Ornstein's own, and those that were measured of any of them, in the order of their keys.</summary>
    public static IReadOnlyList<Quantity> For(IEnumerable<ModelNumbers> models)
    {
        var own = models.SelectMany(model => model.Member.Measures ?? NoMeasures).DistinctBy(pair => pair.Key, StringComparer.Ordinal)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Own(pair.Key, pair.Value));
        return [.. BuiltIn, .. own];
    }

    /// <summary>Those that the first table of a run has, of models first.</summary>
    public static IReadOnlyList<Quantity> SummaryOf(PhaseResult result) =>
        [.. BuiltIn.Where(quantity => quantity.IsInSummary && (!quantity.IsRare || ModelNumbers.Of(result, null).Any(model => quantity.IsKnownOf(model, 0))))];

    /// <summary>Measures of one's own of any of the models.</summary>
    public static IReadOnlyList<Quantity> OwnOf(PhaseResult result) => [.. For(ModelNumbers.Of(result, null)).Where(quantity => quantity.IsOwn)];

    private static IReadOnlyDictionary<string, MeasuredQuantity> NoMeasures { get; } = new Dictionary<string, MeasuredQuantity>(StringComparer.Ordinal);

    private static Quantity Own(string key, MeasuredQuantity measured) => new()
    {
        Key = key, Heading = measured.Heading, Legend = measured.Legend, Unit = measured.Unit, IsPerLayer = measured.IsPerLayer, IsBestLow = measured.IsBestLow, IsOwn = true, IsCompared = true,
        Narrow = measured.IsPerLayer ? new() : null,
        Of = (model, layer) => Of(model.Member.Measures?.GetValueOrDefault(key)?.Values, layer),
        Reason = model => model.Member.Measures?.GetValueOrDefault(key)?.Reason,
    };

    private static Quantity Bound(string key, string heading, string legend, Func<MemberBounds, Estimate> of) => new()
    {
        Key = key, Heading = heading, Legend = legend, IsCompared = true, Decimals = 2, Of = (model, _) => model.Member.Bounds is { } bounds ? of(bounds) : Estimate.None,
    };

    private static Quantity Probe(string key, string heading, string legend, Func<LayerProbes, Estimate> of) => new()
    {
        Key = key, Heading = heading, Legend = legend, Unit = Quantity.Share, IsPerLayer = true, Narrow = new(),
        Of = (model, layer) => model.Layer(layer)?.Probes is { } probes ? of(probes) : Estimate.None,
        Reason = model => model.Evaluation?.ProbesReason,
    };

    private static Estimate Part(ModelNumbers model, int layer, Func<KlParts, Estimate> of) =>
        model.Member.KlParts?.ElementAtOrDefault(layer) is { } parts ? of(parts) : Estimate.None;

    private static Estimate Value(double? value) => new(value ?? double.NaN, double.NaN);

    private static double At(double[]? values, int layer) => values is not null && layer < values.Length ? values[layer] : double.NaN;

    private static Estimate Of(Estimate[]? values, int layer) => values is not null && layer < values.Length ? values[layer] : Estimate.None;

    // Counts are of how data differ: of data that do not, they are zeros that say nothing.
    private static Estimate CountOf(ModelNumbers model, int[]? counts, int layer) =>
        NoInformation(model) is null && counts is not null && layer < counts.Length ? Value(counts[layer]) : Estimate.None;

    private static string? NoInformation(ModelNumbers model) => model.Evaluation?.InformationReason ?? model.Member.InformationReason;

    private static LayerVerdict? VerdictOf(MemberResult member, int layer) => member.Verdicts is { } verdicts && layer < verdicts.Length ? verdicts[layer] : null;

    private static string UnitsCell(IReadOnlyList<ModelNumbers> models, int layer)
    {
        var (means, widths) = (ActiveUnits.Mean(models, layer), _widthActiveUnits.Mean(models, layer));
        if (!double.IsFinite(means)) return "-";
        var (active, all) = (QuantityText.Number(means, Quantity.Units), models[0].UnitsOf(layer));
        return $"{active}{(double.IsFinite(widths) ? $" {QuantityText.Number(widths, Quantity.Units)}" : "")}{(all is { } units ? $"/{units}" : "")}";
    }

    private static string InformationCell(IReadOnlyList<ModelNumbers> models, int layer)
    {
        string Text(Func<LayerInformation, Estimate> bound)
        {
            var mean = QuantityText.Mean(models.Select(model => model.Layer(layer)?.Information is { } bounds ? bound(bounds).Value : double.NaN));
            return double.IsFinite(mean) ? TableNumber.Text(mean, Math.Abs(mean) < 10 ? "0.00" : "0.0") : "-";
        }

        return models.Any(model => model.Layer(layer)?.Information is not null)
            ? $"{Text(bounds => bounds.Lower)} to {Text(bounds => bounds.Upper())}"
            : QuantityText.Number(Information.Mean(models, layer), Quantity.Nats);
    }

    private static string VerdictCell(IReadOnlyList<ModelNumbers> models, int layer)
    {
        string?[] words = [.. models.Select(model => _verdict.Word!(model, layer)).Distinct(StringComparer.Ordinal)];
        return words.Length > 1 ? "seeds differ" : words.FirstOrDefault() ?? "-";
    }
}
