using System.Runtime.InteropServices;

namespace Ornstein.Results;

/// <summary>An estimate with its standard error; NaN where there is none.</summary>
/// <param name="Value">The estimate; its unit is said where it stands.</param>
/// <param name="StandardError">Its standard error, in the same unit.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>No estimate.</summary>
    public static Estimate None { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether it is above a threshold and above two of its standard errors; never without one.</summary>
    public bool Exceeds(double threshold) => Value > threshold && Value > 2 * StandardError;

    /// <summary>The same with further errors, which do not depend on the standard error or on each other.</summary>
    internal Estimate Widened(params ReadOnlySpan<double> errors)
    {
        var square = StandardError * StandardError;
        foreach (var error in errors) square += error * error;
        return this with { StandardError = Math.Sqrt(square) };
    }

    /// <summary>The mean of independent numbers; the standard error of a single one is NaN.</summary>
    public static Estimate OfMean(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.Sum() / values.Count;
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Estimate(mean, values.Count < 2 ? double.NaN : Math.Sqrt(squares / values.Count / (values.Count - 1)));
    }
}
