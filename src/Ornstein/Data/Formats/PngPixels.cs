namespace Ornstein.Data.Formats;

/// <summary>Rows of a PNG as stored: samples of one of the passes, after the filter's type in the first byte.</summary>
/// <param name="Start">Where the pass begins in the data.</param>
/// <param name="Stride">Bytes from row to row, the first of them the filter.</param>
/// <param name="Columns">Pixels in a row.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="X">Column of the picture of its first pixel.</param>
/// <param name="Y">Row of the picture of its first row.</param>
/// <param name="StepX">Columns of the picture from pixel to pixel.</param>
/// <param name="StepY">Rows of the picture from row to row.</param>
internal sealed record PngPass(int Start, int Stride, int Columns, int Rows, int X, int Y, int StepX, int StepY);

/// <summary>Inflates a PNG's image data and takes the filters off (PNG specification, sections 7 to 10).</summary>
internal static class PngPixels
{
    // Encoders that write too many rows exist, and viewers pass over the surplus.
    private const int MaxSurplus = 1 << 16;

    // First column, first row, and the steps of each of the seven passes.
    private static readonly (int X, int Y, int StepX, int StepY)[] _adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The rows of all passes, and where each pass is.</summary>
    /// <exception cref="InvalidDataException">The data are damaged, or many more than the picture has.</exception>
    /// <exception cref="EndOfStreamException">The data, or their checksum, end too soon.</exception>
    public static (byte[] Data, IReadOnlyList<PngPass> Passes) Read(PngChunks png)
    {
        var bits = png.Header.Channels * png.Header.Depth;
        var (passes, length) = Layout(png.Header, bits);
        using var inflate = Decompression.Zlib(png.Data);
        var data = Reading.Exactly(inflate, length, hint: 1 << 20);
        PassOverSurplus(inflate, length);
        foreach (var pass in passes) Unfilter(data, pass, Math.Max(1, bits / 8));
        return (data, passes);
    }

    private static (List<PngPass> Passes, long Length) Layout(PngHeader header, int bits)
    {
        List<PngPass> passes = [];
        long start = 0;
        foreach (var (x, y, stepX, stepY) in header.Interlaced ? _adam7 : [(0, 0, 1, 1)])
        {
            var (columns, rows) = ((header.Width - x + stepX - 1) / stepX, (header.Height - y + stepY - 1) / stepY);
            if (columns <= 0 || rows <= 0) continue;
            var stride = 1 + (((columns * bits) + 7) / 8);
            passes.Add(new PngPass((int)start, stride, columns, rows, x, y, stepX, stepY));
            start += (long)rows * stride;
        }

        return (passes, start);
    }

    // To the end, where the checksum is.
    private static void PassOverSurplus(Stream inflate, long length)
    {
        Span<byte> buffer = stackalloc byte[1 << 10];
        var surplus = 0;
        for (int read; (read = inflate.Read(buffer)) > 0;)
        {
            surplus += read;
            if (surplus > MaxSurplus) throw new InvalidDataException($"Its image data are far more than the {length} bytes allowed.");
        }
    }

    private static void Unfilter(byte[] data, PngPass pass, int pixelBytes)
    {
        // Above the first row is a row of zeros.
        ReadOnlySpan<byte> above = new byte[pass.Stride - 1];
        for (var y = 0; y < pass.Rows; y++)
        {
            var row = data.AsSpan(pass.Start + (y * pass.Stride), pass.Stride);
            var filter = row[0];
            var samples = row[1..];
            if (filter == 1) Sub(samples, pixelBytes);
            else if (filter == 2) Up(samples, above);
            else if (filter == 3) Average(samples, above, pixelBytes);
            else if (filter == 4) Paeth(samples, above, pixelBytes);
            else if (filter != 0) throw new InvalidDataException($"A row of the PNG has the unknown filter {filter}.");
            above = samples;
        }
    }

    private static void Sub(Span<byte> row, int step)
    {
        for (var i = step; i < row.Length; i++) row[i] += row[i - step];
    }

    private static void Up(Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (var i = 0; i < row.Length; i++) row[i] += above[i];
    }

    private static void Average(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var i = 0; i < row.Length; i++) row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) / 2);
    }

    private static void Paeth(Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            int left = i < step ? 0 : row[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
            // The neighbour nearest to left + up - corner; of equals the first.
            var (toLeft, toUp, toCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
            row[i] += (byte)(toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
        }
    }
}
