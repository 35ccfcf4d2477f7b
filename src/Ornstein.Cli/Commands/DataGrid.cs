using Ornstein.Data;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Settings;
using Ornstein.Storage;

namespace Ornstein.Cli.Commands;

/// <summary>The picture of <c>data info --grid</c>.</summary>
internal static class DataGrid
{
    private const int Side = 8;

    /// <summary>Draws the first pictures to train on, in rows of eight.</summary>
    /// <exception cref="OrnsteinException">The data are no pictures, or the file is one of theirs or cannot be written.</exception>
    public static void Save(Dataset data, string file)
    {
        if (string.IsNullOrWhiteSpace(file)) throw UsageError.Because("--grid is empty; give a file to draw into, such as grid.png");
        if (data.Files.Select(Path.GetFullPath).Contains(Path.GetFullPath(file), StringComparer.Ordinal))
            throw UsageError.Because($"--grid {PrintableText.Of(file)} is one of the data's own files; give another");
        if (data.Shape is not { } shape || data.Train.Bytes is not { } bytes) throw new OrnsteinException($"--grid draws pictures, and data '{PrintableText.Of(data.Name)}' are numbers; leave it out.");
        var columns = Math.Min(Side, data.Train.Count);
        var rows = Math.Clamp(data.Train.Count / columns, 1, Side);
        var png = ImageGrid.Png(bytes[..(rows * columns * data.Features)], rows, columns, shape);
        AtomicFile.Write(file, stream => stream.Write(png));
    }
}
