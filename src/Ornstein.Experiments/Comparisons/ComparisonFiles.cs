using Ornstein.Storage;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A comparison as files of one folder.</summary>
internal static class ComparisonFiles
{
    /// <summary>
    /// Writes <c>compare.csv</c>, <c>.md</c>, <c>.json</c>, <c>.svg</c> and <c>.png</c>, <c>training.csv</c>, <c>.svg</c> and <c>.png</c> with the curves, <c>differences.csv</c> where rows are compared with one, and <c>gradients.svg</c> and
    /// <c>.png</c> where every run has measured its gradients; the folder is made, and files of these names replaced.
    /// </summary>
    /// <exception cref="OrnsteinException">They cannot be written.</exception>
    public static void Write(string folder, Comparison comparison, IReadOnlyList<ComparedRun> runs)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", folder, error);
        }

        string File(string name) => Path.Combine(folder, name);
        void Picture(string name, byte[] content) => AtomicFile.Write(File(name), stream => stream.Write(content));
        AtomicFile.WriteText(File("compare.csv"), ComparisonText.Csv(comparison));
        if (comparison.Differences is { } differences) AtomicFile.WriteText(File("differences.csv"), ComparisonText.Csv(differences));
        AtomicFile.WriteText(File("compare.md"), ComparisonText.Markdown(comparison));
        AtomicFile.WriteText(File("compare.json"), comparison.Json() + "\n");
        AtomicFile.WriteText(File("compare.svg"), ComparisonFigure.Svg(comparison));
        Picture("compare.png", ComparisonFigure.Png(comparison));
        var curves = TrainingCurve.Of(comparison, runs);
        if (curves.Count == 0) return;
        var figure = TrainingFigure.Of(comparison, curves);
        AtomicFile.WriteText(File("training.csv"), TrainingCurve.Csv(curves));
        AtomicFile.WriteText(File("training.svg"), figure.Svg());
        Picture("training.png", figure.Png());
        if (TrainingFigure.OfGradients(comparison, curves) is not { } gradients) return;
        AtomicFile.WriteText(File("gradients.svg"), gradients.Svg());
        Picture("gradients.png", gradients.Png());
    }
}
