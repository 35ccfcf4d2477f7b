namespace Ornstein.Data.Formats;

/// <summary>Reads a PNG of any kind as grey levels, to the full depth of its samples.</summary>
internal static class PngReader
{
    /// <summary>No side of an image is longer than this many pixels.</summary>
    public const int MaxSide = 4096;

    /// <summary>No PNG file is longer than this many bytes.</summary>
    public const int MaxFileBytes = 1 << 26;

    /// <summary>Grey levels of a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="background">Grey level 0..255 of what pixels lie on that are not fully opaque.</param>
    /// <exception cref="OrnsteinException">The file is missing, damaged or not a PNG.</exception>
    public static GreyImage Read(string path, byte background = 255) => Reading.Guard(path, () =>
    {
        using var stream = Reading.OpenFile(path);
        return Decode(Reading.ToEnd(stream, MaxFileBytes), background);
    });

    /// <summary>Grey levels of a PNG in memory.</summary>
    /// <param name="png">The file's content.</param>
    /// <param name="background">Grey level 0..255 of what pixels lie on that are not fully opaque.</param>
    /// <param name="maxSide">No side may be longer than this many pixels.</param>
    /// <exception cref="InvalidDataException">Damaged or not a PNG.</exception>
    /// <exception cref="EndOfStreamException">Truncated.</exception>
    public static GreyImage Decode(byte[] png, byte background = 255, int maxSide = MaxSide)
    {
        var chunks = PngChunks.Read(png, maxSide);
        var (data, passes) = PngPixels.Read(chunks);
        var header = chunks.Header;
        var grey = new PngGrey(chunks, background);
        var levels = new ushort[header.Width * header.Height];
        var row = new ushort[header.Width];
        foreach (var pass in passes)
        {
            for (var y = 0; y < pass.Rows; y++)
            {
                var target = ((pass.Y + (y * pass.StepY)) * header.Width) + pass.X;
                var samples = data.AsSpan(pass.Start + (y * pass.Stride) + 1, pass.Stride - 1);
                if (pass.StepX == 1)
                {
                    grey.Convert(samples, levels.AsSpan(target, pass.Columns));
                    continue;
                }

                grey.Convert(samples, row.AsSpan(0, pass.Columns));
                for (var x = 0; x < pass.Columns; x++) levels[target + (x * pass.StepX)] = row[x];
            }
        }

        return new GreyImage(levels, grey.White, new ImageShape(header.Height, header.Width), grey.HasAlpha);
    }
}
