using System.Globalization;

namespace Ornstein.Experiments.Text;

/// <summary>How numbers stand in tables, sentences and figures.</summary>
internal static class TableNumber
{
    /// <summary>The number in a format of .NET; what rounds to zero has no sign.</summary>
    public static string Text(double value, string format)
    {
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.StartsWith('-') && !text.AsSpan().ContainsAnyInRange('1', '9') && double.IsFinite(value) ? text[1..] : text;
    }
}
