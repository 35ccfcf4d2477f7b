using System.Numerics;

namespace Ornstein.Data.Formats;

/// <summary>Resizes a channel of an image by area averaging: every new pixel is the mean of the old ones it covers, weighted by overlap.</summary>
internal static class AreaResize
{
    /// <summary>The channel in the new size, each level rounded to the nearest.</summary>
    /// <typeparam name="T">Type of a level.</typeparam>
    /// <param name="pixels">Levels, row by row.</param>
    /// <param name="from">Size.</param>
    /// <param name="to">New size.</param>
    public static T[] Resize<T>(ReadOnlySpan<T> pixels, ImageShape from, ImageShape to)
        where T : unmanaged, IBinaryInteger<T>
    {
        var columns = Overlaps(from.Width, to.Width);
        var result = new T[to.Height * to.Width];
        var line = new float[from.Width];
        var sums = new float[to.Width];
        var target = 0;
        // Rows first, along memory: the overlaps of a new row follow each other.
        foreach (var (y, source, weight) in Overlaps(from.Height, to.Height))
        {
            if (y != target) Emit();
            target = y;
            var row = pixels.Slice(source * from.Width, from.Width);
            for (var x = 0; x < row.Length; x++) line[x] += weight * float.CreateTruncating(row[x]);
        }

        Emit();
        return result;

        void Emit()
        {
            Array.Clear(sums);
            foreach (var (x, source, weight) in columns) sums[x] += weight * line[source];
            for (var x = 0; x < sums.Length; x++) result[(target * to.Width) + x] = T.CreateSaturating(MathF.Round(sums[x]));
            Array.Clear(line);
        }
    }

    // Which old pixels a new one covers and by what share of itself, in order.
    private static (int Target, int Source, float Weight)[] Overlaps(int from, int to)
    {
        var scale = (double)from / to;
        var list = new List<(int, int, float)>(from + to);
        for (var target = 0; target < to; target++)
        {
            var (start, end) = (target * scale, (target + 1) * scale);
            for (var source = (int)start; source < Math.Min(from, end); source++)
            {
                var overlap = Math.Min(end, source + 1) - Math.Max(start, source);
                if (overlap > 0) list.Add((target, source, (float)(overlap / scale)));
            }
        }

        return [.. list];
    }
}
