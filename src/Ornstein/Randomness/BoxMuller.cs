using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Randomness;

/// <summary>
/// Normal numbers from uniform ones (Box and Muller 1958): sqrt(-2 ln u) cos(2 pi v) and sqrt(-2 ln u) sin(2 pi v), 16 of each at a time.
/// </summary>
/// <remarks>
/// Logarithm, sine and cosine are the single-precision polynomials of the Cephes library (Moshier 1992), written out with fused multiply-adds
/// only: each is rounded once, as IEEE 754 says, so that every processor computes the same numbers. The framework's own functions promise
/// neither that nor this speed.
/// </remarks>
internal static class BoxMuller
{
    private const float HalfOfAnInteger = 0.5f, TwoToMinus31 = 1f / (1u << 31), RadiansPerInteger = (float)(2 * Math.PI / (1L << 32));
    private const uint RootOfHalf = 0x3F3504F3, Eighth = 1u << 29, Quarter = 1u << 30, Half = 1u << 31;

    /// <summary>Writes 16 cosines, then 16 sines, to the first 32 places.</summary>
    /// <param name="radii">
    /// Integers whose upper 31 bits k give u = (k + 1/2) / 2^31 rounded to a float, in (0, 1]: numbers reach out to 6.66, where 3e-11
    /// of the distribution is left.
    /// </param>
    /// <param name="angles">Integers n that give v = n / 2^32.</param>
    /// <param name="target">At least 32 places.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(Vector512<uint> radii, Vector512<uint> angles, Span<float> target)
    {
        var u = (Vector512.ConvertToSingle((radii >>> 1).AsInt32()) + Vector512.Create(HalfOfAnInteger)) * TwoToMinus31;
        var radius = Vector512.Sqrt(Log(u) * -2f);

        // An angle is the nearest quarter turn and a rest within an eighth of a turn: exact, because they are integers.
        var turned = angles + Vector512.Create(Eighth);
        var rest = Vector512.ConvertToSingle((turned & Vector512.Create(Quarter - 1)).AsInt32() - Vector512.Create((int)Eighth));
        var (sine, cosine) = SinCos(rest * RadiansPerInteger);
        var quarters = turned >>> 30;
        var swap = Vector512.Equals(quarters & Vector512<uint>.One, Vector512<uint>.One).AsSingle();
        var half = Vector512.Create(Half);
        var cosineSign = ((turned ^ (turned << 1)) & half).AsSingle(); // after 1 and 2 quarters
        var sineSign = (turned & half).AsSingle(); // after 2 and 3 quarters
        (radius * (Vector512.ConditionalSelect(swap, sine, cosine) ^ cosineSign)).CopyTo(target);
        (radius * (Vector512.ConditionalSelect(swap, cosine, sine) ^ sineSign)).CopyTo(target[RandomStream.Width..]);
    }

    // Of normal positive numbers. x = m * 2^e with m in [sqrt(1/2), sqrt(2)); ln x = ln m + e ln 2, where ln 2 is the sum of a short
    // number, whose multiples are exact, and of a small one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log(Vector512<float> x)
    {
        var exponent = (x.AsInt32() - Vector512.Create((int)RootOfHalf)) >> 23;
        var e = Vector512.ConvertToSingle(exponent);
        var m = (x.AsInt32() - (exponent << 23)).AsSingle() - Vector512<float>.One;
        var square = m * m;
        var y = Horner(m, Vector512.Create(7.0376836292e-2f), -1.1514610310e-1f);
        y = Horner(m, y, 1.1676998740e-1f);
        y = Horner(m, y, -1.2420140846e-1f);
        y = Horner(m, y, 1.4249322787e-1f);
        y = Horner(m, y, -1.6668057665e-1f);
        y = Horner(m, y, 2.0000714765e-1f);
        y = Horner(m, y, -2.4999993993e-1f);
        y = Horner(m, y, 3.3333331174e-1f);
        y = y * m * square;
        y = Vector512.FusedMultiplyAdd(e, Vector512.Create(-2.12194440e-4f), y);
        y = Vector512.FusedMultiplyAdd(square, Vector512.Create(-0.5f), y);
        return Vector512.FusedMultiplyAdd(e, Vector512.Create(0.693359375f), m + y);
    }

    // Of angles within pi/4 of zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Sine, Vector512<float> Cosine) SinCos(Vector512<float> x)
    {
        var square = x * x;
        var sine = Horner(square, Vector512.Create(-1.9515295891e-4f), 8.3321608736e-3f);
        sine = Horner(square, sine, -1.6666654611e-1f);
        var cosine = Horner(square, Vector512.Create(2.443315711809948e-5f), -1.388731625493765e-3f);
        cosine = Horner(square, cosine, 4.166664568298827e-2f);
        cosine = Horner(square, cosine, -0.5f);
        return (Vector512.FusedMultiplyAdd(sine * square, x, x), Horner(square, cosine, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Horner(Vector512<float> x, Vector512<float> above, float coefficient) =>
        Vector512.FusedMultiplyAdd(above, x, Vector512.Create(coefficient));
}
