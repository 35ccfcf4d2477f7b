using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Exponential and logarithm of 16 floats, to 2e-7, in float arithmetic throughout (the polynomials of Moshier's Cephes library, single
/// precision): .NET's Vector512.Exp works in double, which takes twice as long. NaN stays NaN.
/// </summary>
internal static class Transcendental
{
    private const float Log2OfE = 1.44269504f;

    // ln 2 in two parts: whole multiples of the first are exact.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;

    /// <summary>exp(x) for x up to 0; 1e-38 in place of anything smaller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpOfNegative(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(-87f));
        var n = Vector512.Round(x * Log2OfE);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-Ln2Low), r);
        var y = Vector512.FusedMultiplyAdd(r, Vector512.Create(1.9875691500e-4f), Vector512.Create(1.3981999507e-3f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(8.3334519073e-3f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(4.1665795894e-2f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(1.6666665459e-1f));
        y = Vector512.FusedMultiplyAdd(y, r, Vector512.Create(5.0000001201e-1f));
        y = Vector512.FusedMultiplyAdd(y, r * r, r) + Vector512<float>.One;
        var power = (Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23; // 2^n
        return y * power.AsSingle();
    }

    /// <summary>log(x) for positive x that is no denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        const int SquareRootOfHalf = 0x3F3504F3; // as float bits
        var bits = x.AsInt32();
        var exponent = (bits - Vector512.Create(SquareRootOfHalf)) >> 23;
        var f = (bits - (exponent << 23)).AsSingle() - Vector512<float>.One; // mantissa in [sqrt(1/2), sqrt(2)), less 1
        var y = Vector512.FusedMultiplyAdd(f, Vector512.Create(7.0376836292e-2f), Vector512.Create(-1.1514610310e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(1.1676998740e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-1.2420140846e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(1.4249322787e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-1.6668057665e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(2.0000714765e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(-2.4999993993e-1f));
        y = Vector512.FusedMultiplyAdd(y, f, Vector512.Create(3.3333331174e-1f));
        var square = f * f;
        var e = Vector512.ConvertToSingle(exponent);
        y = Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2Low), y * f * square);
        y = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), y);
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(Ln2High), f + y) + (x - x);
    }

    /// <summary>log(1 + x) for x in [0, 1]: x times a polynomial that interpolates log(1 + x) / x at Chebyshev's points, good for small x too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log1P(Vector512<float> x)
    {
        var y = Vector512.FusedMultiplyAdd(x, Vector512.Create(0.00525345793f), Vector512.Create(-0.0295885075f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(0.0783616677f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(-0.136747703f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(0.191114306f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(-0.248443693f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(0.333192706f));
        y = Vector512.FusedMultiplyAdd(y, x, Vector512.Create(-0.499995023f));
        return Vector512.FusedMultiplyAdd(y, x, Vector512<float>.One) * x;
    }
}
