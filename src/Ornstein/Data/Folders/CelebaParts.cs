using System.Globalization;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>The parts of CelebA: pictures, at any place of the folder, and a list that says of each whether it is to train on (0), for the curves (1) or to test on (2).</summary>
internal static class CelebaParts
{
    private const string List = "list_eval_partition.txt";

    /// <summary>Whether the list is there.</summary>
    public static bool Has(FolderScan scan) => scan.Others.Contains(List, StringComparer.Ordinal);

    /// <summary>The parts of the pictures that are there; null where there is no list.</summary>
    /// <exception cref="OrnsteinException">A line of the list is something else, or a picture is not in it.</exception>
    public static PictureParts? TryOf(FolderScan scan)
    {
        if (!Has(scan)) return null;
        var path = Path.Combine(scan.Path, List);
        var partOf = Reading.Guard(path, () => Read(path));
        List<Picture>[] parts = [[], [], []];
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var picture in scan.All.SelectMany(folder => folder.Pictures))
        {
            if (!partOf.TryGetValue(Path.GetFileName(picture), out var part)) throw new OrnsteinException($"{picture} is not in {path}: each of its lines names a picture and its part.");
            if (!places.TryAdd(Path.GetFileName(picture), picture))
                throw new OrnsteinException($"{places[Path.GetFileName(picture)]} and {picture} have one name, and {path} names pictures: keep one of the two folders.");
            parts[part].Add(new Picture(picture, null));
        }

        if (Array.FindIndex(parts, part => part.Count == 0) is 0 or 2)
            throw new OrnsteinException($"{path} gives no picture that is there to {(parts[0].Count == 0 ? "train on (part 0)" : "test on (part 2)")}; both are needed.");
        return new PictureParts(parts[0], parts[1], parts[2]);
    }

    private static Dictionary<string, int> Read(string path)
    {
        var partOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, var part]
                || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index > 2)
            {
                throw new InvalidDataException($"A line is not a picture and its part, 0, 1 or 2: '{PrintableText.Line(line)}'.");
            }

            if (!partOf.TryAdd(name, index)) throw new InvalidDataException($"It names '{PrintableText.Line(name)}' twice.");
        }

        return partOf;
    }
}
