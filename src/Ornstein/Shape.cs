using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ornstein;

/// <summary>
/// How the numbers of a datum or of a stochastic layer are arranged: so many units, or channels x height x width. Between networks they always lie side by
/// side, [members, rows, units], channel after channel, each row by row; networks get them in their shape. In JSON a number, or text such as <c>8x14x14</c>.
/// </summary>
[JsonConverter(typeof(ShapeJson))]
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] _axes;

    /// <summary>A shape by its axes, such as channels, height, width.</summary>
    /// <exception cref="OrnsteinException">There are no axes, one is below 1, or there are more than two billion units.</exception>
    public Shape(params int[] axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        if (axes.Length == 0 || axes.Any(axis => axis < 1))
            throw new OrnsteinException($"a shape is '{string.Join('x', axes)}'; its axes are whole numbers of at least 1, such as 32 or 8x14x14.");
        if (axes.Aggregate(1.0, (product, axis) => product * axis) > int.MaxValue) throw new OrnsteinException($"the shape {string.Join('x', axes)} has more than two billion numbers; give smaller latents or hidden layers.");
        _axes = [.. axes];
    }

    /// <summary>Sizes of the axes, at least one.</summary>
    public IReadOnlyList<int> Axes => _axes;

    /// <summary>Number of numbers: the product of the axes.</summary>
    public int Units => _axes.Aggregate(1, (product, axis) => product * axis);

    /// <summary>Whether there is more than one axis.</summary>
    public bool IsMap => _axes.Length > 1;

    /// <summary>A plain vector of units.</summary>
    public static implicit operator Shape(int units) => new(units);

    /// <summary>A plain vector of units.</summary>
    public static Shape FromInt32(int units) => new(units);

    /// <summary>What several give side by side: maps of one size as more channels, all else as a vector.</summary>
    /// <param name="shapes">At least one.</param>
    public static Shape Join(IEnumerable<Shape> shapes)
    {
        Shape[] all = [.. shapes];
        if (all.Length == 1) return all[0];
        var first = all[0];
        return first.IsMap && Array.TrueForAll(all, shape => shape._axes.AsSpan(1).SequenceEqual(first._axes.AsSpan(1)))
            ? new Shape([all.Sum(shape => shape._axes[0]), .. first._axes[1..]])
            : new Shape(all.Sum(shape => shape.Units));
    }

    /// <summary>Twice as many channels, or units: what a network of a Gaussian of this shape gives.</summary>
    public Shape Twice() => new([2 * _axes[0], .. _axes[1..]]);

    /// <summary>Reads <c>32</c> or <c>8x14x14</c>.</summary>
    /// <returns>Whether it is a shape.</returns>
    public static bool TryParse(string? text, out Shape shape)
    {
        var axes = (text ?? "").Split('x', StringSplitOptions.TrimEntries)
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var axis) ? axis : 0).ToArray();
        var isShape = axes.All(axis => axis > 0) && axes.Aggregate(1.0, (product, axis) => product * axis) <= int.MaxValue;
        shape = isShape ? new Shape(axes) : 1;
        return isShape;
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _axes.AsSpan().SequenceEqual(other._axes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => _axes.Aggregate(17, HashCode.Combine);

    /// <summary>Axes with an x between them.</summary>
    public override string ToString() => string.Join('x', _axes.Select(axis => axis.ToString(CultureInfo.InvariantCulture)));
}

internal sealed class ShapeJson : JsonConverter<Shape>
{
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var units) && units > 0) return units;
        if (reader.TokenType == JsonTokenType.String && Shape.TryParse(reader.GetString(), out var shape)) return shape;
        throw new JsonException("a shape is a whole number of at least 1, or text such as \"8x14x14\"");
    }

    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options)
    {
        if (value.IsMap) writer.WriteStringValue(value.ToString());
        else writer.WriteNumberValue(value.Units);
    }
}
