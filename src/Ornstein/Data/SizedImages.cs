using Ornstein.Data.Formats;

namespace Ornstein.Data;

/// <summary>Brings images that are in memory to another size, as those of a folder are while they are read.</summary>
internal static class SizedImages
{
    /// <summary>The data with images of a size: of each the largest part around the middle with that ratio of sides, by area averaging.</summary>
    /// <param name="data">Images of grey levels or in colour.</param>
    /// <param name="size">Height and width, or one number for both; null for the data as they are.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OrnsteinException">The data are no images, or their pixels have no mean that is a pixel; the size cannot be had.</exception>
    public static Dataset Of(Dataset data, Shape? size, CancellationToken cancellation = default)
    {
        if (size is null) return data;
        if (WhyNot(data.Name, data.Kind, data.Shape, size) is { } reason) throw new OrnsteinException(reason);
        var own = data.Shape!;
        var to = own with { Height = size.Axes[0], Width = size.Axes[^1] };
        if (to == own) return data;
        RequireRoom(data.Train.Count + (data.Validation?.Count ?? 0) + data.Test.Count, to);
        DataSplit Part(DataSplit part) => DataSplit.FromBytes(Resized(part, own, to, cancellation), (int)to.Count, part.Labels);
        return data with { Shape = to, Train = Part(data.Train), Validation = data.Validation is { } validation ? Part(validation) : null, Test = Part(data.Test) };
    }

    /// <summary>Why data cannot be brought to a size, known before they are loaded; null where they can.</summary>
    /// <param name="name">Name of the data.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="shape">Their shape; null for vectors.</param>
    /// <param name="size">The size that was asked for.</param>
    public static string? WhyNot(string name, PixelKind kind, ImageShape? shape, Shape size)
    {
        if (WhyNoSize(size) is { } reason) return reason;
        if (shape is null) return $"--image-size {size} is for images, and the data of {name} are vectors; leave it out.";
        if (kind == PixelKind.Intensity || (shape.Height == size.Axes[0] && shape.Width == size.Axes[^1])) return null;
        return $"--image-size {size} averages pixels, and those of {name} are {kind.ToString().ToLowerInvariant()}, not grey levels; leave it out.";
    }

    /// <summary>Why no images have a size: numbers other than a height and a width, or too large ones; null where some can.</summary>
    public static string? WhyNoSize(Shape size)
    {
        if (size.Axes.Count > 2) return $"--image-size {size} has more than a height and a width; give 32, or 32x48.";
        return size.Axes.Max() > JpegReader.MaxSide ? $"--image-size {size} has more than {JpegReader.MaxSide} pixels a side; give a smaller one." : null;
    }

    /// <summary>Refuses images that are too large together.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="shape">Their shape.</param>
    public static void RequireRoom(int count, ImageShape shape)
    {
        if (count * shape.Count > Reading.MaxBytes)
            throw new OrnsteinException(FormattableString.Invariant($"{count:N0} images of {shape} are more than the limit of {Reading.MaxBytes} pixels; give a smaller --image-size."));
    }

    private static byte[] Resized(DataSplit part, ImageShape from, ImageShape to, CancellationToken cancellation)
    {
        var (before, after) = (part.Features, (int)to.Count);
        var bytes = new byte[part.Count * after];
        Parallel.For(0, part.Count, new ParallelOptions { CancellationToken = cancellation }, row =>
        {
            var levels = Array.ConvertAll(part.Bytes![(row * before)..((row + 1) * before)], level => (ushort)level);
            new Raster(levels, byte.MaxValue, from, HasAlpha: false).Resized(to.Height, to.Width).ToBytes().CopyTo(bytes, row * after);
        });
        return bytes;
    }
}
