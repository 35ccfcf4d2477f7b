using System.Runtime.InteropServices;

namespace Ornstein.Kernels;

/// <summary>A factor of a matrix product where it lies in memory: element [i, p] is at i * row stride + p * depth stride.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Factor(float* start, nint rowStride, nint depthStride)
{
    public readonly float* Start = start;

    /// <summary>Floats between rows.</summary>
    public readonly nint RowStride = rowStride;

    /// <summary>Floats between columns.</summary>
    public readonly nint DepthStride = depthStride;

    /// <summary>A matrix stored row by row, <paramref name="width"/> floats each.</summary>
    public static Factor Rows(float* start, nint width) => new(start, width, 1);

    /// <summary>The transpose of a matrix stored row by row, <paramref name="width"/> floats each.</summary>
    public static Factor Transposed(float* start, nint width) => new(start, 1, width);

    /// <summary>Rows and columns exchanged.</summary>
    public Factor Transpose() => new(Start, DepthStride, RowStride);

    /// <summary>The factor from row <paramref name="i"/> on.</summary>
    public Factor Row(nint i) => From(i * RowStride);

    /// <summary>The factor that starts some floats later.</summary>
    public Factor From(nint floats) => new(Start + floats, RowStride, DepthStride);
}
