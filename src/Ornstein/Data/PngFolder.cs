using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>
/// PNG images of one size in a folder: in <c>train/</c> and <c>test/</c>, or directly, and there in one folder per class or in none.
/// Without <c>train/</c> and <c>test/</c>, the last tenth of each class by name is to test on.
/// </summary>
internal static class PngFolder
{
    public static Dataset? TryLoad(string folder, string attribution, CancellationToken cancellation)
    {
        var (train, test) = List(folder);
        if (train.Count == 0 && test.Count == 0) return null;
        if (train.Count == 0 || test.Count == 0)
        {
            throw new OrnsteinException(
                $"The folder {folder} has no PNG images to {(test.Count == 0 ? "test" : "train")} on: two or more of a class are needed, "
                + "or some in both train/ and test/.");
        }

        var labels = train.Concat(test).Select(i => i.Class).OfType<string>();
        string[] classes = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var shape = PngReader.Read(train[0].Path).Shape;
        var (trainPart, testPart) = (Read(train, shape, classes, cancellation), Read(test, shape, classes, cancellation));
        return new Dataset
        {
            Name = folder,
            Kind = PixelKinds.Detect(trainPart.Bytes!, testPart.Bytes!),
            Shape = shape,
            Train = trainPart,
            Test = testPart,
            Attribution = attribution,
            Files = [.. train.Concat(test).Select(i => i.Path)],
        };
    }

    private static (IReadOnlyList<Item> Train, IReadOnlyList<Item> Test) List(string folder)
    {
        var (trainFolder, testFolder) = (Path.Combine(folder, "train"), Path.Combine(folder, "test"));
        if (Directory.Exists(trainFolder) && Directory.Exists(testFolder)) return (Images(trainFolder), Images(testFolder));
        List<Item> train = [], test = [];
        foreach (var group in Images(folder).GroupBy(i => i.Class, StringComparer.Ordinal))
        {
            Item[] items = [.. group];
            var held = items.Length < 2 ? 0 : Math.Max(1, items.Length / 10);
            train.AddRange(items[..^held]);
            test.AddRange(items[^held..]);
        }

        return (train, test);
    }

    private static List<Item> Images(string folder) => Reading.Guard(folder, () =>
    {
        var direct = Pngs(folder, null);
        List<Item> inClasses = [];
        foreach (var sub in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            inClasses.AddRange(Pngs(sub, Path.GetFileName(sub)));
        if (direct.Count > 0 && inClasses.Count > 0)
            throw new OrnsteinException($"The folder {folder} has PNG images both directly and in class folders: use one of the two.");
        return direct.Count > 0 ? direct : inClasses;
    });

    private static List<Item> Pngs(string folder, string? label) =>
    [
        .. Directory.GetFiles(folder)
            .Where(f => f.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && !Path.GetFileName(f).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .Select(f => new Item(f, label)),
    ];

    private static DataSplit Read(IReadOnlyList<Item> items, ImageShape shape, string[] classes, CancellationToken cancellation)
    {
        var features = shape.Height * shape.Width;
        if ((long)items.Count * features > Reading.MaxBytes)
        {
            throw new OrnsteinException(
                $"{items.Count} images of {shape.Height}x{shape.Width} are more than the limit of {Reading.MaxBytes} pixels.");
        }


        var bytes = new byte[items.Count * features];
        for (var i = 0; i < items.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var image = PngReader.Read(items[i].Path);
            var found = image.Shape;
            if (found != shape)
            {
                throw new OrnsteinException(
                    $"{items[i].Path} is {found.Height}x{found.Width} but the first image is {shape.Height}x{shape.Width}: "
                    + "all must have one size.");
            }

            image.ToBytes().CopyTo(bytes, i * features);
        }

        return DataSplit.FromBytes(bytes, features, classes.Length == 0 ? null : [.. items.Select(i => Array.IndexOf(classes, i.Class))]);
    }

    private sealed record Item(string Path, string? Class);
}
