using System.Globalization;

namespace Ornstein.Remedies;

/// <summary>How a remedy is written: a name, a value and keys, such as <c>free-bits:0.5:per=layer</c>. What is a default is left out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; null where it has none.</param>
public sealed record WrittenRemedy(string Name, string? Value = null)
{
    private readonly string _keys = "";

    /// <summary>A remedy with a number.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The number.</param>
    public WrittenRemedy(string name, double value) : this(name, Number(value))
    {
    }

    /// <summary>A remedy with numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The numbers, which '/' joins.</param>
    public WrittenRemedy(string name, IEnumerable<double> values) : this(name, Numbers(values))
    {
    }

    /// <summary>The same with a key more, unless its value is null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value; null where it is the default.</param>
    public WrittenRemedy With(string key, string? value) => Adding(key, value);

    /// <summary>The same with a number more, unless it is the default.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="standard">The default.</param>
    public WrittenRemedy With(string key, double value, double standard) => Adding(key, value == standard ? null : Number(value));

    /// <summary>A number without a plus, which joins remedies, that is read back to the same number.</summary>
    /// <param name="value">The number.</param>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture).Replace("+", "", StringComparison.Ordinal);

    /// <summary>Numbers that '/' joins.</summary>
    /// <param name="values">The numbers.</param>
    public static string Numbers(IEnumerable<double> values) => string.Join('/', values.Select(Number));

    /// <summary>The text.</summary>
    public override string ToString() => (Value is null ? Name : $"{Name}:{Value}") + _keys;

    private WrittenRemedy Adding(string key, string? value) => value is null ? this : new WrittenRemedy(Name, Value, $"{_keys}:{key}={value}");

    private WrittenRemedy(string name, string? value, string keys) : this(name, value) => _keys = keys;
}
