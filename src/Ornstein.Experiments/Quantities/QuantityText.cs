using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Quantities;

/// <summary>How quantities are written.</summary>
internal static class QuantityText
{
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
