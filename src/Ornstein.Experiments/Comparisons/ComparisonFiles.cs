using Ornstein.Storage;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A comparison as files of one folder.</summary>
internal static class ComparisonFiles
{
    /// <summary>Writes <c>compare.csv</c>, <c>.md</c>, <c>.json</c>, <c>.svg</c> and <c>.png</c>; the folder is made, and files of these names replaced.</summary>
    /// <exception cref="OrnsteinException">They cannot be written.</exception>
    public static void Write(string folder, Comparison comparison)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", folder, error);
        }

        string File(string extension) => Path.Combine(folder, "compare." + extension);
        AtomicFile.WriteText(File("csv"), ComparisonText.Csv(comparison));
        AtomicFile.WriteText(File("md"), ComparisonText.Markdown(comparison));
        AtomicFile.WriteText(File("json"), comparison.Json() + "\n");
        AtomicFile.WriteText(File("svg"), ComparisonFigure.Svg(comparison));
        var picture = ComparisonFigure.Png(comparison);
        AtomicFile.Write(File("png"), stream => stream.Write(picture));
    }
}
