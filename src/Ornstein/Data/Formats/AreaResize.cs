namespace Ornstein.Data.Formats;

/// <summary>Resizes a grey image by area averaging: every new pixel is the mean of the old ones it covers, weighted by overlap.</summary>
internal static class AreaResize
{
    public static byte[] Resize(ReadOnlySpan<byte> pixels, ImageShape from, ImageShape to)
    {
        // Columns first, then rows.
        var narrowed = new double[from.Height * to.Width];
        for (var x = 0; x < to.Width; x++)
        {
            foreach (var (source, weight) in Overlaps(x, from.Width, to.Width))
            {
                for (var y = 0; y < from.Height; y++) narrowed[(y * to.Width) + x] += weight * pixels[(y * from.Width) + source];
            }
        }

        var result = new byte[to.Height * to.Width];
        var row = new double[to.Width];
        for (var y = 0; y < to.Height; y++)
        {
            Array.Clear(row);
            foreach (var (source, weight) in Overlaps(y, from.Height, to.Height))
            {
                for (var x = 0; x < to.Width; x++) row[x] += weight * narrowed[(source * to.Width) + x];
            }

            for (var x = 0; x < to.Width; x++) result[(y * to.Width) + x] = (byte)Math.Clamp(Math.Round(row[x]), 0, 255);
        }

        return result;
    }

    private static IEnumerable<(int Source, double Weight)> Overlaps(int index, int from, int to)
    {
        var scale = (double)from / to;
        var (start, end) = (index * scale, (index + 1) * scale);
        for (var source = (int)start; source < Math.Min(from, Math.Ceiling(end)); source++)
        {
            var overlap = Math.Min(end, source + 1) - Math.Max(start, source);
            if (overlap > 0) yield return (source, overlap / scale);
        }
    }
}
