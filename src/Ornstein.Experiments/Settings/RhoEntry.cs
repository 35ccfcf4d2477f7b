using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// The smoothing parameter of one member: one number in [0, 1] for every link, or a number per link, lowest link first
/// (written <c>0.5:0.8</c>; in JSON a number or an array of numbers).
/// </summary>
[JsonConverter(typeof(RhoEntryJson))]
public readonly struct RhoEntry : IEquatable<RhoEntry>
{
    private readonly double[]? _values;

    private RhoEntry(double[] values) => _values = values;

    /// <summary>One value, or one per link.</summary>
    public ReadOnlySpan<double> Values => _values ?? [0];

    /// <summary>Whether one value holds for every link.</summary>
    public bool IsUniform => Values.Length == 1;

    /// <summary>The value of the top link.</summary>
    public double Top => Values[^1];

    /// <summary>One value, or one per link, lowest first; range and number are checked with the other settings.</summary>
    /// <exception cref="OrnsteinException">There is none, or one is not finite.</exception>
    public static RhoEntry Of(params double[] values)
    {
        if (values.Length == 0) throw new OrnsteinException("a rho needs a number, such as 0.5, or one number per link, such as 0.5:0.8");
        foreach (double value in values)
        {
            if (!double.IsFinite(value)) throw new OrnsteinException($"a rho should be {FiniteNumber.Expected}, but is {SettingText.Format(value)}");
        }

        return new RhoEntry([.. values.Select(FiniteNumber.Unsigned)]);
    }

    /// <summary>One value for every link.</summary>
    public static implicit operator RhoEntry(double value) => new([value]);

    /// <summary>Reads <c>0.5</c> or <c>0.5:0.8</c>; range and number of links are checked with the other settings.</summary>
    public static bool TryParse(string text, out RhoEntry entry)
    {
        string[] parts = text.Split(':', StringSplitOptions.TrimEntries);
        var values = new double[parts.Length];
        entry = default;
        for (int i = 0; i < parts.Length; i++)
        {
            if (!FiniteNumber.TryParse(parts[i], out values[i])) return false;
        }

        entry = new RhoEntry(values);
        return true;
    }

    /// <summary>Whether the values are the same.</summary>
    public bool Equals(RhoEntry other) => Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RhoEntry other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Values.Length, Values[0], Top);

    /// <summary>Whether the values are the same.</summary>
    public static bool operator ==(RhoEntry left, RhoEntry right) => left.Equals(right);

    /// <summary>Whether the values differ.</summary>
    public static bool operator !=(RhoEntry left, RhoEntry right) => !left.Equals(right);

    /// <summary><c>0.5</c>, or <c>0.5:0.8</c>.</summary>
    public override string ToString() => string.Join(':', Values.ToArray().Select(value => SettingText.Format(value)));
}

internal sealed class RhoEntryJson : JsonConverter<RhoEntry>
{
    public override RhoEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? RhoEntry.Of(reader.GetDouble())
            : RhoEntry.Of(JsonSerializer.Deserialize<double[]>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, RhoEntry value, JsonSerializerOptions options)
    {
        if (value.IsUniform)
        {
            writer.WriteNumberValue(value.Top);
            return;
        }

        writer.WriteStartArray();
        foreach (double rho in value.Values) writer.WriteNumberValue(rho);
        writer.WriteEndArray();
    }
}
