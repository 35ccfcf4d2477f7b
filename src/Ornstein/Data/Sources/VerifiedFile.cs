using System.Security.Cryptography;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>Puts files into the cache: only with the right content, and in one step, so that a reader never sees half of one.</summary>
internal static class VerifiedFile
{
    /// <summary>
    /// Copies a stream to a file of the given name in a folder, if its content is the known one; else leaves all as it was.
    /// </summary>
    /// <exception cref="InvalidDataException">The content is another.</exception>
    public static string Store(Stream content, KnownFile file, string folder)
    {
        Directory.CreateDirectory(folder);
        var target = Path.Combine(folder, file.Name);
        var temporary = Path.Combine(folder, $".{file.Name}.{Guid.NewGuid():n}.tmp");
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
            }

            File.Move(temporary, target, overwrite: true);
            return target;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Whether the file is there with the known length: what a load checks. Its hash was checked when it was stored.</summary>
    public static bool LooksRight(KnownFile file, string folder) =>
        new FileInfo(Path.Combine(folder, file.Name)) is { Exists: true } info && info.Length == file.Length;

    /// <summary>Whether the file is there with the known content.</summary>
    public static bool IsRight(KnownFile file, string folder)
    {
        if (!LooksRight(file, folder)) return false;
        using var stream = File.OpenRead(Path.Combine(folder, file.Name));
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == file.Sha256;
    }
}
