namespace Ornstein.Data.Formats;

/// <summary>A format of pictures that folders may hold.</summary>
/// <param name="Name">As messages call it.</param>
/// <param name="Endings">Of file names, in any case.</param>
/// <param name="Read">Reads a file.</param>
internal sealed record PictureFormat(string Name, string[] Endings, Func<string, PixelReading, Raster> Read);

/// <summary>The formats of pictures that are read.</summary>
internal static class PictureFormats
{
    private static readonly PictureFormat[] _all =
    [
        new("PNG", [".png"], PngReader.Read),
        new("JPEG", [".jpg", ".jpeg", ".jpe", ".jfif"], JpegReader.Read),
    ];

    /// <summary>The format of a file by its name; null for none that is read.</summary>
    public static PictureFormat? Of(string file) =>
        Array.Find(_all, format => Array.Exists(format.Endings, ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
}
