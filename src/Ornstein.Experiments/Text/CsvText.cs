using System.Globalization;

namespace Ornstein.Experiments.Text;

/// <summary>Lines of CSV (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>A line with its end.</summary>
    public static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\n";

    /// <summary>Seven digits of a number, more than a mean over an epoch has; nothing where there is none.</summary>
    public static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("G7", CultureInfo.InvariantCulture) : "";

    /// <summary>A field: quoted where a comma, a quote or a line end asks for it.</summary>
    public static string Field(string text) =>
        text.AsSpan().IndexOfAny(',', '"') >= 0 || text.AsSpan().IndexOfAny('\n', '\r') >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
