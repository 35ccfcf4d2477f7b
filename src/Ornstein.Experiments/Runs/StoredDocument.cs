using System.Text.Json;
using Ornstein.Results;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>Reads documents that say in <c>format</c> which version of their form they have.</summary>
internal static class StoredDocument
{
    /// <summary>The version that this program writes and reads.</summary>
    private const int Known = 1;

    /// <summary>Reads a document.</summary>
    /// <exception cref="OrnsteinException">A later version of Ornstein wrote it, or it cannot be read.</exception>
    /// <exception cref="JsonException">It is damaged, or not of this kind.</exception>
    public static T? Read<T>(string path) => Parse<T>(TextFile.Read(path), path);

    /// <summary>As <see cref="Read"/>, of a text; <paramref name="path"/> is what errors call it.</summary>
    internal static T? Parse<T>(string json, string path)
    {
        using (var document = JsonDocument.Parse(json))
        {
            // Before all else: a later form may have any keys.
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("format", out var format)
                && format.ValueKind == JsonValueKind.Number && format.GetDouble() is var version && version != Known)
            {
                throw version > Known
                    ? new OrnsteinException($"'{path}' was written by a later version of Ornstein (format {format.GetRawText()}); read it with that version.")
                    : new JsonException("unknown format");
            }
        }

        return JsonSerializer.Deserialize<T>(json, ResultJson.Indented);
    }
}
