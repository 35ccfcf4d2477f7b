using System.Runtime.Intrinsics;
using Ornstein.Randomness;

namespace Ornstein.Tests.Randomness;

public class BoxMullerTests
{
    /// <summary>
    /// Relative error of a number, in roundings of 2^-24. Radius: Moshier states 1.3 for the logarithm; the root halves them and rounds: 1.7.
    /// Angle: integer, constant and product are rounded: 3, which sine and cosine do not enlarge (|x cot x| and |x tan x| are at most 1
    /// within pi/4); Moshier states 2 for either. Product: 1. Together less than 8.
    /// </summary>
    public const double RelativeError = 8.0 / (1 << 24);

    [Fact]
    public void Fill_IntegersOfAllSizes_AreTheExactNumbers()
    {
        // All corners: ends, quarters and eighths of a turn, u next to 0, 1/2, sqrt(1/2) and 1, and a stride through everything.
        uint[] corners = [.. from k in Enumerable.Range(0, 33)
                             from near in new[] { -2L, -1, 0, 1, 2 }
                             let n = (1L << k) + near
                             where n is >= 0 and <= uint.MaxValue
                             select (uint)n];
        uint[] angles = [.. corners, .. Enumerable.Range(0, 8).SelectMany(i => new[] { (uint)i << 29, ((uint)i << 29) - 1, ((uint)i << 29) + 1 })];
        uint[] radii = [.. corners, (uint)(Math.Sqrt(0.5) * (1L << 32)), uint.MaxValue - 255, uint.MaxValue - 511];
        var pairs = from radius in radii from angle in angles select (radius, angle);
        var stride = Enumerable.Range(0, 100_000).Select(i => unchecked(((uint)i * 2654435769u, (uint)i * 2246822519u)));

        foreach (var block in pairs.Concat(stride).Chunk(16))
        {
            uint[] r = [.. block.Select(pair => pair.Item1), .. new uint[16 - block.Length]];
            uint[] a = [.. block.Select(pair => pair.Item2), .. new uint[16 - block.Length]];
            var drawn = new float[32];
            BoxMuller.Fill(Vector512.Create(r), Vector512.Create(a), drawn);
            for (var i = 0; i < 32; i++)
            {
                var exact = Exact(r[i % 16], a[i % 16], sine: i >= 16);
                if (Math.Abs(drawn[i] - exact) <= (RelativeError * Math.Abs(exact)) + 1e-15) continue; // cos(pi/2) is 6e-17 in double
                Assert.Fail($"radius {r[i % 16]}, angle {a[i % 16]}: {drawn[i]:g9} instead of {exact:g9}");
            }
        }
    }

    [Fact]
    public void Fill_SmallestInteger_ReachesTheStatedTail()
    {
        var drawn = new float[32];
        BoxMuller.Fill(Vector512<uint>.Zero, Vector512<uint>.Zero, drawn);
        var largest = Math.Sqrt(2 * 32 * Math.Log(2)); // u = 2^-32
        Assert.InRange(drawn[0], largest * (1 - RelativeError), largest * (1 + RelativeError));
    }

    /// <summary>What the integers mean, in double precision.</summary>
    public static double Exact(uint radius, uint angle, bool sine)
    {
        var u = ((float)(int)(radius >> 1) + 0.5f) / (double)(1u << 31);
        var turn = 2 * Math.PI * ((int)angle / (double)(1L << 32)); // within half a turn: the reduction costs no digits
        return Math.Sqrt(-2 * Math.Log(u)) * (sine ? Math.Sin(turn) : Math.Cos(turn));
    }
}
