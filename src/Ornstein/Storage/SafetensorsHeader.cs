using System.Text.Json;
using System.Text.Unicode;

namespace Ornstein.Storage;

/// <summary>The header of a safetensors file, parsed and checked against the bytes that follow it.</summary>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsEntry> Entries,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, (SafetensorsEntry Entry, long Offset, long Count)> Places)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Parses the header; offsets become those of the file.</summary>
    internal static SafetensorsHeader Parse(string path, byte[] json, long dataLength)
    {
        try
        {
            if (json.Length == 0 || json[0] != '{' || !Utf8.IsValid(json)) throw new JsonException();
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return Check(path, document.RootElement, SafetensorsFile.PrefixLength + json.Length, dataLength);
        }
        // Half a surrogate pair, escaped, is seen only when the text is decoded: InvalidOperationException.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new OrnsteinException(Message(path, "its header is not valid JSON, or names something twice"), error);
        }
    }

    internal static OrnsteinException Bad(string path, string problem) => new(Message(path, problem));

    private static string Message(string path, string problem) => $"{FileTrouble.Quote(path)} is not a sound safetensors file: {problem}.";

    private static SafetensorsHeader Check(string path, JsonElement root, long dataStart, long dataLength)
    {
        var found = new List<(SafetensorsEntry Entry, long Begin, long End, long Count)>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.NameEquals(SafetensorsFile.MetadataKey)) ReadMetadata(path, property.Value, metadata);
            else found.Add(ReadTensor(path, property));
        }

        found.Sort(static (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long covered = 0;
        foreach ((SafetensorsEntry entry, long begin, long end, _) in found)
        {
            if (begin != covered || end > dataLength)
                throw Bad(path, $"tensor {FileTrouble.Quote(entry.Name)} is said to lie at {begin} to {end}, which overlaps another, "
                    + $"leaves a gap, or is outside the {dataLength} bytes of data");
            covered = end;
        }

        if (covered != dataLength) throw Bad(path, $"its tensors take {covered} bytes and it has {dataLength} bytes of data");
        return new SafetensorsHeader(
            [.. found.Select(tensor => tensor.Entry)],
            metadata,
            found.ToDictionary(
                tensor => tensor.Entry.Name, tensor => (tensor.Entry, dataStart + tensor.Begin, tensor.Count), StringComparer.Ordinal));
    }

    private static void ReadMetadata(string path, JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Bad(path, "its metadata is not an object");
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw Bad(path, $"its metadata {FileTrouble.Quote(property.Name)} is not text");
            metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private static (SafetensorsEntry Entry, long Begin, long End, long Count) ReadTensor(string path, JsonProperty property)
    {
        string quoted = FileTrouble.Quote(property.Name);
        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out JsonElement dtypeValue) || dtypeValue.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shapeValue) || !TryReadLengths(shapeValue, out long[] shape)
            || !value.TryGetProperty("data_offsets", out JsonElement offsetsValue) || !TryReadLengths(offsetsValue, out long[] offsets))
            throw Bad(path, $"tensor {quoted} needs a dtype, and a shape and data_offsets of whole numbers that are not negative");

        string dtype = dtypeValue.GetString()!;
        if (!SafetensorsDtype.TryGetSize(dtype, out int size))
            throw Bad(path, $"tensor {quoted} has the unknown dtype {FileTrouble.Quote(dtype)}");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
            throw Bad(path, $"tensor {quoted} needs data_offsets of a begin and an end after it");
        long bytes = offsets[1] - offsets[0];
        if (!SafetensorsDtype.TryCount(shape, out long count) || count != bytes / size || bytes % size != 0)
            throw Bad(path, $"tensor {quoted} has {bytes} bytes, which do not make the shape it states");
        return (new SafetensorsEntry(property.Name, dtype, shape), offsets[0], offsets[1], count);
    }

    private static bool TryReadLengths(JsonElement value, out long[] lengths)
    {
        lengths = [];
        if (value.ValueKind != JsonValueKind.Array) return false;
        var read = new long[value.GetArrayLength()];
        int next = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out read[next]) || read[next] < 0) return false;
            next++;
        }

        lengths = read;
        return true;
    }
}
