using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>The inner loops of <see cref="MatrixProduct"/>: a tile of C, kept in registers while the depth is summed over.</summary>
internal static unsafe class Tiles
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Rows of half a tile.</summary>
    public const int HalfRows = Rows / 2;

    /// <summary>Columns of a tile, and of a packed panel; <see cref="ColumnsOf"/> has the others.</summary>
    public const int Columns = 32;

    /// <summary>Columns of a narrow tile.</summary>
    public const int HalfColumns = Columns / 2;

    /// <summary>Columns of a wide tile.</summary>
    public const int WideColumns = Columns + HalfColumns;

    /// <summary>Columns of the next tile where so many are left: a narrow one reads its rows of A as often as a wide one, for fewer products.</summary>
    public static int ColumnsOf(int left) => left > WideColumns ? Columns : left > Columns ? WideColumns : left > HalfColumns ? Columns : HalfColumns;

    // Compiled once and by themselves: inlined, their code depends on what the runtime saw the caller do, and was at times half as fast.
    private const MethodImplOptions Alone = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>Computes a tile, or its first four rows.</summary>
    /// <param name="a">Its rows of A.</param>
    /// <param name="rows">Rows that are wanted, 1 to <see cref="Rows"/>: for up to four, four are computed, and all for more.</param>
    /// <param name="panel">Its columns of B, packed; the first row is what the sums start from.</param>
    /// <param name="depth">Terms of a sum, in as many runs as the rows of A have.</param>
    /// <param name="width"><see cref="Columns"/>, <see cref="WideColumns"/> or <see cref="HalfColumns"/>.</param>
    /// <param name="c">Where it goes.</param>
    /// <param name="cRow">Floats between rows of C.</param>
    /// <param name="add">Whether it is added to what is there.</param>
    /// <param name="slope">What negative results are multiplied by; without adding.</param>
    public static void Compute(Factor a, int rows, float* panel, int depth, int width, float* c, nint cRow, bool add, float slope)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (width == WideColumns) Tile48(a, panel, depth, c, cRow, add, slope);
            else if (width == Columns && rows <= HalfRows) Tile4By32(a, panel, depth, c, cRow, add, slope);
            else if (width == Columns) Tile32(a, panel, depth, c, cRow, add, slope);
            else Tile16(a, panel, depth, c, cRow, add, slope);
            return;
        }

        for (var i = 0; i < rows; i += HalfRows)
        {
            for (var j = 0; j < width; j += 16) Tile4By16(a.Row(i), panel + j, width, depth, c + (i * cRow) + j, cRow, add, slope);
        }
    }

    [MethodImpl(Alone)]
    private static void Tile32(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector512<float> start = Vector512.Load(panel), startOfRight = Vector512.Load(panel + 16);
        Vector512<float> c0 = start, c1 = start, c2 = start, c3 = start, c4 = start, c5 = start, c6 = start, c7 = start;
        Vector512<float> d0 = startOfRight, d1 = startOfRight, d2 = startOfRight, d3 = startOfRight;
        Vector512<float> d4 = startOfRight, d5 = startOfRight, d6 = startOfRight, d7 = startOfRight;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        var lower = upper + (4 * row);
        nint run = RunOf(a, depth), jump = (a.RunStride * sizeof(float)) - (run * step);
        run *= Columns;
        panel += Columns;
        for (var runs = a.Runs; runs > 0; runs--)
        {
            for (var end = panel + run; panel < end; panel += Columns)
            {
                Vector512<float> left = Vector512.Load(panel), right = Vector512.Load(panel + 16);
                var x = Vector512.Create(*(float*)upper);
                (c0, d0) = (Vector512.FusedMultiplyAdd(x, left, c0), Vector512.FusedMultiplyAdd(x, right, d0));
                x = Vector512.Create(*(float*)(upper + row));
                (c1, d1) = (Vector512.FusedMultiplyAdd(x, left, c1), Vector512.FusedMultiplyAdd(x, right, d1));
                x = Vector512.Create(*(float*)(upper + (2 * row)));
                (c2, d2) = (Vector512.FusedMultiplyAdd(x, left, c2), Vector512.FusedMultiplyAdd(x, right, d2));
                x = Vector512.Create(*(float*)(upper + row3));
                (c3, d3) = (Vector512.FusedMultiplyAdd(x, left, c3), Vector512.FusedMultiplyAdd(x, right, d3));
                x = Vector512.Create(*(float*)lower);
                (c4, d4) = (Vector512.FusedMultiplyAdd(x, left, c4), Vector512.FusedMultiplyAdd(x, right, d4));
                x = Vector512.Create(*(float*)(lower + row));
                (c5, d5) = (Vector512.FusedMultiplyAdd(x, left, c5), Vector512.FusedMultiplyAdd(x, right, d5));
                x = Vector512.Create(*(float*)(lower + (2 * row)));
                (c6, d6) = (Vector512.FusedMultiplyAdd(x, left, c6), Vector512.FusedMultiplyAdd(x, right, d6));
                x = Vector512.Create(*(float*)(lower + row3));
                (c7, d7) = (Vector512.FusedMultiplyAdd(x, left, c7), Vector512.FusedMultiplyAdd(x, right, d7));
                upper += step;
                lower += step;
            }

            upper += jump;
            lower += jump;
        }

        Put(c, c0, d0, add, slope);
        Put(c += cRow, c1, d1, add, slope);
        Put(c += cRow, c2, d2, add, slope);
        Put(c += cRow, c3, d3, add, slope);
        Put(c += cRow, c4, d4, add, slope);
        Put(c += cRow, c5, d5, add, slope);
        Put(c += cRow, c6, d6, add, slope);
        Put(c + cRow, c7, d7, add, slope);
    }

    [MethodImpl(Alone)]
    private static void Tile48(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector512<float> c0 = Vector512.Load(panel), d0 = Vector512.Load(panel + 16), e0 = Vector512.Load(panel + 32);
        Vector512<float> c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        Vector512<float> d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
        Vector512<float> e1 = e0, e2 = e0, e3 = e0, e4 = e0, e5 = e0, e6 = e0, e7 = e0;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        var lower = upper + (4 * row);
        nint run = RunOf(a, depth), jump = (a.RunStride * sizeof(float)) - (run * step);
        run *= WideColumns;
        panel += WideColumns;
        for (var runs = a.Runs; runs > 0; runs--)
        {
            for (var end = panel + run; panel < end; panel += WideColumns)
            {
                Vector512<float> left = Vector512.Load(panel), middle = Vector512.Load(panel + 16), right = Vector512.Load(panel + 32);
                var x = Vector512.Create(*(float*)upper);
                (c0, d0) = (Vector512.FusedMultiplyAdd(x, left, c0), Vector512.FusedMultiplyAdd(x, middle, d0));
                e0 = Vector512.FusedMultiplyAdd(x, right, e0);
                x = Vector512.Create(*(float*)(upper + row));
                (c1, d1) = (Vector512.FusedMultiplyAdd(x, left, c1), Vector512.FusedMultiplyAdd(x, middle, d1));
                e1 = Vector512.FusedMultiplyAdd(x, right, e1);
                x = Vector512.Create(*(float*)(upper + (2 * row)));
                (c2, d2) = (Vector512.FusedMultiplyAdd(x, left, c2), Vector512.FusedMultiplyAdd(x, middle, d2));
                e2 = Vector512.FusedMultiplyAdd(x, right, e2);
                x = Vector512.Create(*(float*)(upper + row3));
                (c3, d3) = (Vector512.FusedMultiplyAdd(x, left, c3), Vector512.FusedMultiplyAdd(x, middle, d3));
                e3 = Vector512.FusedMultiplyAdd(x, right, e3);
                x = Vector512.Create(*(float*)lower);
                (c4, d4) = (Vector512.FusedMultiplyAdd(x, left, c4), Vector512.FusedMultiplyAdd(x, middle, d4));
                e4 = Vector512.FusedMultiplyAdd(x, right, e4);
                x = Vector512.Create(*(float*)(lower + row));
                (c5, d5) = (Vector512.FusedMultiplyAdd(x, left, c5), Vector512.FusedMultiplyAdd(x, middle, d5));
                e5 = Vector512.FusedMultiplyAdd(x, right, e5);
                x = Vector512.Create(*(float*)(lower + (2 * row)));
                (c6, d6) = (Vector512.FusedMultiplyAdd(x, left, c6), Vector512.FusedMultiplyAdd(x, middle, d6));
                e6 = Vector512.FusedMultiplyAdd(x, right, e6);
                x = Vector512.Create(*(float*)(lower + row3));
                (c7, d7) = (Vector512.FusedMultiplyAdd(x, left, c7), Vector512.FusedMultiplyAdd(x, middle, d7));
                e7 = Vector512.FusedMultiplyAdd(x, right, e7);
                upper += step;
                lower += step;
            }

            upper += jump;
            lower += jump;
        }

        Put(c, c0, d0, e0, add, slope);
        Put(c += cRow, c1, d1, e1, add, slope);
        Put(c += cRow, c2, d2, e2, add, slope);
        Put(c += cRow, c3, d3, e3, add, slope);
        Put(c += cRow, c4, d4, e4, add, slope);
        Put(c += cRow, c5, d5, e5, add, slope);
        Put(c += cRow, c6, d6, e6, add, slope);
        Put(c + cRow, c7, d7, e7, add, slope);
    }

    // The upper half of a tile, where C has no more rows.
    [MethodImpl(Alone)]
    private static void Tile4By32(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector512<float> start = Vector512.Load(panel), startOfRight = Vector512.Load(panel + 16);
        Vector512<float> c0 = start, c1 = start, c2 = start, c3 = start;
        Vector512<float> d0 = startOfRight, d1 = startOfRight, d2 = startOfRight, d3 = startOfRight;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        nint run = RunOf(a, depth), jump = (a.RunStride * sizeof(float)) - (run * step);
        run *= Columns;
        panel += Columns;
        for (var runs = a.Runs; runs > 0; runs--)
        {
            for (var end = panel + run; panel < end; panel += Columns)
            {
                Vector512<float> left = Vector512.Load(panel), right = Vector512.Load(panel + 16);
                var x = Vector512.Create(*(float*)upper);
                (c0, d0) = (Vector512.FusedMultiplyAdd(x, left, c0), Vector512.FusedMultiplyAdd(x, right, d0));
                x = Vector512.Create(*(float*)(upper + row));
                (c1, d1) = (Vector512.FusedMultiplyAdd(x, left, c1), Vector512.FusedMultiplyAdd(x, right, d1));
                x = Vector512.Create(*(float*)(upper + (2 * row)));
                (c2, d2) = (Vector512.FusedMultiplyAdd(x, left, c2), Vector512.FusedMultiplyAdd(x, right, d2));
                x = Vector512.Create(*(float*)(upper + row3));
                (c3, d3) = (Vector512.FusedMultiplyAdd(x, left, c3), Vector512.FusedMultiplyAdd(x, right, d3));
                upper += step;
            }

            upper += jump;
        }

        Put(c, c0, d0, add, slope);
        Put(c += cRow, c1, d1, add, slope);
        Put(c += cRow, c2, d2, add, slope);
        Put(c + cRow, c3, d3, add, slope);
    }

    [MethodImpl(Alone)]
    private static void Tile16(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        var start = Vector512.Load(panel);
        Vector512<float> c0 = start, c1 = start, c2 = start, c3 = start, c4 = start, c5 = start, c6 = start, c7 = start;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        var lower = upper + (4 * row);
        nint run = RunOf(a, depth), jump = (a.RunStride * sizeof(float)) - (run * step);
        run *= HalfColumns;
        panel += HalfColumns;
        for (var runs = a.Runs; runs > 0; runs--)
        {
            for (var end = panel + run; panel < end; panel += HalfColumns)
            {
                var b = Vector512.Load(panel);
                c0 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)upper), b, c0);
                c1 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(upper + row)), b, c1);
                c2 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(upper + (2 * row))), b, c2);
                c3 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(upper + row3)), b, c3);
                c4 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)lower), b, c4);
                c5 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(lower + row)), b, c5);
                c6 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(lower + (2 * row))), b, c6);
                c7 = Vector512.FusedMultiplyAdd(Vector512.Create(*(float*)(lower + row3)), b, c7);
                upper += step;
                lower += step;
            }

            upper += jump;
            lower += jump;
        }

        Put(c, c0, add, slope);
        Put(c += cRow, c1, add, slope);
        Put(c += cRow, c2, add, slope);
        Put(c += cRow, c3, add, slope);
        Put(c += cRow, c4, add, slope);
        Put(c += cRow, c5, add, slope);
        Put(c += cRow, c6, add, slope);
        Put(c + cRow, c7, add, slope);
    }

    // Processors without AVX-512 have 16 registers of 8 floats, which hold a quarter of the tile.
    [MethodImpl(Alone)]
    private static void Tile4By16(Factor a, float* panel, int width, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector256<float> start = Vector256.Load(panel), startOfRight = Vector256.Load(panel + 8);
        Vector256<float> c0 = start, c1 = start, c2 = start, c3 = start;
        Vector256<float> d0 = startOfRight, d1 = startOfRight, d2 = startOfRight, d3 = startOfRight;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        nint run = RunOf(a, depth), jump = (a.RunStride * sizeof(float)) - (run * step);
        for (var p = 0; p < depth; p++)
        {
            if (p > 0 && p % run == 0) upper += jump;
            panel += width;
            Vector256<float> left = Vector256.Load(panel), right = Vector256.Load(panel + 8);
            var x = Vector256.Create(*(float*)upper);
            (c0, d0) = (Vector256.FusedMultiplyAdd(x, left, c0), Vector256.FusedMultiplyAdd(x, right, d0));
            x = Vector256.Create(*(float*)(upper + row));
            (c1, d1) = (Vector256.FusedMultiplyAdd(x, left, c1), Vector256.FusedMultiplyAdd(x, right, d1));
            x = Vector256.Create(*(float*)(upper + (2 * row)));
            (c2, d2) = (Vector256.FusedMultiplyAdd(x, left, c2), Vector256.FusedMultiplyAdd(x, right, d2));
            x = Vector256.Create(*(float*)(upper + row3));
            (c3, d3) = (Vector256.FusedMultiplyAdd(x, left, c3), Vector256.FusedMultiplyAdd(x, right, d3));
            upper += step;
        }

        Put(c, c0, d0, add, slope);
        Put(c += cRow, c1, d1, add, slope);
        Put(c += cRow, c2, d2, add, slope);
        Put(c + cRow, c3, d3, add, slope);
    }

    // A division costs as much as a row of a tile.
    private static int RunOf(Factor a, int depth) => a.Runs == 1 ? depth : depth / a.Runs;

    private static void Put(float* c, Vector512<float> left, Vector512<float> middle, Vector512<float> right, bool add, float slope)
    {
        Put(c, left, middle, add, slope);
        Put(c + 32, right, add, slope);
    }

    private static void Put(float* c, Vector512<float> left, Vector512<float> right, bool add, float slope)
    {
        Put(c, left, add, slope);
        Put(c + 16, right, add, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* c, Vector512<float> value, bool add, float slope) =>
        (add ? value + Vector512.Load(c) : Vector512.Max(value, value * slope)).Store(c);

    private static void Put(float* c, Vector256<float> left, Vector256<float> right, bool add, float slope)
    {
        (add ? left + Vector256.Load(c) : Vector256.Max(left, left * slope)).Store(c);
        (add ? right + Vector256.Load(c + 8) : Vector256.Max(right, right * slope)).Store(c + 8);
    }
}
