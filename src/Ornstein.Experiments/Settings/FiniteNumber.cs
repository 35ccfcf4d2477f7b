using System.Globalization;

namespace Ornstein.Experiments.Settings;

/// <summary>Numbers as users write them: finite, and zero without a sign.</summary>
internal static class FiniteNumber
{
    /// <summary>What an infinite number, or none at all, should have been.</summary>
    public const string Expected = "a finite number";

    /// <summary>Reads a number that is finite.</summary>
    public static bool TryParse(string text, out double number)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        number = Unsigned(number);
        return isNumber;
    }

    /// <summary>Whether a text is read as a number that is infinite or none: <c>Infinity</c>, <c>NaN</c>, <c>1e999</c>.</summary>
    public static bool IsNotFinite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsFinite(number);

    /// <summary>The number; of the two zeros the one without a sign.</summary>
    public static double Unsigned(double number) => number == 0 ? 0 : number;
}
