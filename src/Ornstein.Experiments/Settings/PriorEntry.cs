using System.Text.Json;
using System.Text.Json.Serialization;
using Ornstein.Priors;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// A prior of the top layer in settings: <c>standard-normal</c>, <c>mixture:10</c>, <c>vamp:50</c>, or that of one registered with
/// <see cref="Ornstein.Priors.Prior.Register(IPrior)"/>.
/// </summary>
[JsonConverter(typeof(PriorEntryJson))]
public readonly record struct PriorEntry
{
    private readonly string? _text;

    /// <summary>A prior by its text; what is a default is filled in.</summary>
    /// <param name="text">A name, with a number of components where it has any.</param>
    public PriorEntry(string text) => _text = Prior.Canonical(text);

    /// <summary>N(0, I).</summary>
    public static PriorEntry StandardNormal { get; } = new(Prior.StandardNormal.Name);

    /// <inheritdoc/>
    public override string ToString() => _text ?? Prior.StandardNormal.Name;

    /// <summary>Reads a prior.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="where">What to name in an error: <c>--prior</c>, or the file and key.</param>
    /// <exception cref="OrnsteinException">A usage error: none is known by the name, or the number of components is wrong.</exception>
    internal static PriorEntry Parse(string text, string where)
    {
        var name = text.Split(':')[0];
        if (!Prior.Names.Contains(name, StringComparer.Ordinal)) throw UnknownName.Of(where, text, name, Prior.Names, "Prior.Register");
        try
        {
            Prior.Named(text);
        }
        catch (OrnsteinException error)
        {
            throw UsageError.Because($"{where} {text}: {error.Message.TrimEnd('.')}");
        }

        return new PriorEntry(text);
    }
}

internal sealed class PriorEntryJson : JsonConverter<PriorEntry>
{
    public override PriorEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => PriorEntry.Parse(reader.GetString() ?? "", "a prior");

    public override void Write(Utf8JsonWriter writer, PriorEntry value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
