using System.Globalization;
using Ornstein.Data;
using SkiaSharp;

namespace Ornstein.Experiments.Figures;

/// <summary>
/// Small images in rows and columns, with a name before every row: three channels in colour, any other number as grey planes, one below another. A row
/// too wide for a picture goes on in the next line.
/// </summary>
internal static class ImageGrid
{
    private const int Gap = 4;
    private const int Margin = 16;
    private const int LeastCell = 56, LeastShrunk = 4;
    private const float LabelSize = 22, LongestLabel = 700;

    /// <summary>Pixels of a side of a picture, and of all of it, that viewers open and the encoder takes.</summary>
    internal const int LargestSide = 16_384;
    private const long LargestArea = 1L << 27;

    /// <summary>The grid as a PNG file, of grey images.</summary>
    /// <param name="images">Grey values, [rows, columns, height, width].</param>
    /// <param name="rows">Rows of images.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="height">Pixels of an image from top to bottom.</param>
    /// <param name="width">Pixels of an image from left to right.</param>
    /// <param name="rowLabels">A name per row, or none.</param>
    /// <exception cref="OrnsteinException">There are so many images that no picture holds them, however small.</exception>
    public static byte[] Png(byte[] images, int rows, int columns, int height, int width, IReadOnlyList<string>? rowLabels = null) =>
        Png(images, rows, columns, new ImageShape(height, width), rowLabels);

    /// <summary>The grid as a PNG file.</summary>
    /// <param name="images">Values, [rows, columns, channels, height, width].</param>
    /// <param name="rows">Rows of images.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="shape">Size of an image.</param>
    /// <param name="rowLabels">A name per row, or none.</param>
    /// <exception cref="OrnsteinException">There are so many images that no picture holds them, however small.</exception>
    public static byte[] Png(byte[] images, int rows, int columns, ImageShape shape, IReadOnlyList<string>? rowLabels = null)
    {
        bool isColour = shape.Channels == 3;
        (int height, int width) = (isColour ? shape.Height : shape.Height * shape.Channels, shape.Width);
        int values = shape.Channels * shape.Height * shape.Width;
        if (images.LongLength != (long)rows * columns * values)
        {
            throw new ArgumentException($"{images.LongLength} values are not {rows} x {columns} images of {shape}.", nameof(images));
        }

        if (rowLabels is not null && rowLabels.Count != rows)
        {
            throw new ArgumentException("There must be a label per row.", nameof(rowLabels));
        }

        using var font = new SKFont(FigureFonts.Regular, LabelSize);
        string[]? labels = rowLabels?.Select(text => FigureText.Fit(text, LabelSize, LongestLabel)).ToArray();
        int left = Margin + (labels is null ? 0 : (int)Math.Ceiling(labels.Max(text => font.MeasureText(text))) + Margin);
        Layout layout = Layout.Of(rows, columns, height, width, left) ?? throw TooLarge(rows, columns, height, width);
        using var surface = SKSurface.Create(new SKImageInfo(layout.Width, layout.Height, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw TooLarge(rows, columns, height, width);
        surface.Canvas.Clear(SKColors.White);
        using var ink = new SKPaint { Color = new SKColor(0x1f, 0x29, 0x33), IsAntialias = true };
        SKSamplingOptions sampling = layout.IsShrunk ? new(SKFilterMode.Linear, SKMipmapMode.Linear) : new(SKFilterMode.Nearest);
        for (int row = 0; row < rows; row++)
        {
            if (labels is not null) surface.Canvas.DrawText(labels[row], Margin, layout.Top(row, 0) + layout.CellHeight / 2 + 8, SKTextAlign.Left, font, ink);
            for (int column = 0; column < columns; column++)
            {
                int x = layout.Left(column), y = layout.Top(row, column);
                using SKImage cell = Cell(images.AsSpan((row * columns + column) * values, values), height, width, isColour);
                surface.Canvas.DrawImage(cell, new SKRect(x, y, x + layout.CellWidth, y + layout.CellHeight), sampling);
            }
        }

        using SKImage picture = PictureMemory.Require(surface.Snapshot(), layout.Width, layout.Height);
        using SKData data = picture.Encode(SKEncodedImageFormat.Png, 100) ?? throw TooLarge(rows, columns, height, width);
        return data.ToArray();
    }

    private static OrnsteinException TooLarge(int rows, int columns, int height, int width) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{rows} x {columns} images of {height} x {width} pixels are too many for one picture; ask for fewer, such as by a lower --count."));

    private static SKImage Cell(ReadOnlySpan<byte> values, int height, int width, bool isColour)
    {
        if (!isColour) return PictureMemory.Require(SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), values, width), width, height);
        int pixels = height * width;
        byte[] rgb = new byte[4 * pixels]; // the fourth is passed over
        for (int i = 0; i < pixels; i++) (rgb[4 * i], rgb[4 * i + 1], rgb[4 * i + 2]) = (values[i], values[pixels + i], values[2 * pixels + i]);
        return PictureMemory.Require(SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgb888x, SKAlphaType.Opaque), rgb, 4 * width), width, height);
    }

    /// <summary>Where images stand: a row takes as many lines as it needs, and images are drawn smaller where there is no room for all of them.</summary>
    private sealed record Layout(int CellWidth, int CellHeight, int Columns, int Lines, int First, int Width, int Height, bool IsShrunk)
    {
        public static Layout? Of(int rows, int columns, int height, int width, int left)
        {
            int scale = Math.Max(1, (LeastCell + width - 1) / width);
            for (int shrink = 1; shrink == 1 || Math.Max(width, height) * scale / shrink >= LeastShrunk; shrink *= 2)
            {
                int cellWidth = Math.Max(1, width * scale / shrink), cellHeight = Math.Max(1, height * scale / shrink);
                int each = Math.Min(columns, (LargestSide - left - Margin + Gap) / (cellWidth + Gap));
                if (each < 1) continue;
                int lines = (columns + each - 1) / each;
                long wide = left + Margin + each * (cellWidth + (long)Gap) - Gap, high = 2 * Margin + (long)rows * lines * (cellHeight + Gap) - Gap;
                if (high > LargestSide || wide * high > LargestArea) continue;
                return new Layout(cellWidth, cellHeight, each, lines, left, (int)wide, (int)high, shrink > scale);
            }

            return null;
        }

        public int Left(int column) => First + column % Columns * (CellWidth + Gap);

        public int Top(int row, int column) => Margin + (row * Lines + column / Columns) * (CellHeight + Gap);
    }
}
