using System.Security.Cryptography;
using Ornstein.Data.Formats;
using Ornstein.Storage;

namespace Ornstein.Data.Sources;

/// <summary>
/// Puts files into the cache: only with the right content, and in one step, so that a reader never sees half of one. Whoever reads one
/// sees that it is still so.
/// </summary>
internal static class VerifiedFile
{
    // Hexadecimal digits of a hash: enough to tell two files apart, and to look for them.
    private const int HashShown = 12;

    /// <summary>
    /// Copies a stream to a file of the given name in a folder, if its content is the known one; else leaves all as it was.
    /// </summary>
    /// <exception cref="InvalidDataException">The content is another.</exception>
    public static string Store(Stream content, KnownFile file, string folder)
    {
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, file.Name);
        UnfinishedFile.RemoveLeft(target);
        var temporary = UnfinishedFile.For(target);
        try
        {
            using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            using (var hash = SHA256.Create())
            using (var hashing = new CryptoStream(output, hash, CryptoStreamMode.Write))
            {
                var length = Reading.Copy(content, hashing, file.Length);
                hashing.FlushFinalBlock();
                if (length != file.Length) throw new InvalidDataException($"It has {length} bytes instead of {file.Length}.");
                var found = Convert.ToHexStringLower(hash.Hash!);
                if (found != file.Sha256) throw new InvalidDataException($"Its SHA-256 is {found} instead of {file.Sha256}.");
                output.Flush();
            }

            File.Move(temporary, target, overwrite: true);
            return target;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// Opens a file, plain or gzip, to be read to its end: there the stream raises an <see cref="InvalidDataException"/> if what passed is
    /// not the known content.
    /// </summary>
    public static Stream Open(string path, KnownFile file)
    {
        if (file.AsPublished)
        {
            using (var whole = Reading.OpenFile(path)) Compare(Convert.ToHexStringLower(SHA256.HashData(whole)), file);
            return Reading.OpenPlainOrGzip(path);
        }

        var content = Reading.OpenPlainOrGzip(path);
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        return new ForwardStream(
            buffer =>
            {
                var read = content.Read(buffer);
                hash.AppendData(buffer[..read]);
                if (read == 0 && !buffer.IsEmpty) Compare(Convert.ToHexStringLower(hash.GetCurrentHash()), file);
                return read;
            },
            [content, hash]);
    }

    /// <summary>Opens what is to be stored: decompressed where it begins as gzip does, unless it is kept as published.</summary>
    public static Stream OpenToStore(string path, KnownFile file) => file.AsPublished ? Reading.OpenFile(path) : Reading.OpenPlainOrGzip(path);

    /// <summary>Reads a file through to see that it has the known content; its length.</summary>
    /// <exception cref="OrnsteinException">It has another, or cannot be read.</exception>
    public static long Check(string path, KnownFile file) => Reading.Guard(path, () =>
    {
        using var content = Open(path, file);
        return Reading.Copy(content, Stream.Null, Math.Max(file.Length, new FileInfo(path).Length));
    });

    private static void Compare(string found, KnownFile file)
    {
        if (found == file.Sha256) return;
        throw new InvalidDataException(
            $"Its SHA-256 begins with {found[..HashShown]}, that of the known file with {file.Sha256[..HashShown]}.");
    }

    /// <summary>Whether the file is there with the known length. Only reading it tells whether it has the known content.</summary>
    public static bool LooksRight(KnownFile file, string folder) =>
        new FileInfo(Path.Combine(folder, file.Name)) is { Exists: true } info && info.Length == file.Length;

    /// <summary>Whether the file is there with the known content.</summary>
    public static bool IsRight(KnownFile file, string folder)
    {
        if (!LooksRight(file, folder)) return false;
        try
        {
            using var stream = File.OpenRead(Path.Combine(folder, file.Name));
            return IsKnown(stream, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or not to be read
        }
    }

    private static bool IsKnown(FileStream stream, KnownFile file) => Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
}
