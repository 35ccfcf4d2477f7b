using System.Text.Json;
using System.Text.Json.Nodes;
using Ornstein.Data;
using Ornstein.Results;
using Ornstein.Steps;
using Ornstein.Storage;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// <c>config.json</c>: every setting at the top level and, as a run writes it, <c>provenance</c>, <c>fingerprint</c>, <c>warnings</c> and <c>engine</c>, which
/// reading ignores, so that a run's own file repeats it.
/// </summary>
internal static class SettingsJson
{
    private const string ProvenanceKey = "provenance", FingerprintKey = "fingerprint", WarningsKey = "warnings", EngineKey = "engine";

    /// <summary>The document, with provenance and facts at its end.</summary>
    public static string Write(RunSettings settings, Provenance? provenance, RunFacts? facts = null)
    {
        JsonObject document = JsonSerializer.SerializeToNode(settings, ResultJson.Indented)!.AsObject();
        if (provenance is not null) document[ProvenanceKey] = JsonSerializer.SerializeToNode(provenance, ResultJson.Indented);
        if (facts is not null)
        {
            document[FingerprintKey] = JsonSerializer.SerializeToNode(facts.Fingerprint, ResultJson.Indented);
            document[WarningsKey] = JsonSerializer.SerializeToNode(facts.Warnings, ResultJson.Indented);
            if (facts.Engine is not null) document[EngineKey] = JsonSerializer.SerializeToNode(facts.Engine, ResultJson.Indented);
        }

        return document.ToJsonString(ResultJson.Indented) + "\n";
    }

    /// <summary>Settings of a file laid over <paramref name="defaults"/>; not yet validated.</summary>
    public static RunSettings Read(string path, RunSettings defaults) => Parse(ReadText(path), path, defaults);

    /// <summary>Settings that a run stored, for those who only show them: parts of one's own that nobody has registered here keep their names.</summary>
    public static RunSettings ReadStored(string path) => Parse(ReadText(path), path, RunSettings.ForPhase, keepsUnknown: true);

    /// <summary>The text of a file that <c>--config</c> names.</summary>
    public static string ReadText(string path)
    {
        if (Directory.Exists(path))
        {
            throw UsageError.Because($"--config {path} is a folder; give a JSON file, such as {Path.Combine(path, "config.json")}");
        }
        if (!File.Exists(path)) throw UsageError.Because($"--config {path} does not exist");
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw UsageError.Because($"--config {path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>As <see cref="Read"/>, of a text; <paramref name="name"/> is what errors call it.</summary>
    public static RunSettings Parse(string json, string name, RunSettings defaults, bool keepsUnknown = false)
    {
        using JsonDocument document = Open(json, name);
        RunSettings settings = defaults with { };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in document.RootElement.EnumerateObject())
        {
            if (!seen.Add(entry.Name)) throw UsageError.Because($"{name}: \"{entry.Name}\" is given twice");
            if (entry.Name is ProvenanceKey or FingerprintKey or WarningsKey or EngineKey) continue;
            Setting setting = SettingsSchema.Run.FirstOrDefault(s => string.Equals(s.Key, entry.Name, StringComparison.Ordinal))
                ?? throw Unknown(name, entry.Name);
            setting.Set(settings, Value(setting, entry.Value, $"{name}: \"{entry.Name}\"", keepsUnknown));
        }

        // Runs that are older than the setting read pictures as grey, whatever colour they had.
        bool isOlder = seen.Contains(ProvenanceKey) && !seen.Contains(SettingsSchema.KeyOf(nameof(RunSettings.Colour)));
        return isOlder && !DatasetCatalog.IsKnown(settings.Data) ? settings with { Colour = PixelColour.Grey } : settings;
    }

    /// <summary>The provenance in a run's <c>config.json</c>.</summary>
    public static Provenance ReadProvenance(string path)
    {
        using JsonDocument document = Open(TextFile.Read(path), path);
        try
        {
            return document.RootElement.GetProperty(ProvenanceKey).Deserialize<Provenance>(ResultJson.Indented) ?? throw new JsonException();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            throw new OrnsteinException($"{path} has no whole \"{ProvenanceKey}\": it is not the config.json that a run wrote.", exception);
        }
    }

    /// <summary>What the run of a <c>config.json</c> found out at its start; nothing where an earlier version wrote it.</summary>
    public static RunFacts ReadFacts(string path)
    {
        using JsonDocument document = Open(TextFile.Read(path), path);
        try
        {
            T? Value<T>(string key) => document.RootElement.TryGetProperty(key, out JsonElement value) ? value.Deserialize<T>(ResultJson.Indented) : default;
            return new RunFacts(Value<RunFingerprint>(FingerprintKey), [.. (Value<string?[]>(WarningsKey) ?? []).OfType<string>()], Value<Engine>(EngineKey));
        }
        catch (JsonException exception)
        {
            throw new OrnsteinException($"{path} has a damaged \"{FingerprintKey}\", \"{WarningsKey}\" or \"{EngineKey}\": it is not the config.json that a run wrote.", exception);
        }
    }

    internal static JsonDocument Open(string json, string name)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException exception)
        {
            throw UsageError.Because(
                $"{name} is not valid JSON: look at line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}");
        }

