using Ornstein.Results;

namespace Ornstein.Experiments.Quantities;

/// <summary>
/// A quantity of models or layers, as tables, the report, comparisons and CSV show it: what it is called, what it is, and where it is found.
/// <see cref="KnownQuantities"/> lists them all.
/// </summary>
internal sealed record Quantity
{
    public const string Nats = "nats", Units = "units", Share = "%";

    /// <summary>Its name in files and for <c>--sort</c>, of a layer followed by <c>-z1</c> and so on.</summary>
    public required string Key { get; init; }

    /// <summary>Its name in tables.</summary>
    public required string Heading { get; init; }

    /// <summary>What it is, without a full stop.</summary>
    public required string Legend { get; init; }

    /// <summary>As <see cref="MeasuredQuantity.Unit"/>.</summary>
    public string Unit { get; init; } = Nats;

    /// <summary>Whether every layer has one.</summary>
    public bool IsPerLayer { get; init; }

    /// <summary>Whether a small number is the better one.</summary>
    public bool IsBestLow { get; init; }

    /// <summary>Whether it is a measure of one's own, which nobody who reads a table can know.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether comparisons show it, also where no row has it, without being asked for it.</summary>
    public bool IsCompared { get; init; }

    /// <summary>Whether it depends on the number of importance samples, which comparisons then name.</summary>
    public bool HasDraws { get; init; }

    /// <summary>Whether it says something at rho below 1 alone.</summary>
    public bool IsOfSmoothed { get; init; }

    /// <summary>Whether its error covers two bounds, which may lie as far apart as it is large: where they do, tables of layers give a range.</summary>
    public bool IsBetweenBounds { get; init; }

    /// <summary>Decimals in comparisons.</summary>
    public int? Decimals { get; init; }

    /// <summary>The number of a model, or of its layer from 0; <see cref="Estimate.None"/> where it has none.</summary>
    public Func<ModelNumbers, int, Estimate> Of { get; init; } = (_, _) => Estimate.None;

    /// <summary>The word in the place of a number; null for a quantity that is a number.</summary>
    public Func<ModelNumbers, int, string?>? Word { get; init; }

    /// <summary>Why a model has none; null where it has, or where nobody asks.</summary>
    public Func<ModelNumbers, string?> Reason { get; init; } = _ => null;

    /// <summary>The number of a model that has all layers from p; null for a quantity that has none.</summary>
    public Func<ModelNumbers, Estimate>? Prior { get; init; }

    /// <summary>Whether the first table of a run, and of its report, has it.</summary>
    public bool IsInSummary { get; init; }

    /// <summary>Whether that table leaves it out where no model has it.</summary>
    public bool IsRare { get; init; }

    /// <summary>Whether that table has all layers in one cell.</summary>
    public bool IsJoined { get; init; }

    /// <summary>Its name where there is more room; null for <see cref="Title"/>.</summary>
    public string? LongHeading { get; init; }

    /// <summary>How narrow tables of layers write it; null where they leave it out.</summary>
    public NarrowColumn? Narrow { get; init; }

    /// <summary><see cref="Legend"/> with the unit, where neither the heading nor the table says it.</summary>
    public string Explanation => Unit is "" or Nats or Units or Share ? Legend : $"{Legend}, in {Unit}";

    /// <summary>Heading in tables of numbers without units.</summary>
    public string Title => Unit == Share ? $"{Heading} %" : Heading;

    /// <summary><see cref="Title"/> of a layer, from 0: <c>kNN z1 %</c>.</summary>
    public string TitleOf(int layer) => $"{Heading} z{layer + 1}{(Unit == Share ? " %" : "")}";

    /// <summary>What numbers are multiplied by where <see cref="Title"/> stands above them.</summary>
    public double Scale => Unit == Share ? 100 : 1;

    /// <summary>Why models have none, a line for each reason.</summary>
    public IEnumerable<string> Reasons(PhaseResult result) =>
        result.Members.Select(member => Reason(new ModelNumbers(member))).OfType<string>().Distinct(StringComparer.Ordinal).Select(reason => $"no {Heading}: {reason}");

    /// <summary>Whether a model has it, of a layer or as a whole.</summary>
    public bool IsKnownOf(ModelNumbers model, int layer) => model.Member.IsOk
        && (Word is { } word ? word(model, layer) is not null : double.IsFinite(Of(model, layer).Value));
}

/// <summary>A column of a table of layers that has to be narrow: several quantities may share one.</summary>
internal sealed record NarrowColumn
{
    /// <summary>Its heading; null for that of the quantity.</summary>
    public string? Heading { get; init; }

    /// <summary>What it is; null for the quantity's.</summary>
    public string? Legend { get; init; }

    /// <summary>The cell of models that differ in their seeds, at a layer from 0; null: the mean of the quantity.</summary>
    public Func<IReadOnlyList<ModelNumbers>, int, string>? Cell { get; init; }
}
