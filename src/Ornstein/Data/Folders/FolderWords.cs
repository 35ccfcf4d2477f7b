using System.Globalization;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>What was seen in a folder, in words: for messages that refuse it, and for the line that counts what was passed over.</summary>
internal static class FolderWords
{
    private const int Shown = 6;

    /// <summary>What there is: <c>40 PNG under val/; notes.txt; 3 .gif under cat/</c>.</summary>
    public static string Seen(FolderScan scan)
    {
        string[] parts = [.. scan.All.SelectMany(Parts)];
        if (parts.Length == 0) return scan.Folders.Count == 0 ? "nothing" : $"folders without files ({List(scan.Folders.Select(folder => folder.Shown))})";
        return List(parts, "; ");
    }

    /// <summary>How many files and hidden folders were not read: <c>30 .gif, 2 hidden</c>; null for none.</summary>
    /// <param name="scan">The folder.</param>
    /// <param name="read">Paths of what was read.</param>
    public static string? PassedOver(FolderScan scan, IEnumerable<string> read)
    {
        var taken = read.ToHashSet(StringComparer.Ordinal);
        var left = scan.All.SelectMany(folder => folder.Pictures.Concat(folder.Others.Select(name => Path.Combine(folder.Path, name)))).Where(file => !taken.Contains(file));
        string[] kinds = [.. left.GroupBy(Kind, StringComparer.OrdinalIgnoreCase).OrderByDescending(group => group.Count()).Select(group => $"{Count(group.Count())} {group.Key}")];
        string[] Counted(Func<FolderScan, IReadOnlyList<string>> names, string what) =>
            scan.All.SelectMany(names).ToArray() is { Length: > 0 } all ? [$"{Count(all.Length)} {what} ({List(all.Distinct(StringComparer.Ordinal))})"] : [];
        string[] every = [.. kinds, .. Counted(folder => folder.Hidden, "hidden"), .. Counted(folder => folder.Closed, "that cannot be read")];
        return every.Length == 0 ? null : "passed over: " + List(every);
    }

    /// <summary>Names, at most six, as they may be shown.</summary>
    public static string List(IEnumerable<string> names, string between = ", ")
    {
        string[] all = [.. names.Select(PrintableText.Of)];
        return string.Join(between, all.Take(Shown)) + (all.Length > Shown ? $"{between}and {Count(all.Length - Shown)} more" : "");
    }

    private static IEnumerable<string> Parts(FolderScan folder)
    {
        var under = folder.Shown.Length == 0 ? "" : $" under {folder.Shown}";
        foreach (var format in folder.Pictures.GroupBy(file => PictureFormats.Of(file)!.Name, StringComparer.Ordinal)) yield return $"{Count(format.Count())} {format.Key}{under}";
        foreach (var kind in folder.Others.GroupBy(Kind, StringComparer.OrdinalIgnoreCase))
            yield return (kind.Count() == 1 ? kind.First() : $"{Count(kind.Count())} {kind.Key}") + under;
    }

    // Names of IDX files have an ending of no use: each is a kind of its own.
    private static string Kind(string file) => Path.GetExtension(file) is { Length: > 1 and < 8 } ending ? ending : Path.GetFileName(file);

    /// <summary>A number with thousands apart.</summary>
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
