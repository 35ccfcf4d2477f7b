using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ornstein.Kernels;

/// <summary>Packs columns of a factor of a matrix product into a panel, row by row and without gaps, so that the product reads in order.</summary>
internal static unsafe class Panels
{
    /// <summary>
    /// Packs B[0 .. depth, first .. first + used] into depth + 1 rows of <paramref name="width"/> floats, of which the first holds the bias; columns beyond
    /// <paramref name="used"/> are zero.
    /// </summary>
    public static void Pack(Factor b, int first, int depth, int used, int width, float* bias, float* panel)
    {
        for (var j = 0; j < width; j++) panel[j] = bias != null && j < used ? bias[first + j] : 0;
        panel += width;
        var run = depth / b.Runs;
        for (var i = 0; i < b.Runs; i++, panel += (nint)run * width) PackRun(b.From(i * b.RunStride), first, run, used, width, panel);
    }

    private static void PackRun(Factor b, int first, int depth, int used, int width, float* panel)
    {
        if (b.DepthStride != 1) PackColumns(b.Start + (first * b.DepthStride), b.DepthStride, depth, used, width, panel);
        else if (used == width) PackRows(b.Start + first, b.RowStride, depth, width, panel);
        else PackSomeRows(b.Start + first, b.RowStride, depth, used, width, panel);
    }

    /// <summary>Floats of a whole factor, packed panel after panel.</summary>
    public static long PackedLength(long depth, int columns) => (depth + 1) * ((columns + Tiles.HalfColumns - 1) / Tiles.HalfColumns * Tiles.HalfColumns);

    /// <summary>Packs a whole factor, panel after panel, for several products.</summary>
    /// <param name="b">B, [depth, columns].</param>
    /// <param name="depth">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="packed">Receives it, <see cref="PackedLength"/> floats.</param>
    public static void PackAll(Factor b, int depth, int columns, float* packed)
    {
        for (var j = 0; j < columns;)
        {
            var width = Tiles.ColumnsOf(columns - j);
            Pack(b, j, depth, Math.Min(width, columns - j), width, null, packed);
            packed += (nint)(depth + 1) * width;
            j += width;
        }
    }

    /// <summary>
    /// Packs a transposed factor, whose rows lie one beside the other, into strips of <see cref="Tiles.Rows"/> of them: [strips, depth, rows of a strip]. The last strip
    /// is filled with what lies beyond.
    /// </summary>
    public static void PackStrips(Factor a, int rows, int depth, float* strips)
    {
        for (var i = 0; i < rows; i += 2 * Tiles.Rows)
        {
            float* source = a.Start + i, left = strips + ((nint)i * depth), right = left + ((nint)Tiles.Rows * depth);
            var isAlone = i + Tiles.Rows >= rows;
            for (var p = 0; p < depth; p++, source += a.DepthStride, left += Tiles.Rows, right += Tiles.Rows)
            {
                Vector256.Load(source).Store(left);
                if (!isAlone) Vector256.Load(source + Tiles.Rows).Store(right);
            }
        }
    }

    /// <summary>Sums of a packed panel's columns.</summary>
    public static void Sum(float* panel, int depth, int used, int width, float* sums, bool add)
    {
        panel += width;
        Vector512<float> left = Vector512<float>.Zero, middle = left, right = left;
        for (var p = 0; p < depth; p++, panel += width)
        {
            left += Vector512.Load(panel);
            if (width > 16) middle += Vector512.Load(panel + 16);
            if (width > 32) right += Vector512.Load(panel + 32);
        }

        for (var j = 0; j < used; j++) sums[j] = (add ? sums[j] : 0) + (j < 16 ? left[j] : j < 32 ? middle[j - 16] : right[j - 32]);
    }

    private static void PackRows(float* source, nint stride, int depth, int width, float* panel)
    {
        for (var p = 0; p < depth; p++, source += stride, panel += width)
        {
            Vector512.Load(source).Store(panel);
            if (width > 16) Vector512.Load(source + 16).Store(panel + 16);
            if (width > 32) Vector512.Load(source + 32).Store(panel + 32);
        }
    }

    private static void PackSomeRows(float* source, nint stride, int depth, int used, int width, float* panel)
    {
        for (var p = 0; p < depth; p++, source += stride, panel += width)
        {
            for (var j = 0; j < used; j++) panel[j] = source[j];
            for (var j = used; j < width; j++) panel[j] = 0;
        }
    }

    // Column j of the panel lies in a row of the source: blocks of 8 by 8 are transposed in registers.
    private static void PackColumns(float* source, nint stride, int depth, int used, int width, float* panel)
    {
        for (var j = 0; j < width; j += 8)
        {
            var p = 0;
            if (Avx.IsSupported && j + 8 <= used)
            {
                for (; p + 8 <= depth; p += 8) Transpose8By8(source + (j * stride) + p, stride, panel + ((nint)p * width) + j, width);
            }

            for (; p < depth; p++)
            {
                for (var i = j; i < j + 8; i++) panel[((nint)p * width) + i] = i < used ? source[(i * stride) + p] : 0;
            }
        }
    }

    // Pairs, then fours, then halves of the rows change places.
    private static void Transpose8By8(float* source, nint stride, float* target, nint width)
    {
        Vector256<float> r0 = Vector256.Load(source), r1 = Vector256.Load(source + stride);
        Vector256<float> r2 = Vector256.Load(source + (2 * stride)), r3 = Vector256.Load(source + (3 * stride));
        source += 4 * stride;
        Vector256<float> r4 = Vector256.Load(source), r5 = Vector256.Load(source + stride);
        Vector256<float> r6 = Vector256.Load(source + (2 * stride)), r7 = Vector256.Load(source + (3 * stride));
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        const byte Low = 0x44, High = 0xEE;
        Vector256<float> b0 = Avx.Shuffle(a0, a2, Low), b1 = Avx.Shuffle(a0, a2, High), b2 = Avx.Shuffle(a1, a3, Low), b3 = Avx.Shuffle(a1, a3, High);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, Low), b5 = Avx.Shuffle(a4, a6, High), b6 = Avx.Shuffle(a5, a7, Low), b7 = Avx.Shuffle(a5, a7, High);
        Halves(b0, b4, target, target + (4 * width));
        Halves(b1, b5, target + width, target + (5 * width));
        Halves(b2, b6, target + (2 * width), target + (6 * width));
        Halves(b3, b7, target + (3 * width), target + (7 * width));
    }

    private static void Halves(Vector256<float> left, Vector256<float> right, float* low, float* high)
    {
        Avx.Permute2x128(left, right, 0x20).Store(low);
        Avx.Permute2x128(left, right, 0x31).Store(high);
    }
}
