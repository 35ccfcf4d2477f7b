using System.Text.Json;
using System.Text.Json.Serialization;
using Ornstein.Remedies;
using Ornstein.Stacks;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// What fights collapse in one member beside smoothing: <c>none</c>, or parts joined by <c>+</c>, such as <c>warm-up:20+beta:0.5</c> (in JSON
/// the same text). Two are equal where their texts are, which say what is no default, in an order of their own.
/// </summary>
[JsonConverter(typeof(RemedyEntryJson))]
public sealed class RemedyEntry : IEquatable<RemedyEntry>
{
    private readonly string _text;

    private RemedyEntry(Remedy remedy) => (Remedy, _text) = (remedy, RemedyText.Format(remedy));

    /// <summary>Nothing.</summary>
    public static RemedyEntry None { get; } = Of(Remedy.None);

    /// <summary>What it is.</summary>
    public Remedy Remedy { get; }

    /// <summary>The entry of a remedy.</summary>
    public static RemedyEntry Of(Remedy remedy) => new(remedy);

    /// <summary>Reads an entry; ranges, and what goes together, are checked with the other settings.</summary>
    /// <param name="text">What the user wrote, without commas.</param>
    /// <param name="where">What to name in an error: <c>--remedy</c>, or the file and key.</param>
    /// <exception cref="OrnsteinException">A usage error that names the wrong piece.</exception>
    public static RemedyEntry Parse(string text, string where) => Parse(text, where, keepsUnknown: false);

    /// <summary>The same; remedies that are not registered here may be kept by what they are called.</summary>
    internal static RemedyEntry Parse(string text, string where, bool keepsUnknown) => Of(RemedyText.Parse(text, where, keepsUnknown));

    /// <summary>Throws where the text, which is all that a run's files keep, is not read back to the same remedies.</summary>
    /// <exception cref="OrnsteinException">A usage error: one is not registered, or does not write down what it is.</exception>
    internal void RequireReadable()
    {
        IRemedy[] written = [.. Remedy.Parts.Where(part => part.Written is not null)], read = [.. Parse(_text, "--remedy").Remedy.Parts];
        if (written.SequenceEqual(read)) return;
        throw UsageError.Because($"--remedy {_text} is read back as another remedy: one of your own is a record, and Written says all of its values");
    }

    /// <summary>As results name it: its text, or null for none.</summary>
    public string? Name => this == None ? null : _text;

    /// <summary>The <see cref="Name"/> of a member's remedy.</summary>
    public static string? NameOf(Member member) => Of(member.Remedy).Name;

    /// <summary>Whether the texts are the same.</summary>
    public bool Equals(RemedyEntry? other) => string.Equals(_text, other?._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RemedyEntry);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether the texts are the same.</summary>
    public static bool operator ==(RemedyEntry? left, RemedyEntry? right) => left?.Equals(right) ?? right is null;

    /// <summary>Whether the texts differ.</summary>
    public static bool operator !=(RemedyEntry? left, RemedyEntry? right) => !(left == right);

    /// <summary>The text.</summary>
    public override string ToString() => _text;
}

internal sealed class RemedyEntryJson : JsonConverter<RemedyEntry>
{
    public override RemedyEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RemedyEntry.Parse(reader.GetString() ?? "", "a remedy");

    public override void Write(Utf8JsonWriter writer, RemedyEntry value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
