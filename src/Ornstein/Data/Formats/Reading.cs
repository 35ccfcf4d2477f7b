using System.Buffers;
using System.Security.Cryptography;
using Ornstein.Storage;

namespace Ornstein.Data.Formats;

/// <summary>
/// What all readers share: failures as one line that names the file, and memory that grows with the bytes that really arrive.
/// </summary>
internal static class Reading
{
    /// <summary>No file is taken to hold more decompressed bytes than this.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Runs a reader; what a damaged, missing or unreadable file can raise becomes an <see cref="OrnsteinException"/>.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException e)
        {
            throw new OrnsteinException($"{PrintableText.Of(path)} is truncated: it ends before the data that its header announces.", e);
        }
        catch (InvalidDataException e)
        {
            throw new OrnsteinException($"{PrintableText.Of(path)} is damaged or not of the kind its name says: {PrintableText.Line(e.Message)}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OrnsteinException($"{PrintableText.Of(path)} {Absence(path, e)}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OrnsteinException($"{PrintableText.Of(path)} cannot be read: {PrintableText.Line(e.Message)}", e);
        }
    }

    /// <summary>
    /// Reads exactly <paramref name="count"/> bytes. No more memory is taken at once than <paramref name="hint"/> or twice what
    /// came.
    /// </summary>
    public static byte[] Exactly(Stream stream, long count, long hint = 1 << 16)
    {
        if (count is < 0 or > MaxBytes) throw new InvalidDataException($"It announces {count} bytes; the limit is {MaxBytes}.");
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(count, Math.Max(hint, 256)));
        var filled = 0;
        while (true)
        {
            stream.ReadExactly(buffer.AsSpan(filled));
            filled = buffer.Length;
            if (filled == count) return buffer;
            var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(count, 2L * filled));
            buffer.CopyTo(larger, 0);
            buffer = larger;
        }
    }

    /// <summary>Reads to the end, refusing more than <paramref name="limit"/> bytes.</summary>
    public static byte[] ToEnd(Stream stream, long limit)
    {
        using var memory = new MemoryStream();
        Copy(stream, memory, limit);
        return memory.ToArray();
    }

    /// <summary>Copies to the end, refusing more than <paramref name="limit"/> bytes.</summary>
    public static long Copy(Stream from, Stream to, long limit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            long total = 0;
            int read;
            while ((read = from.Read(buffer)) > 0)
            {
                total += read;
                if (total > limit) throw new InvalidDataException($"It holds more than the {limit} bytes allowed.");
                to.Write(buffer, 0, read);
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Opens a file that holds something: a pipe, which has no length, would keep its reader waiting.</summary>
    /// <exception cref="EndOfStreamException">It is empty.</exception>
    public static FileStream OpenFile(string path) => new FileInfo(path) is { Exists: true, Length: 0 } ? throw new EndOfStreamException() : File.OpenRead(path);

    /// <summary>Opens a file, decompressed and held to its checksum where it begins as gzip does.</summary>
    public static Stream OpenPlainOrGzip(string path)
    {
        var file = OpenFile(path);
        try
        {
            var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            return gzip ? Decompression.Gzip(file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of a file's content, decompressed where it begins as gzip does.</summary>
    public static byte[] ContentOf(string path) => Guard(path, () =>
    {
        using var content = OpenPlainOrGzip(path);
        return SHA256.HashData(content);
    });

    // The framework names what it did not find; in a folder that may be something within.
    private static string Absence(string path, Exception e) =>
        FileTrouble.IsNotUtf8(path) ? "cannot be opened: its name is not valid UTF-8. Rename it"
        : FileTrouble.IsNotUtf8(e.Message) ? $"holds a name that is not valid UTF-8. Rename it ({PrintableText.Line(e.Message)})"
        : "does not exist";
}
