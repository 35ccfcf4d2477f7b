using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>Pictures in a folder, in the parts and classes that the folders within it name.</summary>
internal static class PictureFolder
{
    /// <summary>The images of a folder; null where it has none.</summary>
    public static Dataset? TryLoad(
        FolderScan scan, string name, string attribution, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        if (PictureParts.Of(scan) is not { } parts) return null;
        var (train, validation, test) = (parts.Train, parts.Validation, parts.Test);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new OrnsteinException(
                $"The folder {scan.Path} has no pictures to {(test.Count == 0 ? "test" : "train")} on ({FolderWords.Seen(scan)}): two or more of a "
                + "class are needed, or some in both train/ and test/.");
        }

        var pixels = PictureCache.Of(parts, options, () => PicturePixels.Read(parts, name, options, progress, cancellation), cancellation);
        var scaled = ScaledPixels.Of(pixels.Parts, options.Scale);
        var (labels, unlabelled) = PictureClasses.Of(parts);
        DataSplit Part(int index) => ClassOrder.Mix(DataSplit.FromBytes(scaled.Parts[index], pixels.Features, labels[index]));
        return new Dataset
        {
            Name = name,
            Kind = scaled.Kind,
            Shape = pixels.Shape,
            Train = Part(0),
            Validation = validation.Count == 0 ? null : Part(1),
            Test = Part(2),
            Attribution = attribution,
            Files = [.. parts.All.Select(picture => picture.Path)],
            HasTransparency = pixels.HasAlpha,
            Warnings = [.. parts.Warnings, .. new[] { unlabelled, Transparency(pixels, options), scaled.Warning }.OfType<string>()],
        };
    }

    private static string? Transparency(PicturePixels pixels, DataOptions options) => !pixels.HasAlpha ? null
        : options.Background == PixelBackground.White ? "pictures are transparent in part and lie on white (--background black puts them on black)"
        : "pictures are transparent in part and lie on black (--background white puts them on white)";
}
