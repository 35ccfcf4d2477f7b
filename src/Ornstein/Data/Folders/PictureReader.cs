using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>Reads the pictures of a folder: some at a time, by all processors, and put in place one after the other.</summary>
internal sealed class PictureReader(PictureParts parts, string name, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
{
    private const int MostAtOnce = 512, MostLevelsAtOnce = 1 << 26;

    private readonly Picture[] _all = [.. parts.All];

    /// <summary>The pixels; null where a colour was seen that was to stop it.</summary>
    /// <param name="inColour">Whether in colour.</param>
    /// <param name="untilColour">Whether to stop where a picture has colour.</param>
    /// <param name="mixedIsWrong">Whether all files must be able to hold colour.</param>
    public PicturePixels? Read(bool inColour, bool untilColour = false, bool mixedIsWrong = false)
    {
        var reading = new PixelReading(options.Background == PixelBackground.White ? byte.MaxValue : (byte)0, inColour);
        if (options.ImageSize is { } size) SizedImages.RequireRoom(_all.Length, new ImageShape(size.Axes[0], size.Axes[^1], reading.Channels));
        var shape = Sized(_all[0], reading).Shape;
        SizedImages.RequireRoom(_all.Length, shape);
        var features = shape.Height * shape.Width * shape.Channels;
        PixelLevels[] levels = [.. new[] { parts.Train, parts.Validation, parts.Test }.Select(part => new PixelLevels(part.Count * features))];
        var atOnce = Math.Max(Environment.ProcessorCount, Math.Min(MostLevelsAtOnce / features, MostAtOnce));
        var (hasAlpha, greys, colours, firstGrey, firstColour) = (false, 0, 0, "", "");
        for (var first = 0; first < _all.Length; first += atOnce)
        {
            var rasters = Some(first, Math.Min(atOnce, _all.Length - first), reading, shape);
            for (var i = 0; i < rasters.Length; i++)
            {
                var (raster, path) = (rasters[i], _all[first + i].Path);
                if (untilColour && raster.HasColour) return null;
                Put(levels, first + i, features, raster);
                hasAlpha |= raster.HasAlpha;
                if (raster.IsStoredGrey && greys++ == 0) firstGrey = path;
                if (!raster.IsStoredGrey && colours++ == 0) firstColour = path;
            }

            // Of few there is nothing to wait for.
            if (_all.Length > atOnce) progress?.Report(new DataProgress(name, first + rasters.Length, _all.Length) { Unit = DataUnit.Pictures });
        }

        if (mixedIsWrong && greys > 0) throw Mixed(greys, colours, firstGrey, firstColour);
        return new PicturePixels(levels, shape, hasAlpha);
    }

    // How many are read at once follows from the size of the first; one of another size, which may be a thousand times as large, is let go at once.
    private Raster[] Some(int first, int count, PixelReading reading, ImageShape shape)
    {
        var rasters = new Raster[count];
        InParallel.For(
            count,
            i =>
            {
                var raster = Sized(_all[first + i], reading);
                if (raster.Shape == shape) rasters[i] = raster;
                else throw OtherSize(_all[first + i].Path, raster.Shape, shape);
            },
            cancellation);
        return rasters;
    }

    private static OrnsteinException OtherSize(string path, ImageShape own, ImageShape first) => new(
        $"{path} is {own.Height}x{own.Width} but the first image is {first.Height}x{first.Width}: "
        + $"all must have one size; --image-size {Math.Min(first.Height, first.Width)} brings them to one.");

    private Raster Sized(Picture picture, PixelReading reading)
    {
        var raster = PictureFormats.Of(picture.Path)!.Read(picture.Path, reading);
        return options.ImageSize is { } size ? raster.Resized(size.Axes[0], size.Axes[^1]) : raster;
    }

    private void Put(PixelLevels[] levels, int index, int features, Raster raster)
    {
        var part = 0;
        foreach (var count in new[] { parts.Train.Count, parts.Validation.Count })
        {
            if (index < count) break;
            index -= count;
            part++;
        }

        levels[part].Put(index * features, raster);
    }

    private OrnsteinException Mixed(int greys, int colours, string grey, string colour) => new(
        $"The folder {name} has {FolderWords.Count(greys)} grey pictures ({grey}) and {FolderWords.Count(colours)} in colour ({colour}): "
        + "--colour rgb reads all in colour, --colour grey none.");
}
