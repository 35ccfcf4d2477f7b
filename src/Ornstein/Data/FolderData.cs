using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>Data in a folder of the user: IDX files, OMNIGLOT's files, or PNG images.</summary>
internal static class FolderData
{
    private const string Unknown = "licence unknown";

    public static Dataset Load(string folder, CancellationToken cancellation) =>
        TryIdx(folder, folder, $"Files of {folder}; {Unknown}")
        ?? OmniglotData.TryLoad(folder, folder, cancellation)
        ?? PngFolder.TryLoad(folder, $"Images of {folder}; {Unknown}", cancellation)
        ?? throw new OrnsteinException(
            $"The folder {folder} holds no data that is recognised: IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte, "
            + "t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each also as .gz), chardata.mat or images_background.zip of OMNIGLOT, or "
            + "PNG images (in train/ and test/ or directly).");

    /// <summary>IDX files under the usual names; null where there are no images by those names. Labels may be absent.</summary>
    public static Dataset? TryIdx(string folder, string name, string attribution, PixelKind? kind = null)
    {
        var (trainPath, testPath) = (Find(folder, "train", "images"), Find(folder, "t10k", "images") ?? Find(folder, "test", "images"));
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

        var trainLabelPath = Find(folder, "train", "labels");
        var testLabelPath = Find(folder, "t10k", "labels") ?? Find(folder, "test", "labels");
        var trainLabels = Labels(trainLabelPath, train.Count);
        var testLabels = Labels(testLabelPath, test.Count);
        var features = train.Shape.Height * train.Shape.Width;
        return new Dataset
        {
            Name = name,
            Kind = kind ?? PixelKinds.Detect(train.Pixels, test.Pixels),
            Shape = train.Shape,
            Train = DataSplit.FromBytes(train.Pixels, features, trainLabels),
            Test = DataSplit.FromBytes(test.Pixels, features, testLabels),
            Attribution = attribution,
            Files = [.. new[] { trainPath, trainLabelPath, testPath, testLabelPath }.OfType<string>()],
        };
    }

    private static int[]? Labels(string? path, int count)
    {
        if (path is null) return null;
        var labels = IdxReader.Labels(path);
        return labels.Length == count ? labels : throw new OrnsteinException($"{path} has {labels.Length} labels for {count} images.");
    }

    private static string? Find(string folder, string part, string what)
    {
        var rank = what == "images" ? 3 : 1;
        string[] names = [$"{part}-{what}-idx{rank}-ubyte", $"{part}-{what}.idx{rank}-ubyte"];
        return names.SelectMany(n => new[] { n, n + ".gz" }).Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
    }
}

/// <summary>Tells binary images from grey ones.</summary>
internal static class PixelKinds
{
    /// <summary>Binary where all bytes are 0 or 255, or all are 0 or 1, which are then scaled to 255; otherwise intensities.</summary>
    public static PixelKind Detect(params ReadOnlySpan<byte[]> parts)
    {
        var (full, ones) = (true, true);
        foreach (var part in parts)
        {
            full = full && !part.AsSpan().ContainsAnyExcept<byte>(0, 255);
            ones = ones && !part.AsSpan().ContainsAnyExcept<byte>(0, 1);
        }

        if (full) return PixelKind.Binary;
        if (!ones) return PixelKind.Intensity;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length; i++) part[i] *= 255;
        }

        return PixelKind.Binary;
    }
}
