using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>PNG images of one size in a folder, read as grey, in the parts and classes that the folders within it name.</summary>
internal static class PngFolder
{
    /// <summary>The images of a folder; null where it has none.</summary>
    public static Dataset? TryLoad(FolderScan scan, string name, string attribution, DataOptions options, CancellationToken cancellation)
    {
        if (PictureParts.Of(scan) is not { } parts) return null;
        var (train, validation, test) = (parts.Train, parts.Validation, parts.Test);
        if (train.Count == 0 || test.Count == 0)
        {
            throw new OrnsteinException(
                $"The folder {scan.Path} has no PNG images to {(test.Count == 0 ? "test" : "train")} on ({FolderWords.Seen(scan)}): two or more of a "
                + "class are needed, or some in both train/ and test/.");
        }

        var reader = new PartReader(PngReader.Read(train[0].Path).Shape, options.Background == PixelBackground.White ? byte.MaxValue : (byte)0, cancellation);
        PixelLevels[] levels = [.. new[] { train, validation, test }.Select(reader.Read)];
        var scaled = ScaledPixels.Of(levels, options.Scale);
        var (labels, unlabelled) = PictureClasses.Of(parts);
        DataSplit Part(int index) => ClassOrder.Mix(DataSplit.FromBytes(scaled.Parts[index], reader.Features, labels[index]));
        return new Dataset
        {
            Name = name,
            Kind = scaled.Kind,
            Shape = reader.Shape,
            Train = Part(0),
            Validation = validation.Count == 0 ? null : Part(1),
            Test = Part(2),
            Attribution = attribution,
            Files = [.. train.Concat(validation).Concat(test).Select(picture => picture.Path)],
            HasTransparency = reader.HasAlpha,
            Warnings = [.. parts.Warnings, .. new[] { unlabelled, Transparency(reader, options), scaled.Warning }.OfType<string>()],
        };
    }

    private static string? Transparency(PartReader reader, DataOptions options) => !reader.HasAlpha ? null
        : options.Background == PixelBackground.White ? "pictures are transparent in part and lie on white (--background black puts them on black)"
        : "pictures are transparent in part and lie on black (--background white puts them on white)";

    private sealed class PartReader(ImageShape shape, byte background, CancellationToken cancellation)
    {
        public ImageShape Shape => shape;

        public int Features => shape.Height * shape.Width;

        public bool HasAlpha { get; private set; }

        public PixelLevels Read(IReadOnlyList<Picture> pictures)
        {
            if ((long)pictures.Count * Features > Reading.MaxBytes)
            {
                throw new OrnsteinException(
                    $"{pictures.Count} images of {shape.Height}x{shape.Width} are more than the limit of {Reading.MaxBytes} pixels.");
            }

            var levels = new PixelLevels(pictures.Count * Features);
            for (var i = 0; i < pictures.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var image = PngReader.Read(pictures[i].Path, background);
                if (image.Shape != shape)
                {
                    throw new OrnsteinException(
                        $"{pictures[i].Path} is {image.Shape.Height}x{image.Shape.Width} but the first image is {shape.Height}x{shape.Width}: "
                        + "all must have one size.");
                }

                levels.Put(i * Features, image);
                HasAlpha |= image.HasAlpha;
            }

            return levels;
        }
    }
}