        string? wrong = document.RootElement.ValueKind != JsonValueKind.Object
            ? $"{name} should be a JSON object with settings, such as {{ \"epochs\": 20 }}, but is {Describe(document.RootElement)}"
            : IsText(document.RootElement) ? null : $"{name} is not valid JSON: a text in it has half a character, written \\ud800 to \\udfff";
        if (wrong is null) return document;
        document.Dispose();
        throw UsageError.Because(wrong);
    }

    // Half a surrogate pair, escaped, is seen only when a text is decoded.
    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsText),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static object? Value(Setting setting, JsonElement element, string where, bool keepsUnknown)
    {
        bool list = setting.Type.IsArray;
        bool none =
            element.ValueKind == JsonValueKind.String && string.Equals(element.GetString(), SettingText.None, StringComparison.Ordinal);
        if (element.ValueKind == JsonValueKind.Null && setting.IsOptional) return null;
        if (list && setting.Declaration.AllowNone && (none || IsEmpty(element)))
        {
            return Array.CreateInstance(setting.Type.GetElementType()!, 0);
        }
        string? text = list
            ? Joined(',', element, item => Scalar(setting.Type.GetElementType()!, item))
            : Scalar(setting.Type, element);
        if (text is null) throw UsageError.Because($"{where} should be {SettingText.Expected(setting)}, but is {Describe(element)}");
        return setting.Type == typeof(string) ? text : SettingText.Parse(setting, text, where, keepsUnknown);
    }

    private static string? Scalar(Type type, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String when type == typeof(string) || type == typeof(Shape) || IsName(type) => element.GetString(),
        JsonValueKind.Number when type != typeof(string) && !IsName(type) => element.GetRawText(),
        JsonValueKind.True or JsonValueKind.False when type == typeof(bool) => element.GetRawText(),
        JsonValueKind.Array when type == typeof(RhoEntry) => Joined(':', element, item => Scalar(typeof(double), item)),
        _ => null,
    };

    // What configurations write as a text, and the program reads as something of its own.
    private static bool IsName(Type type) => type == typeof(RemedyEntry) || type == typeof(LikelihoodEntry) || type == typeof(PriorEntry) || type.IsEnum;

    private static string? Joined(char separator, JsonElement array, Func<JsonElement, string?> text)
    {
        if (array.ValueKind != JsonValueKind.Array) return null;
        string?[] items = [.. array.EnumerateArray().Select(text)];
        return items.Length == 0 || items.Contains(null) ? null : string.Join(separator, items);
    }

    private static bool IsEmpty(JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0;

    private static string Describe(JsonElement element)
    {
        string raw = element.GetRawText().ReplaceLineEndings(" ");
        if (raw.Length > 40) raw = raw[..40] + "...";
        return element.ValueKind switch
        {
            JsonValueKind.String => $"the text {raw}",
            JsonValueKind.Number => $"the number {raw}",
            JsonValueKind.Array => $"the list {raw}",
            JsonValueKind.Object => "an object",
            _ => raw,
        };
    }

    private static OrnsteinException Unknown(string name, string key) =>
        UsageError.Because($"{name}: unknown key \"{key}\"" + Suggestions.DidYouMean(key, SettingsSchema.Run.Select(s => s.Key)));
}
