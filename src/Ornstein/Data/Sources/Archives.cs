using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>Takes known files out of archives.</summary>
internal static class Archives
{
    /// <summary>
    /// Stores the files of a set that a tar.gz holds; names in the archive are only compared, never used as paths.
    /// </summary>
    /// <param name="archive">Path of the archive.</param>
    /// <param name="set">The set.</param>
    /// <param name="within">Folder of its files in the archive, with a slash at the end.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>Paths of the stored files.</returns>
    /// <exception cref="OrnsteinException">It is damaged or truncated, or lacks a file.</exception>
    public static IReadOnlyList<string> Unpack(string archive, KnownSet set, string within, string folder) => Reading.Guard(archive, () =>
    {
        using var gzip = Decompression.Gzip(File.OpenRead(archive));
        var stored = new List<string>();
        KnownFile? Find(string name) => set.Files.FirstOrDefault(file => name == within + file.Name);
        TarFiles.Read(gzip, (name, size) => Find(name)?.Length == size, (name, content) =>
        {
            using var stream = new MemoryStream(content);
            stored.Add(VerifiedFile.Store(stream, Find(name)!, folder));
        });

        if (stored.Count != set.Files.Count) throw new InvalidDataException($"It lacks files of {set.Name}.");
        return (IReadOnlyList<string>)stored;
    });
}
