using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// A sum of many floats: in float over 32 vectors, and these sums in double. A long sum in float would lose its small terms, and one in double
/// throughout takes a third longer.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct LaneSum
{
    private const int Block = 32;

    private Vector512<float> _block;
    private Vector512<double> _sum;
    private int _inBlock;

    /// <summary>Adds the first <paramref name="count"/> numbers of a vector, at most all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> values, int count)
    {
        _block += count < Lanes.Count ? Lanes.First(values, count) : values;
        if (++_inBlock == Block) Flush();
    }

    /// <summary>The sum so far.</summary>
    public double Total()
    {
        Flush();
        return Vector512.Sum(_sum);
    }

    private void Flush()
    {
        _sum += Vector512.WidenLower(_block) + Vector512.WidenUpper(_block);
        (_block, _inBlock) = (Vector512<float>.Zero, 0);
    }
}
