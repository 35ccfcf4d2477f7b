using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>A sum of many floats, kept in double: a long sum in float would lose its small terms.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LaneSum
{
    private Vector512<double> _low, _high;

    /// <summary>Adds the first <paramref name="count"/> numbers of a vector, at most all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector512<float> values, int count)
    {
        if (count < Lanes.Count) values = Lanes.First(values, count);
        _low += Vector512.WidenLower(values);
        _high += Vector512.WidenUpper(values);
    }

    /// <summary>The sum so far.</summary>
    public readonly double Total => Vector512.Sum(_low + _high);
}
