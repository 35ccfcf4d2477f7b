using System.Runtime.InteropServices;

namespace Ornstein.Kernels;

/// <summary>
/// Where the pixels of a map lie in memory, each with its channels side by side, [positions, channels]: row by row, with a row of zeros above and below, one zero between rows
/// that is the right edge of one and the left edge of the next, and one at the end. So the 3 x 3 surroundings of every pixel are three runs of memory, and those of the next pixel lie one position on:
/// a convolution is a matrix product.
/// </summary>
/// <param name="Height">Rows of the map.</param>
/// <param name="Width">Columns of the map.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MapGrid(int Height, int Width)
{
    /// <summary>Positions from a pixel to the one below.</summary>
    public int Row => Width + 1;

    /// <summary>All positions.</summary>
    public int Positions => ((Height + 2) * Row) + 1;

    /// <summary>Position of the first pixel; that of its upper left neighbour is 0.</summary>
    public int First => Row + 1;

    /// <summary>Positions from the first pixel to the last, both included.</summary>
    public int Span => (Height * Row) - 1;

    /// <summary>The grid of a map with half the rows and columns.</summary>
    public MapGrid Half => new(Height / 2, Width / 2);

    /// <summary>The grid of a map with twice the rows and columns.</summary>
    public MapGrid Twice => new(2 * Height, 2 * Width);
}
