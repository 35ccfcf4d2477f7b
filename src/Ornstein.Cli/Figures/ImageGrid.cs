using SkiaSharp;

namespace Ornstein.Cli.Figures;

/// <summary>Small grey images in rows and columns, with a name before every row.</summary>
internal static class ImageGrid
{
    private const int Gap = 4;
    private const int Margin = 16;
    private const int LeastCell = 56;

    /// <summary>The grid as a PNG file.</summary>
    /// <param name="images">Grey values, [rows, columns, height, width].</param>
    /// <param name="rows">Rows of images.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="height">Pixels of an image from top to bottom.</param>
    /// <param name="width">Pixels of an image from left to right.</param>
    /// <param name="rowLabels">A name per row, or none.</param>
    public static byte[] Png(byte[] images, int rows, int columns, int height, int width, IReadOnlyList<string>? rowLabels = null)
    {
        if (images.LongLength != (long)rows * columns * height * width)
        {
            throw new ArgumentException(
                $"{images.LongLength} values are not {rows} x {columns} images of {height} x {width}.", nameof(images));
        }

        if (rowLabels is not null && rowLabels.Count != rows)
        {
            throw new ArgumentException("There must be a label per row.", nameof(rowLabels));
        }
        int scale = Math.Max(1, (LeastCell + width - 1) / width);
        int cellWidth = width * scale, cellHeight = height * scale;
        using var font = new SKFont(FigureFonts.Regular, 22);
        int label = rowLabels is null ? 0 : (int)Math.Ceiling(rowLabels.Max(text => font.MeasureText(text))) + Margin;
        var info = new SKImageInfo(
            2 * Margin + label + columns * (cellWidth + Gap) - Gap,
            2 * Margin + rows * (cellHeight + Gap) - Gap,
            SKColorType.Rgba8888,
            SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info);
        surface.Canvas.Clear(SKColors.White);
        using var ink = new SKPaint { Color = new SKColor(0x1f, 0x29, 0x33), IsAntialias = true };
        for (int row = 0; row < rows; row++)
        {
            int y = Margin + row * (cellHeight + Gap);
            if (rowLabels is not null) surface.Canvas.DrawText(rowLabels[row], Margin, y + cellHeight / 2 + 8, SKTextAlign.Left, font, ink);
            for (int column = 0; column < columns; column++)
            {
                int x = Margin + label + column * (cellWidth + Gap);
                using SKImage cell = Cell(images.AsSpan((row * columns + column) * height * width, height * width), height, width);
                surface.Canvas.DrawImage(
                    cell, new SKRect(x, y, x + cellWidth, y + cellHeight), new SKSamplingOptions(SKFilterMode.Nearest));
            }
        }

        using SKImage picture = surface.Snapshot();
        using SKData data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static SKImage Cell(ReadOnlySpan<byte> grey, int height, int width) =>
        SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), grey, width);
}
