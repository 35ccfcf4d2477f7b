using System.Text.Json.Serialization;
using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Experiments.Comparisons;

/// <summary>
/// The members of a run that differ in nothing but the seed: means over those that finished, each with its interval. Nats per datum;
/// for their meaning see <see cref="MemberResult"/>.
/// </summary>
internal sealed record ComparisonRow
{
    /// <summary>What differs from the other rows, in a few words.</summary>
    public required string Label { get; init; }

    /// <summary>Folder of the run.</summary>
    public required string Run { get; init; }

    /// <summary>What fights collapse beside smoothing; null for nothing.</summary>
    public required string? Remedy { get; init; }

    /// <summary>The rho as it is written, such as <c>0.5</c> or <c>0.5:0.8</c>.</summary>
    public required string Rho { get; init; }

    /// <summary>Seeds that the means are over.</summary>
    public required long[] Seeds { get; init; }

    /// <summary>Members that are left out, with the reason: <c>seed 3: diverged at step 20</c>.</summary>
    public required string[] LeftOut { get; init; }

    public SeedInterval SmoothedObjective => Number("objective");

    public SeedInterval Elbo => Number("elbo");

    public SeedInterval SampledElbo => Number("sampled-elbo");

    /// <summary>The importance-weighted bound; its negative is at least the test NLL, and near it for large k only.</summary>
    public SeedInterval ImportanceWeighted => Number(ComparisonColumn.Bound);

    /// <summary>That of the smoothed generative model.</summary>
    public SeedInterval SmoothedImportanceWeighted => Number("smoothed-bound");

    /// <summary>Samples k of the importance-weighted bounds; null where there are none.</summary>
    public required int? ImportanceDraws { get; init; }

    /// <summary>KL of every layer as trained, z1 first.</summary>
    public SeedInterval[] Kl => OfLayers(KnownQuantities.Kl);

    /// <summary>Active units of every layer, z1 first.</summary>
    public SeedInterval[] ActiveUnits => OfLayers(KnownQuantities.ActiveUnits);

    /// <summary>Every number that the row has, by the key of its column.</summary>
    public required IReadOnlyDictionary<string, SeedInterval> Numbers { get; init; }

    /// <summary>Every word, by the key of its column, such as <c>verdict-z1</c>: one, or how many seeds have which; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Words { get; init; }

    /// <summary>Every number of every seed that has it, by the key of its column.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<long, double>> BySeed { get; init; } = new Dictionary<string, IReadOnlyDictionary<long, double>>();

    /// <summary>Number of layers.</summary>
    [JsonIgnore]
    public int Layers { get; init; }

    /// <summary>What the run's models may have.</summary>
    [JsonIgnore]
    public IReadOnlyList<Quantity> Quantities { get; init; } = [];

    /// <summary>Training seconds of the stack over its models: of one number for all of them, so without an interval.</summary>
    public required SeedInterval SecondsPerModel { get; init; }

    /// <summary>Greatest resident size of a process that trained the stack, 10^6 bytes.</summary>
    public required SeedInterval PeakMemoryMegabytes { get; init; }

    /// <summary>The rows of one run, without labels: by remedy and rho, in the order of its results.</summary>
    public static IEnumerable<ComparisonRow> Of(ComparedRun run)
    {
        var models = ModelNumbers.Of(run.Result, run.Evaluation);
        var quantities = KnownQuantities.For(models);
        return models.GroupBy(model => (model.Member.Remedy, Rho: RhoSummary.LabelOf(model.Member)))
            .Select(group => Of(run, group.Key.Remedy, group.Key.Rho, [.. group], quantities));
    }

    private static ComparisonRow Of(ComparedRun run, string? remedy, string rho, ModelNumbers[] models, IReadOnlyList<Quantity> quantities)
    {
        ModelNumbers[] good = [.. models.Where(model => model.Member.IsOk)];
        var (layers, cost) = (run.Result.Latents.Length, run.StackOf(models[0].Member).Cost);
        var cells = quantities.SelectMany(quantity => quantity.IsPerLayer
            ? Enumerable.Range(0, layers).Select(layer => (Quantity: quantity, Layer: (int?)layer))
            : [(Quantity: quantity, Layer: null)]).ToLookup(cell => cell.Quantity.Word is not null);
        (string Key, (long Seed, Estimate Number)[] Seeds)[] numbers = [.. cells[false].Select(cell => (ComparisonColumn.KeyOf(cell.Quantity, cell.Layer),
            good.Select(model => (model.Member.Seed, cell.Quantity.Of(model, cell.Layer ?? 0))).Where(seed => double.IsFinite(seed.Item2.Value)).ToArray()))
            .Where(((string Key, (long, Estimate)[] Seeds) cell) => cell.Seeds.Length > 0)];
        var words = cells[true].Select(cell => (Key: ComparisonColumn.KeyOf(cell.Quantity, cell.Layer), Word: WordOf(good, cell.Quantity.Word!, cell.Layer ?? 0)))
            .Where(cell => cell.Word is not null).ToDictionary(cell => cell.Key, cell => cell.Word!, StringComparer.Ordinal);
        return new ComparisonRow
        {
            Label = "",
            Run = run.Path,
            Remedy = remedy,
            Rho = rho,
            Seeds = [.. good.Select(model => model.Member.Seed)],
            LeftOut = [.. models.Except(good).Select(model => $"seed {model.Member.Seed}: {model.Member.Status}")],
            ImportanceDraws = good.Select(model => model.Member.Bounds?.Draws).FirstOrDefault(draws => draws is not null),
            Numbers = numbers.ToDictionary(cell => cell.Key, cell => SeedInterval.Of(cell.Seeds.Select(seed => seed.Number)), StringComparer.Ordinal),
            BySeed = numbers.ToDictionary(
                cell => cell.Key, IReadOnlyDictionary<long, double> (cell) => cell.Seeds.DistinctBy(seed => seed.Seed).ToDictionary(seed => seed.Seed, seed => seed.Number.Value), StringComparer.Ordinal),
            Words = words.Count > 0 ? words : null,
            Layers = layers,
            Quantities = quantities,
            SecondsPerModel = SeedInterval.Exactly(cost?.TrainingSecondsPerModel),
            PeakMemoryMegabytes = SeedInterval.Exactly(cost?.PeakMemoryMegabytes),
        };
    }

    private static string? WordOf(ModelNumbers[] models, Func<ModelNumbers, int, string?> word, int layer)
    {
        var counts = models.Select(model => word(model, layer)).OfType<string>().CountBy(each => each, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ToArray();
        return counts.Length switch { 0 => null, 1 => counts[0].Key, _ => string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}")) };
    }

    private SeedInterval Number(string key) => Numbers.GetValueOrDefault(key, SeedInterval.None);

    private SeedInterval[] OfLayers(Quantity quantity) => [.. Enumerable.Range(0, Layers).Select(layer => Number(ComparisonColumn.KeyOf(quantity, layer)))];
}
