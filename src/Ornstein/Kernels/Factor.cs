using System.Runtime.InteropServices;

namespace Ornstein.Kernels;

/// <summary>
/// A factor of a matrix product where it lies in memory: element [i, p] is at i * row stride + p * depth stride. The depth, which a product sums over, may lie in several
/// equal runs.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Factor(float* start, nint rowStride, nint depthStride, int runs = 1, nint runStride = 0)
{
    public readonly float* Start = start;

    /// <summary>Floats between rows.</summary>
    public readonly nint RowStride = rowStride;

    /// <summary>Floats between columns.</summary>
    public readonly nint DepthStride = depthStride;

    /// <summary>Runs that the depth lies in: columns of a first factor, rows of a second one.</summary>
    public readonly int Runs = runs;

    /// <summary>Floats between the starts of runs.</summary>
    public readonly nint RunStride = runStride;

    /// <summary>A matrix stored row by row, <paramref name="width"/> floats each.</summary>
    public static Factor Rows(float* start, nint width) => new(start, width, 1);

    /// <summary>The transpose of a matrix stored row by row, <paramref name="width"/> floats each.</summary>
    public static Factor Transposed(float* start, nint width) => new(start, 1, width);

    /// <summary>Rows and columns exchanged.</summary>
    public Factor Transpose() => new(Start, DepthStride, RowStride, Runs, RunStride);

    /// <summary>The factor with its depth in several runs.</summary>
    public Factor InRuns(int runs, nint stride) => new(Start, RowStride, DepthStride, runs, stride);

    /// <summary>The factor from row <paramref name="i"/> on.</summary>
    public Factor Row(nint i) => From(i * RowStride);

    /// <summary>The factor that starts some floats later.</summary>
    public Factor From(nint floats) => new(Start + floats, RowStride, DepthStride, Runs, RunStride);
}
