namespace Ornstein.Data.Formats;

/// <summary>Reads a PNG of any kind to the full depth of its samples.</summary>
internal static class PngReader
{
    /// <summary>No side of an image is longer than this many pixels.</summary>
    public const int MaxSide = 4096;

    /// <summary>No PNG file is longer than this many bytes.</summary>
    public const int MaxFileBytes = 1 << 26;

    /// <summary>Levels of a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reading">What is wanted; null for grey on white.</param>
    /// <exception cref="OrnsteinException">The file is missing, damaged or not a PNG.</exception>
    public static Raster Read(string path, PixelReading? reading = null) => Reading.Guard(path, () =>
    {
        using var stream = Reading.OpenFile(path);
        return Decode(Reading.ToEnd(stream, MaxFileBytes), reading);
    });

    /// <summary>Levels of a PNG in memory.</summary>
    /// <param name="png">The file's content.</param>
    /// <param name="reading">What is wanted; null for grey on white.</param>
    /// <param name="maxSide">No side may be longer than this many pixels.</param>
    /// <exception cref="InvalidDataException">Damaged or not a PNG.</exception>
    /// <exception cref="EndOfStreamException">Truncated.</exception>
    public static Raster Decode(byte[] png, PixelReading? reading = null, int maxSide = MaxSide)
    {
        var chunks = PngChunks.Read(png, maxSide);
        var (data, passes) = PngPixels.Read(chunks);
        var header = chunks.Header;
        var samples = new PngSamples(chunks);
        var builder = new RasterBuilder(header.Height, header.Width, samples.White, reading ?? PixelReading.Grey);
        var row = new Rgba[header.Width];
        foreach (var pass in passes)
        {
            for (var y = 0; y < pass.Rows; y++)
            {
                var pixels = row.AsSpan(0, pass.Columns);
                samples.Convert(data.AsSpan(pass.Start + (y * pass.Stride) + 1, pass.Stride - 1), pixels);
                builder.Put(((pass.Y + (y * pass.StepY)) * header.Width) + pass.X, pass.StepX, pixels);
            }
        }

        return builder.Build(header.Color is PngColor.Grey or PngColor.GreyAlpha);
    }
}
