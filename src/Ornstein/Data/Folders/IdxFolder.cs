using System.Globalization;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>IDX files in a folder, under the usual names, plain or gzip. Labels may be absent.</summary>
internal static class IdxFolder
{
    private static readonly string[] _train = ["train"], _test = ["t10k", "test"];

    /// <summary>Whether there are files by these names.</summary>
    public static bool Has(string folder) => _train.Concat(_test).Any(part => Candidates(folder, part, "images").Any());

    /// <summary>The data of a folder; null where there are no images by those names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="attribution">Its source and licence.</param>
    /// <param name="options">How pixels are scaled.</param>
    /// <exception cref="OrnsteinException">Files are missing, damaged, or contradict each other.</exception>
    public static Dataset? TryLoad(string folder, string name, string attribution, DataOptions options)
    {
        var (trainPath, testPath) = (Find(folder, _train, "images"), Find(folder, _test, "images"));
        if (trainPath is null && testPath is null) return null;
        if (trainPath is null || testPath is null)
        {
            var (there, missing) = (Path.GetFileName(trainPath ?? testPath), trainPath is null ? "train" : "t10k");
            throw new OrnsteinException($"The folder {folder} has {there} but not {missing}-images-idx3-ubyte: both are needed.");
        }

        var train = IdxReader.Images(trainPath);
        var test = IdxReader.Images(testPath);
        if (train.Shape != test.Shape)
        {
            throw new OrnsteinException(
                $"{trainPath} has images of {train.Shape.Height}x{train.Shape.Width} but {testPath} of "
                + $"{test.Shape.Height}x{test.Shape.Width}: they must agree.");
        }

        var (trainLabelPath, testLabelPath) = (Find(folder, _train, "labels"), Find(folder, _test, "labels"));
        var (trainLabels, testLabels) = (Labels(trainLabelPath, train.Count), Labels(testLabelPath, test.Count));
        var features = train.Shape.Height * train.Shape.Width;
        var scaled = ScaledPixels.Of([new PixelLevels(train.Pixels), new PixelLevels(test.Pixels)], options.Scale);
        return new Dataset
        {
            Name = name,
            Kind = scaled.Kind,
            Shape = train.Shape,
            Train = Ordered(DataSplit.FromBytes(scaled.Parts[0], features, trainLabels)),
            Test = Ordered(DataSplit.FromBytes(scaled.Parts[1], features, testLabels)),
            Attribution = attribution,
            Files = [.. new[] { trainPath, trainLabelPath, testPath, testLabelPath }.OfType<string>()],
            Warnings = [.. new[] { OneSided(trainLabels, testLabels), NotTrainedOn(trainLabels, testLabels), scaled.Warning }.OfType<string>()],
        };
    }

    // Published files come shuffled and keep their order; those that somebody wrote class by class do not.
    private static DataSplit Ordered(DataSplit part) => part.Labels is { } labels && ClassOrder.IsSorted(labels) ? ClassOrder.Mix(part) : part;

    private static string? OneSided(int[]? train, int[]? test) => (train is null) == (test is null)
        ? null
        : $"the {(train is null ? "test" : "training")} data have labels and the {(train is null ? "training" : "test")} data have none: there is nothing to probe";

    private static string? NotTrainedOn(int[]? train, int[]? test)
    {
        if (train is null || test is null) return null;
        string[] classes = [.. test.Except(train).Order().Select(label => label.ToString(CultureInfo.InvariantCulture))];
        return classes.Length == 0 ? null : $"the test data have classes that are not trained on ({FolderWords.List(classes)}): no probe can name them";
    }

    private static int[]? Labels(string? path, int count)
    {
        if (path is null) return null;
        var labels = IdxReader.Labels(path);
        return labels.Length == count ? labels : throw new OrnsteinException($"{path} has {labels.Length} labels for {count} images.");
    }

    // A file that is there plain and as gzip, or under two spellings, must be the same file.
    private static string? Find(string folder, string[] parts, string what)
    {
        string[] found = [.. parts.SelectMany(part => Candidates(folder, part, what))];
        foreach (var other in found.Skip(1))
        {
            if (!Reading.ContentOf(found[0]).SequenceEqual(Reading.ContentOf(other)))
                throw new OrnsteinException($"{found[0]} and {Path.GetFileName(other)} beside it differ in their content: keep the right one of them.");
        }

        return found.FirstOrDefault();
    }

    private static IEnumerable<string> Candidates(string folder, string part, string what)
    {
        var rank = what == "images" ? 3 : 1;
        string[] names = [$"{part}-{what}-idx{rank}-ubyte", $"{part}-{what}.idx{rank}-ubyte"];
        return names.SelectMany(name => new[] { name, name + ".gz" }).Select(name => Path.Combine(folder, name)).Where(File.Exists);
    }
}
