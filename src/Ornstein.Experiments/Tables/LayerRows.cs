using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Tables;

/// <summary>
/// What is known of every layer: a row per rho, remedy and layer over the seeds, and a column for each quantity that any model has. On a screen it is
/// narrow and has means; on a page every number stands by itself, with the spread over seeds.
/// </summary>
internal sealed record LayerRows
{
    /// <summary>What stands for a layer in the row of models that have all layers from p.</summary>
    public const string Prior = "prior";

    private const string CellOfNothing = "-";

    /// <summary>Headings of the columns after those that name a row.</summary>
    public required string[] Head { get; init; }

    /// <summary>The rows, in order.</summary>
    public required LayerRow[] Rows { get; init; }

    /// <summary>What each column is.</summary>
    public required (string Heading, string Legend)[] Legends { get; init; }

    /// <summary>Why columns are missing or empty, a line each.</summary>
    public required string[] Reasons { get; init; }

    /// <summary>The rows of a result; without rows where no model has numbers.</summary>
    /// <param name="result">The result.</param>
    /// <param name="evaluation">What <c>eval</c> says of the same models; null where it did not measure them.</param>
    /// <param name="isNarrow">Whether it is for a screen.</param>
    public static LayerRows Of(PhaseResult result, EvaluationResult? evaluation, bool isNarrow)
    {
        // Of a model that eval could not measure there is nothing to say beside those that it could.
        ModelNumbers[] models = [.. ModelNumbers.Of(result, evaluation).Where(model => model.Member.IsOk && (evaluation is null || model.Evaluation is null or { Layers.Length: > 0 }))];
        int[] layers = [.. Enumerable.Range(0, result.Latents.Length)];
        Quantity[] asked = [.. KnownQuantities.For(models).Where(quantity => quantity.IsPerLayer && (!isNarrow || quantity.Narrow is not null))];
        Quantity[] shown = [.. asked.Where(quantity => layers.Any(layer => models.Any(model => quantity.IsKnownOf(model, layer))))];
        var several = RhoSummary.HasSeveralRemedies(result);
        var groups = models.GroupBy(model => (Rho: RhoSummary.LabelOf(model.Member), model.Member.Remedy));
        return new LayerRows
        {
            Head = [.. shown.Select(quantity => HeadingOf(quantity, isNarrow))],
            Rows = [.. groups.SelectMany(group => RowsOf([.. group], RowNames.Cells(several, group.Key.Rho, group.Key.Remedy), shown, layers, isNarrow))],
            Legends = [.. shown.Select(quantity => (HeadingOf(quantity, isNarrow), isNarrow ? quantity.Narrow?.Legend ?? quantity.Explanation : quantity.Explanation))],
            Reasons =
            [
                .. asked.SelectMany(quantity => models.Select(model => (Heading: HeadingOf(quantity, isNarrow), Reason: quantity.Reason(model))))
                    .Where(pair => pair.Reason is not null).Distinct().GroupBy(pair => pair.Reason!, StringComparer.Ordinal)
                    .Select(group => $"no {QuantityText.And([.. group.Select(pair => pair.Heading)])}: {group.Key}"),
            ],
        };
    }

    private static IEnumerable<LayerRow> RowsOf(ModelNumbers[] models, string[] names, Quantity[] shown, int[] layers, bool isNarrow)
    {
        foreach (var layer in layers)
            yield return new(names, $"z{layer + 1}", [.. shown.Select(quantity => isNarrow ? NarrowCell(quantity, models, layer) : WideCell(quantity, models, layer))]);
        if (!shown.Any(quantity => quantity.Prior is not null)) yield break;
        yield return new(names, Prior, [.. shown.Select(quantity => PriorCell(quantity, models, isNarrow))]);
    }

    private static string PriorCell(Quantity quantity, ModelNumbers[] models, bool isNarrow)
    {
        if (quantity.Prior is not { } prior) return "";
        Estimate[] values = [.. models.Select(prior)];
        return isNarrow ? QuantityText.Number(QuantityText.Mean(values.Select(value => value.Value)), quantity.Unit) : SpreadOf(quantity, values);
    }

    private static string HeadingOf(Quantity quantity, bool isNarrow) => isNarrow ? quantity.Narrow?.Heading ?? quantity.Heading : quantity.Title;

    private static string NarrowCell(Quantity quantity, ModelNumbers[] models, int layer) =>
        quantity.Narrow?.Cell is { } cell ? cell(models, layer)
        : quantity.Range(models.Select(model => quantity.Of(model, layer))) ?? QuantityText.Number(quantity.Mean(models, layer), quantity.Unit);

    private static string WideCell(Quantity quantity, ModelNumbers[] models, int layer)
    {
        if (quantity.Word is { } word)
        {
            var words = models.Select(model => word(model, layer)).OfType<string>().CountBy(each => each, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).ToArray();
            return words.Length switch
            {
                0 => CellOfNothing,
                1 => words[0].Key,
                _ => string.Join(", ", words.Select(pair => $"{PhaseWords.Count(pair.Value)} {pair.Key}")),
            };
        }

        Estimate[] values = [.. models.Select(model => quantity.Of(model, layer))];
        if (quantity.Unit == Quantity.Units)
        {
            var mean = QuantityText.Mean(values.Select(value => value.Value));
            return double.IsFinite(mean) ? TableNumber.Text(mean, "0.#") : CellOfNothing;
        }

        return values.Length > 1 && quantity.Range(values) is { } range ? range : SpreadOf(quantity, values);
    }

    // One seed: the standard error over data, where there is one.
    private static string SpreadOf(Quantity quantity, Estimate[] values)
    {
        var spread = Spread.Of(values.Select(value => quantity.Scale * value.Value));
        return (values is [var only] ? spread with { Deviation = quantity.Scale * only.StandardError } : spread).ToString();
    }
}

/// <summary>A row of a table of layers.</summary>
/// <param name="Names">What names the models, the same for all their layers.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Cells">A cell for each column.</param>
internal sealed record LayerRow(string[] Names, string Layer, string[] Cells);
