using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>The pixels of all parts of a folder of pictures.</summary>
/// <param name="Parts">Levels to train on, for the curves, and to test on.</param>
/// <param name="Shape">Size of the pictures and their channels.</param>
/// <param name="HasAlpha">Whether a pixel was not fully opaque.</param>
internal sealed record PicturePixels(PixelLevels[] Parts, ImageShape Shape, bool HasAlpha)
{
    /// <summary>Numbers of a picture.</summary>
    public int Features => Shape.Height * Shape.Width * Shape.Channels;

    /// <summary>Reads all pictures, several at a time.</summary>
    /// <exception cref="OrnsteinException">One is damaged, of another size, or has no colour where others have; the first such is named.</exception>
    public static PicturePixels Read(
        PictureParts parts, string name, DataOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var reader = new PictureReader(parts, name, options, progress, cancellation);
        return options.Colour switch
        {
            PixelColour.Grey => reader.Read(inColour: false)!,
            PixelColour.Rgb => reader.Read(inColour: true)!,
            // Grey until a colour is seen, which it is at once where there are any.
            _ => reader.Read(inColour: false, untilColour: true) ?? reader.Read(inColour: true, mixedIsWrong: true)!,
        };
    }
}
