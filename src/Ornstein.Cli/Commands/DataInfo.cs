using System.Globalization;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Text;
using Ornstein.Data;

namespace Ornstein.Cli.Commands;

/// <summary>What <c>data info</c> says of a data set.</summary>
internal sealed record DataInfo(
    string Name, PixelKind Kind, ImageShape? Shape, int Features, PartInfo Train, PartInfo? Validation, PartInfo Test, string Attribution, FileEntry[] Files,
    string[] Warnings)
{
    private const int FilesShown = 8;

    // All of a folder's pictures are hashed only where all are shown.
    private int MoreFiles { get; init; }

    public static DataInfo Of(Dataset data, bool allFiles) => new(
        data.Name,
        data.Kind,
        data.Shape,
        data.Features,
        PartInfo.Of(data.Train),
        data.Validation is { } validation ? PartInfo.Of(validation) : null,
        PartInfo.Of(data.Test),
        data.Attribution,
        [.. data.Files.Take(allFiles ? int.MaxValue : FilesShown).Select(FileEntry.Of)],
        [.. data.Warnings, .. RunData.Constant(data)])
    {
        MoreFiles = allFiles ? 0 : Math.Max(0, data.Files.Count - FilesShown),
    };

    public void Write(TextWriter output)
    {
        void Line(string name, string text) => ScreenWriter.WriteNamed(output, name.PadRight(10), PrintableText.Of(text));
        Line("name", Name);
        Line("kind", Kind.ToString().ToLowerInvariant());
        if (Shape is null) Line("features", $"{Features}");
        else Line("shape", Shape.Channels == 1 ? $"{Shape} ({Features} pixels)" : $"{Shape} ({Shape.Channels} channels, {Features} numbers)");
        Line("train", $"{Train}");
        if (Validation is not null) Line("curves", $"{Validation}");
        Line("test", $"{Test}");
        Line("source", Attribution);
        foreach (var file in Files) Line("file", $"{file.Path} ({file.Length} bytes, SHA-256 {file.Sha256})");
        if (MoreFiles > 0) Line("file", $"... and {MoreFiles} more (all with --json)");
        foreach (var warning in Warnings) Line("warning", warning);
    }
}

/// <summary>What <c>data info</c> says of a part; means are in units of full ink (1) for images.</summary>
internal sealed record PartInfo(int Count, int? Classes, double Mean, double StandardDeviation)
{
    public static PartInfo Of(DataSplit part)
    {
        var (sum, squares) = (0.0, 0.0);
        if (part.Bytes is { } bytes)
        {
            var counts = new long[256];
            foreach (var b in bytes) counts[b]++;
            for (var b = 0; b < 256; b++)
            {
                sum += counts[b] * (b / 255.0);
                squares += counts[b] * (b / 255.0) * (b / 255.0);
            }
        }

        foreach (double x in part.Reals ?? [])
        {
            sum += x;
            squares += x * x;
        }

        var n = (double)part.Count * part.Features;
        var mean = sum / n;
        return new(part.Count, part.Labels?.Distinct().Count(), mean, Math.Sqrt(Math.Max(0, (squares / n) - (mean * mean))));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count}{(Classes is { } c ? $" of {c} classes" : "")}, mean {Mean:0.####}, standard deviation {StandardDeviation:0.####}");
}
