using Ornstein.Experiments.Text;
using Ornstein.Results;

namespace Ornstein.Experiments.Quantities;

/// <summary>How quantities are written.</summary>
internal static class QuantityText
{
    // Half of what counts as alive.
    private const double LeastError = 0.0025;

    /// <summary>A number with as many decimals as its unit asks for; a dash where there is none.</summary>
    public static string Number(double value, string unit)
    {
        if (!double.IsFinite(value)) return "-";
        return unit switch
        {
            Quantity.Nats => TableNumber.Text(value, Math.Abs(value) < 10 ? "0.000" : "0.0"),
            Quantity.Units => TableNumber.Text(value, "0.#"),
            Quantity.Share => TableNumber.Text(100 * value, "0") + "%",
            _ => TableNumber.Text(value, Math.Abs(value) < 10 ? "0.000" : Math.Abs(value) < 1e6 ? "0.0" : "0.###e+0"),
        };
    }

    /// <summary>The mean of what is finite; NaN of nothing.</summary>
    public static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The mean of a quantity over models.</summary>
    public static double Mean(this Quantity quantity, IEnumerable<ModelNumbers> models, int layer) => Mean(models.Select(model => quantity.Of(model, layer).Value));

    /// <summary>
    /// From one error below the least to one above the greatest of models that differ in their seeds, where a number would mislead: measuring it has an error of more than a
    /// fifth, and of more than half of what counts as alive (<see cref="Ornstein.Diagnosis.CollapseRule"/>). Null elsewhere.
    /// </summary>
    public static string? Range(this Quantity quantity, IEnumerable<Estimate> values)
    {
        if (!quantity.IsBetweenBounds) return null;
        Estimate[] known = [.. values.Where(value => double.IsFinite(value.Value) && double.IsFinite(value.StandardError))];
        if (known.Length == 0) return null;
        var (mean, error) = (known.Average(value => value.Value), known.Average(value => value.StandardError));
        if (error < LeastError || error <= 0.2 * Math.Abs(mean)) return null;
        var (low, high) = (known.Min(Low), known.Max(High));
        var format = high switch { >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" };
        return $"{TableNumber.Text(low, format)} to {TableNumber.Text(high, format)}";
    }

    /// <summary>Information less its error; not below zero by that.</summary>
    public static double Low(Estimate information) => Math.Max(Math.Min(0, information.Value), information.Value - Error(information));

    /// <summary>Information and its error.</summary>
    public static double High(Estimate information) => information.Value + Error(information);

    private static double Error(Estimate estimate) => double.IsFinite(estimate.StandardError) ? estimate.StandardError : 0;

    /// <summary>Names as a sentence has them: <c>a, b and c</c>.</summary>
    public static string And(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    /// <summary>What each column is, one after another, in lines that a screen has room for.</summary>
    public static IEnumerable<string> Lines(IEnumerable<(string Heading, string Legend)> legends, int width)
    {
        var text = string.Join("; ", legends.Select(legend => $"{legend.Heading}: {legend.Legend}"));
        return text.Length == 0 ? [] : TextFold.Lines(text, width);
    }
}
