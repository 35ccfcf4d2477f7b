using CsCheck;
using Ornstein.Kernels;

namespace Ornstein.Tests.Kernels;

public unsafe class MatrixProductTests
{
    private sealed record Shape(int Rows, int Depth, int Columns, int Blocks, bool TransposedA, bool TransposedB, bool Bias, bool Add, bool Packs, float Slope, int Seed);

    // Whole tiles, edges in both directions, and single rows and columns.
    private static readonly Gen<Shape> _shapes =
        from rows in Gen.OneOf(Gen.Int[1, 40], Gen.Const(64))
        from depth in Gen.Int[1, 70]
        from columns in Gen.OneOf(Gen.Int[1, 100], Gen.Const(32), Gen.Const(48))
        from blocks in Gen.Int[1, 3]
        from transposedA in Gen.Bool
        from transposedB in Gen.Bool
        from bias in Gen.Bool
        from add in Gen.Bool
        from packs in Gen.Bool
        from slope in Gen.OneOf(Gen.Const(1f), Gen.Const(0f), Gen.Const(0.01f))
        from seed in Gen.Int
        select new Shape(rows, depth, columns, blocks, transposedA, transposedB, bias && !add, add, packs, add ? 1 : slope, seed);

    [Fact]
    public void Compute_AnyShapeAndLayout_IsTheProduct() => _shapes.Sample(
        shape =>
        {
            var random = new Random(shape.Seed);
            float[] Make(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
            var (aSize, cSize) = (shape.Rows * shape.Depth, shape.Rows * shape.Columns);
            // A few rows beyond A are read; what lies there must not matter.
            float[] a = [.. Make(aSize * shape.Blocks), .. Enumerable.Repeat(float.NaN, 8 * (shape.Depth + shape.Rows + 8))];
            float[] b = Make(shape.Depth * shape.Columns), bias = Make(shape.Columns), before = Make((cSize * shape.Blocks) + 40);
            var after = before.ToArray();
            var panel = new float[MatrixProduct.PanelLength(shape.Depth)];
            var strips = new float[MatrixProduct.StripsLength(shape.Rows, shape.Depth)];
            var sums = bias.ToArray();
            fixed (float* aStart = a, bStart = b, cStart = after, biasStart = bias, panelStart = panel, stripStart = strips, sumStart = sums)
            {
                new MatrixProduct
                {
                    A = shape.TransposedA ? Factor.Transposed(aStart, shape.Rows) : Factor.Rows(aStart, shape.Depth),
                    B = shape.TransposedB ? Factor.Transposed(bStart, shape.Depth) : Factor.Rows(bStart, shape.Columns),
                    C = cStart, CRow = shape.Columns, Rows = shape.Rows, Depth = shape.Depth, Columns = shape.Columns, Panel = panelStart, Strips = shape.Packs ? stripStart : null,
                    Bias = shape.Bias ? biasStart : null, Add = shape.Add, Slope = shape.Slope, ColumnSums = sumStart, AddsToSums = shape.Add,
                    Blocks = shape.Blocks, ABlock = aSize, CBlock = cSize,
                }.Compute();
            }

            for (var block = 0; block < shape.Blocks; block++)
            {
                for (var i = 0; i < shape.Rows; i++)
                {
                    for (var j = 0; j < shape.Columns; j++)
                    {
                        var place = (block * cSize) + (i * shape.Columns) + j;
                        var sum = shape.Add ? before[place] : shape.Bias ? bias[j] : 0.0;
                        for (var p = 0; p < shape.Depth; p++)
                        {
                            var left = a[(block * aSize) + (shape.TransposedA ? (p * shape.Rows) + i : (i * shape.Depth) + p)];
                            sum += (double)left * b[shape.TransposedB ? (j * shape.Depth) + p : (p * shape.Columns) + j];
                        }

                        if (sum < 0) sum *= shape.Slope;
                        // depth + 1 roundings of 6e-8 of partial sums that are at most depth + 1.
                        Assert.Equal(sum, after[place], 6e-8 * (shape.Depth + 1) * (shape.Depth + 1));
                    }
                }
            }

            for (var j = 0; j < shape.Columns; j++)
            {
                var sum = Enumerable.Range(0, shape.Depth).Sum(p => (double)b[shape.TransposedB ? (j * shape.Depth) + p : (p * shape.Columns) + j]);
                Assert.Equal(sum + (shape.Add ? bias[j] : 0), sums[j], 6e-8 * (shape.Depth + 1) * (shape.Depth + 1));
            }

            Assert.Equal(before[(cSize * shape.Blocks)..], after[(cSize * shape.Blocks)..]); // nothing beyond C
        },
        iter: 300, threads: 1);

    /// <summary>Depth of both factors in runs, and products within products: what convolutions are made of. Against the same sums with every place written out.</summary>
    [Fact]
    public void Compute_RunsAndLines_AreTheirSums() => (
        from runs in Gen.Int[1, 4]
        from length in Gen.Int[1, 9]
        from rows in Gen.Int[1, 20]
        from columns in Gen.Int[1, 70]
        from lines in Gen.Int[1, 3]
        from blocks in Gen.Int[1, 3]
        from forward in Gen.Bool
        from transposed in Gen.Bool
        from seed in Gen.Int
        select (runs, length, rows, columns, lines, blocks, forward, transposed, seed)).Sample(
        at =>
        {
            var random = new Random(at.seed);
            var (depth, row, apart) = (at.runs * at.length, at.length + 2, (at.length + 2) * 40);
            float[] Make(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
            var (line, block) = (3 * row, 7 * row);
            float[] a = Make((at.runs * apart) + (at.lines * line) + (at.blocks * block) + (40 * row)), b = Make(depth * at.columns), c = new float[at.blocks * at.lines * at.rows * at.columns];
            var panel = new float[MatrixProduct.PanelLength(depth)];
            fixed (float* aStart = a, bStart = b, cStart = c, panelStart = panel)
            {
                // Runs of B one after another, or from the last to the first.
                nint size = (nint)at.length * at.columns, first = at.forward ? 0 : (at.runs - 1) * size;
                var right = at.transposed ? Factor.Transposed(bStart + first, at.length) : Factor.Rows(bStart + first, at.columns);
                new MatrixProduct
                {
                    A = new Factor(aStart, row, 1).InRuns(at.runs, apart), B = right.InRuns(at.runs, at.forward ? size : -size),
                    C = cStart, CRow = at.columns, Rows = at.rows, Depth = depth, Columns = at.columns, Panel = panelStart,
                    Blocks = at.blocks, ABlock = block, CBlock = at.lines * at.rows * at.columns, Lines = at.lines, ALine = line, CLine = at.rows * at.columns,
                }.Compute();
            }

            for (var place = 0; place < c.Length; place++)
            {
                var (j, i, l, k) = (place % at.columns, place / at.columns % at.rows, place / at.columns / at.rows % at.lines, place / at.columns / at.rows / at.lines);
                var sum = 0.0;
                for (var run = 0; run < at.runs; run++)
                {
                    var from = (at.forward ? run : at.runs - 1 - run) * at.length * at.columns;
                    for (var p = 0; p < at.length; p++)
                        sum += (double)a[(k * block) + (l * line) + (i * row) + (run * apart) + p] * b[from + (at.transposed ? (j * at.length) + p : (p * at.columns) + j)];
                }

                Assert.Equal(sum, c[place], 6e-8 * (depth + 1) * (depth + 1));
            }
        },
        iter: 300, threads: 1);
}
