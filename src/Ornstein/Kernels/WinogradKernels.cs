using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Transforms of Winograd's minimal filtering F(2 x 2, 3 x 3): with them a 3 x 3 convolution takes 16 products for 2 x 2 pixels in place of 36 (Lavin and Gray 2016, "Fast
/// Algorithms for Convolutional Neural Networks", section 4.1). With d the 4 x 4 pixels around a tile, y its 2 x 2 pixels and g a filter, y = A'[(G g G') * (B'd B)]A, where * is
/// number by number; all are per channel, and channels lie side by side, a multiple of 16 of them.
/// </summary>
internal static unsafe class WinogradKernels
{
    /// <summary>Numbers of a transformed tile.</summary>
    public const int Points = 16;

    /// <summary>B'd B of a tile.</summary>
    /// <param name="pixels">The upper left of its 4 x 4 pixels.</param>
    /// <param name="row">Floats to the second row; twice as many to the third.</param>
    /// <param name="lastRow">Floats to the last row.</param>
    /// <param name="lastColumn">Floats to the last column.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="target">Receives the channels of every point.</param>
    /// <param name="apart">Floats between points.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromPixels(float* pixels, nint row, nint lastRow, nint lastColumn, int channels, float* target, nint apart)
    {
        nint row1 = row, row2 = 2 * row, row3 = lastRow, column1 = channels, column2 = 2 * (nint)channels, column3 = lastColumn;
        for (var c = 0; c < channels; c += Lanes.Count, pixels += Lanes.Count, target += Lanes.Count)
        {
            Across(pixels, row1, row2, row3, out var a0, out var a1, out var a2, out var a3);
            Across(pixels + column1, row1, row2, row3, out var b0, out var b1, out var b2, out var b3);
            Across(pixels + column2, row1, row2, row3, out var c0, out var c1, out var c2, out var c3);
            Across(pixels + column3, row1, row2, row3, out var d0, out var d1, out var d2, out var d3);
            Store(target, apart, a0, b0, c0, d0);
            Store(target + (4 * apart), apart, a1, b1, c1, d1);
            Store(target + (8 * apart), apart, a2, b2, c2, d2);
            Store(target + (12 * apart), apart, a3, b3, c3, d3);
        }
    }

