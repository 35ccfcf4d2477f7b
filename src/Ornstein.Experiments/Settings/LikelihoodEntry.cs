using System.Text.Json;
using System.Text.Json.Serialization;
using Ornstein.Likelihoods;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// The name of a likelihood in settings: <c>auto</c>, which takes what the data ask for, <c>bernoulli</c>, <c>gaussian</c>, or that of one registered with
/// <see cref="Ornstein.Likelihoods.Likelihood.Register"/>.
/// </summary>
/// <param name="Name">The name.</param>
[JsonConverter(typeof(LikelihoodEntryJson))]
public readonly record struct LikelihoodEntry(string Name)
{
    /// <summary>Bernoulli for binary data, else Gaussian.</summary>
    public static LikelihoodEntry Auto { get; } = new("auto");

    /// <summary>Binary pixels.</summary>
    public static LikelihoodEntry Bernoulli { get; } = new("bernoulli");

    /// <summary>Real numbers.</summary>
    public static LikelihoodEntry Gaussian { get; } = new("gaussian");

    /// <summary>All names that are known.</summary>
    public static IEnumerable<string> Names => [Auto.Name, .. Likelihood.Names];

    /// <inheritdoc/>
    public override string ToString() => Name ?? Auto.Name;

    /// <summary>Reads a name.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="where">What to name in an error: <c>--likelihood</c>, or the file and key.</param>
    /// <exception cref="OrnsteinException">A usage error: no likelihood of that name is known.</exception>
    internal static LikelihoodEntry Parse(string text, string where) => Names.Contains(text, StringComparer.Ordinal)
        ? new LikelihoodEntry(text)
        : throw UnknownName.Of(where, text, text, [.. Names], "Likelihood.Register");
}

internal sealed class LikelihoodEntryJson : JsonConverter<LikelihoodEntry>
{
    public override LikelihoodEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LikelihoodEntry.Parse(reader.GetString() ?? "", "a likelihood");

    public override void Write(Utf8JsonWriter writer, LikelihoodEntry value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
