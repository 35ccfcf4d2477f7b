using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// A matrix product of one thread, C = A B + bias or C += A B, in tiles that stay in registers: with AVX-512 at more than twice the rate
/// of libtorch's products on processors where those use AVX2 (docs/performance.md). B is packed panel by panel, which costs little beside the
/// product as soon as C has some tens of rows. A is read where it lies, by rows or transposed; a deep transposed one is packed too where there is memory for
/// it: its rows may be a power of two apart, which a first-level cache holds few of.
/// </summary>
/// <remarks>
/// Up to 7 rows (or, of a transposed A, columns) beyond A's last are read: memory must be there. Nothing beyond C is written.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe ref struct MatrixProduct()
{
    // Depth from which packing A gains more than it costs.
    private const int FewestPacked = 32;

    /// <summary>A, [rows, depth].</summary>
    public required Factor A { get; init; }

    /// <summary>B, [depth, columns], stored by rows or transposed.</summary>
    public required Factor B { get; init; }

    /// <summary>C, [rows, columns].</summary>
    public required float* C { get; init; }

    /// <summary>Floats between rows of C.</summary>
    public required nint CRow { get; init; }

    /// <summary>Rows of A and C.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of A, rows of B.</summary>
    public required int Depth { get; init; }

    /// <summary>Columns of B and C.</summary>
    public required int Columns { get; init; }

    /// <summary>Memory for packing, <see cref="PanelLength"/> floats.</summary>
    public required float* Panel { get; init; }

    /// <summary>Memory for packing a transposed A, <see cref="StripsLength"/> floats; null to read it where it lies.</summary>
    public float* Strips { get; init; }

    /// <summary>Added to every row of C, or null; only without <see cref="Add"/>.</summary>
    public float* Bias { get; init; }

    /// <summary>Whether the product is added to what C holds.</summary>
    public bool Add { get; init; }

    /// <summary>What negative results are multiplied by, in [0, 1]: a leaky ReLU on the way; only without <see cref="Add"/>.</summary>
    public float Slope { get; init; } = 1;

    /// <summary>Receives the sums of B's columns; or null.</summary>
    public float* ColumnSums { get; init; }

    /// <summary>Whether the sums of B's columns are added to what is there.</summary>
    public bool AddsToSums { get; init; }

    /// <summary>How many such A and C, one after another, share a B.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Floats between these A.</summary>
    public nint ABlock { get; init; }

    /// <summary>Floats between these C.</summary>
    public nint CBlock { get; init; }

    /// <summary>How many such A and C there are within a block.</summary>
    public int Lines { get; init; } = 1;

    /// <summary>Floats between the A of lines.</summary>
    public nint ALine { get; init; }

    /// <summary>Floats between the C of lines.</summary>
    public nint CLine { get; init; }

    /// <summary>Floats that packing needs for products of this depth.</summary>
    public static long PanelLength(long depth) => (depth + 1) * Tiles.WideColumns;

    /// <summary>Floats that packing a transposed A needs.</summary>
    public static long StripsLength(long rows, long depth) => (rows + Tiles.Rows - 1) / Tiles.Rows * Tiles.Rows * depth;

    /// <summary>Computes it.</summary>
    public void Compute()
    {
        var isPacked = Strips != null && A.RowStride == 1 && A.Runs == 1 && Blocks * Lines == 1 && Depth >= FewestPacked && Columns > Tiles.Columns;
        if (isPacked) Panels.PackStrips(A, Rows, Depth, Strips);
        for (var j = 0; j < Columns;)
        {
            var width = Tiles.ColumnsOf(Columns - j);
            var used = Math.Min(width, Columns - j);
            Panels.Pack(B, j, Depth, used, width, Bias, Panel);
            if (ColumnSums != null) Panels.Sum(Panel, Depth, used, width, ColumnSums + j, AddsToSums);
            for (var block = 0; block < Blocks; block++)
            {
                for (var line = 0; line < Lines; line++)
                    Column(A.From((block * ABlock) + (line * ALine)), isPacked, C + (block * CBlock) + (line * CLine) + j, used, width);
            }

            j += used;
        }
    }

    // The columns of C that belong to the panel.
    private void Column(Factor a, bool isPacked, float* c, int used, int width)
    {
        var i = 0;
        if (used == width)
        {
            for (; i + Tiles.Rows <= Rows; i += Tiles.Rows) Tiles.Compute(isPacked ? Strip(i) : a.Row(i), Tiles.Rows, Panel, Depth, width, c + (i * CRow), CRow, Add, Slope);
        }

        if (used == width && width == Tiles.Columns && Rows - i == Tiles.HalfRows)
        {
            Tiles.Compute(isPacked ? Strip(i) : a.Row(i), Tiles.HalfRows, Panel, Depth, width, c + (i * CRow), CRow, Add, Slope);
            return;
        }

        for (; i < Rows; i += Tiles.Rows) Edge(isPacked ? Strip(i) : a.Row(i), c + (i * CRow), Math.Min(Tiles.Rows, Rows - i), used, width);
    }

    private Factor Strip(int row) => Factor.Transposed(Strips + ((nint)row * Depth), Tiles.Rows);

    // A tile that lies partly outside of C.
    [SkipLocalsInit]
    private void Edge(Factor a, float* c, int rows, int columns, int width)
    {
        var whole = stackalloc float[Tiles.Rows * Tiles.WideColumns];
        Tiles.Compute(a, rows, Panel, Depth, width, whole, width, add: false, Slope);
        for (var i = 0; i < rows; i++, whole += width, c += CRow) Copy(whole, c, columns);
    }

    private void Copy(float* source, float* target, int count)
    {
        var j = 0;
        for (; j + 8 <= count; j += 8) (Add ? Vector256.Load(target + j) + Vector256.Load(source + j) : Vector256.Load(source + j)).Store(target + j);
        for (; j < count; j++) target[j] = Add ? target[j] + source[j] : source[j];
    }
}
