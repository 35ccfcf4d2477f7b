using System.Runtime.InteropServices;

namespace Ornstein.Data.Formats;

/// <summary>A pixel as files hold it: red, green, blue, and how opaque it is, each from 0 to the picture's white.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Rgba(ushort Red, ushort Green, ushort Blue, ushort Alpha)
{
    /// <summary>Whether all three are one level.</summary>
    public bool IsGrey => Red == Green && Green == Blue;

    /// <summary>An opaque or partly opaque grey.</summary>
    public static Rgba Grey(ushort level, ushort alpha) => new(level, level, level, alpha);
}

/// <summary>Takes the pixels of a picture in any order: onto a background where they are not opaque, and to grey where no colour is wanted.</summary>
/// <param name="height">Rows of the picture.</param>
/// <param name="width">Columns.</param>
/// <param name="white">Level of white.</param>
/// <param name="reading">What is wanted.</param>
internal sealed class RasterBuilder(int height, int width, ushort white, PixelReading reading)
{
    private readonly ushort[] _levels = new ushort[height * width * reading.Channels];
    private readonly int _background = reading.Background * (white / byte.MaxValue);
    private bool _hasAlpha, _hasColour;

    /// <summary>Puts pixels at places that lie evenly apart.</summary>
    /// <param name="start">Place of the first, row by row.</param>
    /// <param name="step">From each place to the next, also backwards.</param>
    /// <param name="pixels">The pixels.</param>
    public void Put(int start, int step, ReadOnlySpan<Rgba> pixels)
    {
        var plane = height * width;
        for (int i = 0, at = start; i < pixels.Length; i++, at += step)
        {
            var pixel = pixels[i];
            _hasColour |= pixel.Alpha > 0 && !pixel.IsGrey;
            _hasAlpha |= pixel.Alpha < white;
            if (reading.InColour)
            {
                _levels[at] = Compose(pixel.Red, pixel.Alpha);
                _levels[plane + at] = Compose(pixel.Green, pixel.Alpha);
                _levels[(2 * plane) + at] = Compose(pixel.Blue, pixel.Alpha);
            }
            else
            {
                _levels[at] = Compose(Luma(pixel), pixel.Alpha);
            }
        }
    }

    /// <summary>The picture.</summary>
    /// <param name="isStoredGrey">Whether its file holds one level a pixel.</param>
    public Raster Build(bool isStoredGrey) =>
        new(_levels, white, new ImageShape(height, width, reading.Channels), _hasAlpha) { HasColour = _hasColour, IsStoredGrey = isStoredGrey };

    // By the weights of ITU-R BT.601 in 256ths: white stays white.
    private static int Luma(Rgba pixel) => ((pixel.Red * 77) + (pixel.Green * 150) + (pixel.Blue * 29)) >> 8;

    private ushort Compose(int level, int alpha)
    {
        if (alpha == white) return (ushort)level;
        // At 16 bits the sum passes 2^31.
        return (ushort)((((long)level * alpha) + ((long)_background * (white - alpha)) + (white / 2)) / white);
    }
}
