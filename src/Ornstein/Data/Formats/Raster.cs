namespace Ornstein.Data.Formats;

/// <summary>A picture as levels.</summary>
/// <param name="Levels">Channel after channel, each row by row, 0 (black) to <paramref name="White"/>.</param>
/// <param name="White">255 where the source has up to 8 bits per sample, 65535 where it has 16.</param>
/// <param name="Shape">Size in pixels, with one channel for grey or three for red, green and blue.</param>
/// <param name="HasAlpha">Whether a pixel was not fully opaque, so that the background is in its level.</param>
internal sealed record Raster(ushort[] Levels, ushort White, ImageShape Shape, bool HasAlpha)
{
    /// <summary>Whether a pixel is other than grey.</summary>
    public bool HasColour { get; init; }

    /// <summary>Whether the file holds one level a pixel, so that it can have no colour.</summary>
    public bool IsStoredGrey { get; init; }

    /// <summary>The levels scaled to 0..255, rounded to the nearest.</summary>
    public byte[] ToBytes()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Levels.Length);
        if (White == 255)
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Levels[i];
        }
        else
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(((Levels[i] * 255u) + (White / 2u)) / White);
        }

        return bytes;
    }

    /// <summary>The largest part around the middle that has the sides' ratio, resized by area averaging; itself where it has that size.</summary>
    /// <param name="height">Rows wanted.</param>
    /// <param name="width">Columns wanted.</param>
    public Raster Resized(int height, int width)
    {
        if (Shape.Height == height && Shape.Width == width) return this;
        var scale = Math.Min((double)Shape.Height / height, (double)Shape.Width / width);
        var part = new ImageShape(Side(height, scale, Shape.Height), Side(width, scale, Shape.Width));
        var to = new ImageShape(height, width);
        var levels = new ushort[height * width * Shape.Channels];
        for (var channel = 0; channel < Shape.Channels; channel++)
            AreaResize.Resize<ushort>(Middle(channel, part), part, to).CopyTo(levels, channel * height * width);
        return this with { Levels = levels, Shape = to with { Channels = Shape.Channels } };
    }

    private static int Side(int wanted, double scale, int most) => Math.Clamp((int)Math.Round(wanted * scale), 1, most);

    private ushort[] Middle(int channel, ImageShape part)
    {
        var (top, left) = ((Shape.Height - part.Height) / 2, (Shape.Width - part.Width) / 2);
        var levels = new ushort[part.Height * part.Width];
        for (var y = 0; y < part.Height; y++)
            Levels.AsSpan((((channel * Shape.Height) + top + y) * Shape.Width) + left, part.Width).CopyTo(levels.AsSpan(y * part.Width));
        return levels;
    }
}