    /// <summary>A'm A of a tile's 16 points: its four pixels, for 16 channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPixels(
        float* points, nint apart, out Vector512<float> y00, out Vector512<float> y01, out Vector512<float> y10, out Vector512<float> y11)
    {
        Down(points, 4 * apart, out var a0, out var a1);
        Down(points + apart, 4 * apart, out var b0, out var b1);
        Down(points + (2 * apart), 4 * apart, out var c0, out var c1);
        Down(points + (3 * apart), 4 * apart, out var d0, out var d1);
        (y00, y01, y10, y11) = (a0 + b0 + c0, b0 - c0 - d0, a1 + b1 + c1, b1 - c1 - d1);
    }

    /// <summary>A y A' of a tile's four pixels: what the gradient by its points is.</summary>
    /// <param name="pixels">The upper left pixel.</param>
    /// <param name="row">Floats to the row below.</param>
    /// <param name="column">Floats to the next pixel.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="target">Receives the channels of every point.</param>
    /// <param name="apart">Floats between points.</param>
    public static void FromGradients(float* pixels, nint row, nint column, int channels, float* target, nint apart)
    {
        for (var c = 0; c < channels; c += Lanes.Count, pixels += Lanes.Count, target += Lanes.Count)
        {
            Vector512<float> y00 = Vector512.Load(pixels), y01 = Vector512.Load(pixels + column), y10 = Vector512.Load(pixels + row), y11 = Vector512.Load(pixels + row + column);
            Spread(target, apart, y00, y01);
            Spread(target + (4 * apart), apart, y00 + y10, y01 + y11);
            Spread(target + (8 * apart), apart, y00 - y10, y01 - y11);
            Spread(target + (12 * apart), apart, -y10, -y11);
        }
    }

    /// <summary>G g G' of filters.</summary>
    /// <param name="filters">[3, 3, count].</param>
    /// <param name="count">Filters, a multiple of 16.</param>
    /// <param name="target">Receives [16, count].</param>
    public static void FromFilters(float* filters, int count, float* target)
    {
        for (var k = 0; k < count; k += Lanes.Count)
        {
            for (var column = 0; column < 3; column++)
            {
                var (from, to) = ((nint)column * count, (nint)count);
                Vector512<float> top = Vector512.Load(filters + from + k), bottom = Vector512.Load(filters + from + (6 * to) + k);
                Vector512<float> outer = (top + bottom) * 0.5f, inner = Vector512.Load(filters + from + (3 * to) + k) * 0.5f;
                top.Store(target + from + k);
                (outer + inner).Store(target + from + (4 * to) + k);
                (outer - inner).Store(target + from + (8 * to) + k);
                bottom.Store(target + from + (12 * to) + k);
            }

            for (var row = 0; row < 4; row++)
            {
                var from = target + ((nint)4 * row * count) + k;
                Vector512<float> left = Vector512.Load(from), middle = Vector512.Load(from + count), right = Vector512.Load(from + (2 * (nint)count));
                Vector512<float> outer = (left + right) * 0.5f, inner = middle * 0.5f;
                (outer + inner).Store(from + count);
                (outer - inner).Store(from + (2 * (nint)count));
                right.Store(from + (3 * (nint)count));
            }
        }
    }

    /// <summary>G'u G of transformed filters: the gradient by filters of that by their points.</summary>
    /// <param name="points">16 points, so far apart, of filters one after another.</param>
    /// <param name="apart">Floats between points.</param>
    /// <param name="count">Filters, a multiple of 16.</param>
    /// <param name="filters">Receives 9 taps.</param>
    /// <param name="tap">Floats between taps.</param>
    /// <param name="add">Whether they are added to what is there.</param>
    public static void ToFilters(float* points, nint apart, int count, float* filters, nint tap, bool add)
    {
        for (var k = 0; k < count; k += Lanes.Count, points += Lanes.Count, filters += Lanes.Count)
        {
            Gather(points, apart, out var a0, out var a1, out var a2);
            Gather(points + (4 * apart), apart, out var b0, out var b1, out var b2);
            Gather(points + (8 * apart), apart, out var c0, out var c1, out var c2);
            Gather(points + (12 * apart), apart, out var d0, out var d1, out var d2);
            Taps(filters, tap, a0, b0, c0, d0, add);
            Taps(filters + tap, tap, a1, b1, c1, d1, add);
            Taps(filters + (2 * tap), tap, a2, b2, c2, d2, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Across(
        float* pixel, nint row1, nint row2, nint row3, out Vector512<float> t0, out Vector512<float> t1, out Vector512<float> t2, out Vector512<float> t3)
    {
        Vector512<float> d1 = Vector512.Load(pixel + row1), d2 = Vector512.Load(pixel + row2);
        (t0, t1, t2, t3) = (Vector512.Load(pixel) - d2, d1 + d2, d2 - d1, d1 - Vector512.Load(pixel + row3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, nint apart, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        (a - c).Store(target);
        (b + c).Store(target + apart);
        (c - b).Store(target + (2 * apart));
        (b - d).Store(target + (3 * apart));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Down(float* point, nint row, out Vector512<float> upper, out Vector512<float> lower)
    {
        Vector512<float> m1 = Vector512.Load(point + row), m2 = Vector512.Load(point + (2 * row));
        (upper, lower) = (Vector512.Load(point) + m1 + m2, m1 - m2 - Vector512.Load(point + (3 * row)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(float* target, nint apart, Vector512<float> left, Vector512<float> right)
    {
        left.Store(target);
        (left + right).Store(target + apart);
        (left - right).Store(target + (2 * apart));
        (-right).Store(target + (3 * apart));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(float* point, nint apart, out Vector512<float> left, out Vector512<float> middle, out Vector512<float> right)
    {
        Vector512<float> m1 = Vector512.Load(point + apart) * 0.5f, m2 = Vector512.Load(point + (2 * apart)) * 0.5f;
        (left, middle, right) = (Vector512.Load(point) + m1 + m2, m1 - m2, m1 + m2 + Vector512.Load(point + (3 * apart)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Taps(float* filters, nint tap, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, bool add)
    {
        Vector512<float> m1 = b * 0.5f, m2 = c * 0.5f;
        Lanes.Put(filters, a + m1 + m2, add);
        Lanes.Put(filters + (3 * tap), m1 - m2, add);
        Lanes.Put(filters + (6 * tap), m1 + m2 + d, add);
    }
}
