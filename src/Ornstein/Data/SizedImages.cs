using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>Brings images that are in memory to another size, as those of a folder are while they are read.</summary>
internal static class SizedImages
{
    /// <summary>The data with images of a size: of each the largest part around the middle with that ratio of sides, by area averaging.</summary>
    /// <param name="data">Images of grey levels or in colour.</param>
    /// <param name="size">Height and width, or one number for both; null for the data as they are.</param>
    /// <exception cref="OrnsteinException">The data are no images, or their pixels have no mean that is a pixel; the size cannot be had.</exception>
    public static Dataset Of(Dataset data, Shape? size)
    {
        if (size is null) return data;
        RequireSides(size);
        if (data.Shape is not { } own) throw new OrnsteinException($"--image-size {size} is for images, and the data of {data.Name} are vectors; leave it out.");
        if (data.Kind != PixelKind.Intensity)
            throw new OrnsteinException($"--image-size {size} averages pixels, and those of {data.Name} are {data.Kind.ToString().ToLowerInvariant()}: their means would be others; leave it out.");
        var to = own with { Height = size.Axes[0], Width = size.Axes[^1] };
        RequireRoom(data.Train.Count + (data.Validation?.Count ?? 0) + data.Test.Count, to, size);
        DataSplit Part(DataSplit part) => DataSplit.FromBytes(Resized(part, own, to), (int)to.Count, part.Labels);
        return data with { Shape = to, Train = Part(data.Train), Validation = data.Validation is { } validation ? Part(validation) : null, Test = Part(data.Test) };
    }

    /// <summary>Refuses a size of other than one or two numbers.</summary>
    public static void RequireSides(Shape size)
    {
        if (size.Axes.Count > 2) throw new OrnsteinException($"--image-size {size} has more than a height and a width; give 32, or 32x48.");
    }

    /// <summary>Refuses images that are too large, one by one or together.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="size">The size that was asked for; null for none.</param>
    public static void RequireRoom(int count, ImageShape shape, Shape? size)
    {
        if (Math.Max(shape.Height, shape.Width) > JpegReader.MaxSide) throw new OrnsteinException($"--image-size {size} has more than {JpegReader.MaxSide} pixels a side; give a smaller one.");
        if (count * shape.Count > Reading.MaxBytes)
            throw new OrnsteinException(FormattableString.Invariant($"{count:N0} images of {shape} are more than the limit of {Reading.MaxBytes} pixels; give a smaller --image-size."));
    }

    private static byte[] Resized(DataSplit part, ImageShape from, ImageShape to)
    {
        var (before, after) = (part.Features, (int)to.Count);
        var bytes = new byte[part.Count * after];
        Parallel.For(0, part.Count, row =>
        {
            var levels = Array.ConvertAll(part.Bytes![(row * before)..((row + 1) * before)], level => (ushort)level);
            new Raster(levels, byte.MaxValue, from, HasAlpha: false).Resized(to.Height, to.Width).ToBytes().CopyTo(bytes, row * after);
        });
        return bytes;
    }
}
