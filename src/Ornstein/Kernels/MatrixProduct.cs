using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Matrix products of one thread, C = A B + bias or C += A B, in tiles of 8 by 32 that stay in registers: with AVX-512 at more than twice
/// the rate of libtorch's products on processors where those use AVX2 (docs/performance.md). A is read where it lies, by rows or
/// transposed; B is packed panel by panel, which costs little beside the product as soon as C has some tens of rows.
/// </summary>
/// <remarks>
/// Up to <see cref="TileRows"/> - 1 rows (or, of a transposed A, columns) beyond A's last are read: memory must be there. Nothing beyond C is
/// written.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows of a tile.</summary>
    public const int TileRows = 8;

    /// <summary>Columns of a tile, and of a packed panel.</summary>
    public const int TileColumns = 32;

    private const int Half = TileColumns / 2;

    /// <summary>Floats that packing needs for products of this depth.</summary>
    public static int PanelLength(int depth) => (depth + 1) * TileColumns;

    /// <summary>Rows of C from a factor A of <paramref name="rows"/> rows and a factor B of <paramref name="columns"/> columns.</summary>
    /// <param name="a">A[i, p] at i * row + p * depth.</param>
    /// <param name="b">B[p, j] at p * row + j * depth: by rows (depth 1), or transposed (row 1).</param>
    /// <param name="c">C[i, j] at i * cRow + j.</param>
    /// <param name="cRow">Floats between rows of C.</param>
    /// <param name="bias">Added to every row of C, or null.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="add">Whether the product is added to what C holds; without a bias.</param>
    /// <param name="panel">Memory for packing, <see cref="PanelLength"/> floats.</param>
    /// <param name="slope">What negative results are multiplied by, in [0, 1]: a leaky ReLU on the way; without adding.</param>
    /// <param name="sums">Receives the sums of B's columns, or adds to them as the product is added, or null.</param>
    /// <param name="blocks">How many such A and C, one after another, share a B.</param>
    /// <param name="aBlock">Floats between these A.</param>
    /// <param name="cBlock">Floats between these C.</param>
    public static void Multiply(
        Factor a, Factor b, float* c, nint cRow, float* bias, int rows, int depth, int columns, bool add, float* panel,
        float slope = 1, float* sums = null, int blocks = 1, nint aBlock = 0, nint cBlock = 0)
    {
        for (var j = 0; j < columns;)
        {
            var width = columns - j > Half ? TileColumns : Half;
            var used = Math.Min(width, columns - j);
            Panels.Pack(b, j, depth, used, width, bias, panel);
            if (sums != null) Panels.Sum(panel, depth, used, width, sums + j, add);
            for (var block = 0; block < blocks; block++)
            {
                Column(a.From(block * aBlock), c + (block * cBlock) + j, cRow, rows, depth, used, width, add, panel, slope);
            }

            j += used;
        }
    }

    // The columns of C that belong to a panel.
    private static void Column(Factor a, float* c, nint cRow, int rows, int depth, int used, int width, bool add, float* panel, float slope)
    {
        var i = 0;
        if (used == width)
        {
            for (; i + TileRows <= rows; i += TileRows) Tile(a.Row(i), panel, depth, width, c + (i * cRow), cRow, add, slope);
        }

        for (; i < rows; i += TileRows)
        {
            Edge(a.Row(i), panel, depth, width, c + (i * cRow), cRow, add, slope, Math.Min(TileRows, rows - i), used);
        }
    }

    private static void Tile(Factor a, float* panel, int depth, int width, float* c, nint cRow, bool add, float slope)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (width == TileColumns) Tile32(a, panel, depth, c, cRow, add, slope);
            else Tile16(a, panel, depth, c, cRow, add, slope);
            return;
        }

        for (var i = 0; i < TileRows; i += 4)
        {
            for (var j = 0; j < width; j += 16) Tile4By16(a.Row(i), panel + j, width, depth, c + (i * cRow) + j, cRow, add, slope);
        }
    }

    // A tile that lies partly outside of C.
    [SkipLocalsInit]
    private static void Edge(Factor a, float* panel, int depth, int width, float* c, nint cRow, bool add, float slope, int rows, int columns)
    {
        var whole = stackalloc float[TileRows * TileColumns];
        Tile(a, panel, depth, width, whole, width, add: false, slope);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var target = c + (i * cRow) + j;
                *target = add ? *target + whole[(i * width) + j] : whole[(i * width) + j];
            }
        }
    }

    // The first row of a panel is the bias, from which the sums start.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile32(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector512<float> start = Vector512.Load(panel), startOfRight = Vector512.Load(panel + 16);
        Vector512<float> c0 = start, c1 = start, c2 = start, c3 = start, c4 = start, c5 = start, c6 = start, c7 = start;
        Vector512<float> d0 = startOfRight, d1 = startOfRight, d2 = startOfRight, d3 = startOfRight;
        Vector512<float> d4 = startOfRight, d5 = startOfRight, d6 = startOfRight, d7 = startOfRight;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        var lower = upper + (4 * row);
        var end = panel + ((nint)(depth + 1) * TileColumns);
        for (panel += TileColumns; panel < end; panel += TileColumns)
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

        Put(c, c0, d0, add, slope);
        Put(c += cRow, c1, d1, add, slope);
        Put(c += cRow, c2, d2, add, slope);
        Put(c += cRow, c3, d3, add, slope);
        Put(c += cRow, c4, d4, add, slope);
        Put(c += cRow, c5, d5, add, slope);
        Put(c += cRow, c6, d6, add, slope);
        Put(c + cRow, c7, d7, add, slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(Factor a, float* panel, int depth, float* c, nint cRow, bool add, float slope)
    {
        var start = Vector512.Load(panel);
        Vector512<float> c0 = start, c1 = start, c2 = start, c3 = start, c4 = start, c5 = start, c6 = start, c7 = start;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        var lower = upper + (4 * row);
        var end = panel + ((nint)(depth + 1) * Half);
        for (panel += Half; panel < end; panel += Half)
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4By16(Factor a, float* panel, int width, int depth, float* c, nint cRow, bool add, float slope)
    {
        Vector256<float> start = Vector256.Load(panel), startOfRight = Vector256.Load(panel + 8);
        Vector256<float> c0 = start, c1 = start, c2 = start, c3 = start;
        Vector256<float> d0 = startOfRight, d1 = startOfRight, d2 = startOfRight, d3 = startOfRight;
        nint row = a.RowStride * sizeof(float), row3 = 3 * row, step = a.DepthStride * sizeof(float);
        var upper = (byte*)a.Start;
        for (var p = 0; p < depth; p++)
        {
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
