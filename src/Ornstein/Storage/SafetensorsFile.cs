using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Ornstein.Storage;

/// <summary>
/// The safetensors format: eight bytes of header length (little-endian), a JSON header with name, type, shape and offsets of each
/// tensor, then the elements. It holds numbers only, so that reading a stranger's file runs none of their code.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>The header's key for free text.</summary>
    internal const string MetadataKey = "__metadata__";

    /// <summary>The format's own limit on the header, in bytes.</summary>
    internal const int LongestHeader = 100_000_000;

    /// <summary>Bytes that hold the header's length.</summary>
    internal const int PrefixLength = sizeof(ulong);

    // A cache line: whoever maps the file can use the data in place with any vector instruction.
    private const int Alignment = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Creates or replaces a file, whole or not at all (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">The tensors, with distinct names; wider element types are laid out first, else the order stands.</param>
    /// <param name="metadata">Free text to keep with them, or null.</param>
    /// <exception cref="OrnsteinException">The file cannot be written: disk full, no permission, no such folder.</exception>
    /// <exception cref="ArgumentException">Two tensors share a name, a name is reserved or no valid text, or a tensor's elements
    /// are not as many as its shape says; the old file stands.</exception>
    public static void Write(
        string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsTensor[] ordered = [.. tensors.OrderByDescending(tensor => ElementSize(tensor.Entry))];
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (SafetensorsTensor tensor in ordered) tensor.WriteTo(stream);
        });
    }

    /// <summary>
    /// Opens a file and checks all that its header says: nothing is outside the file, overlaps, is left over or missing. The
    /// elements are read when asked for; dispose the result to close the file.
    /// </summary>
    /// <exception cref="OrnsteinException">The file cannot be read, or is no sound safetensors file.</exception>
    public static SafetensorsContent Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SafetensorsContent.Open(path);
    }

    private static byte[] Header(SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[PrefixLength]);
        using (var json = new Utf8JsonWriter(buffer)) WriteJson(json, tensors, metadata);
        while (buffer.Length % Alignment != 0) buffer.WriteByte((byte)' ');
        byte[] header = buffer.ToArray();
        if (header.Length - PrefixLength > LongestHeader)
            throw new ArgumentException($"The names and texts need more than the {LongestHeader} bytes that a header may have.");
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - PrefixLength));
        return header;
    }

    private static void WriteJson(Utf8JsonWriter json, SafetensorsTensor[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        json.WriteStartObject();
        if (metadata is { Count: > 0 }) WriteMetadata(json, metadata);
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataKey };
        long begin = 0;
        foreach (SafetensorsEntry entry in tensors.Select(tensor => tensor.Entry))
        {
            if (!names.Add(entry.Name)) throw new ArgumentException($"The name '{entry.Name}' is reserved or used twice.");
            long end = checked(begin + Count(entry) * ElementSize(entry));
            json.WriteStartObject(Text(entry.Name));
            json.WriteString("dtype", entry.Dtype);
            json.WriteStartArray("shape");
            foreach (long length in entry.Shape) json.WriteNumberValue(length);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(begin);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            begin = end;
        }

        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataKey);
        foreach ((string key, string value) in metadata) json.WriteString(Text(key), Text(value));
        json.WriteEndObject();
    }

    // The writer would replace half a surrogate pair, and two names could become one: throws EncoderFallbackException instead.
    private static string Text(string text)
    {
        _ = StrictUtf8.GetByteCount(text);
        return text;
    }

    private static int ElementSize(SafetensorsEntry entry) =>
        SafetensorsDtype.TryGetSize(entry.Dtype, out int size) ? size : throw new ArgumentException($"No such type: {entry.Dtype}.");

    private static long Count(SafetensorsEntry entry) =>
        SafetensorsDtype.TryCount(entry.Shape, out long count) ? count : throw new ArgumentException("The shape is too large.");
}
