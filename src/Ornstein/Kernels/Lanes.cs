using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Kernels;

/// <summary>
/// Vectors of 16 floats. Elementwise kernels work on whole vectors: their buffers are padded to <see cref="Count"/>, and what lies beyond the
/// last number is computed and never read. On processors without AVX-512 the same code runs on narrower registers.
/// </summary>
internal static unsafe class Lanes
{
    /// <summary>Floats of a vector.</summary>
    public const int Count = 16;

    /// <summary>A number of floats, rounded up to whole vectors.</summary>
    public static int Whole(int count) => (count + Count - 1) / Count * Count;

    /// <summary>Stores a vector, or adds it to what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(float* target, Vector512<float> value, bool add) => (add ? value + Vector512.Load(target) : value).Store(target);

    /// <summary>The first <paramref name="count"/> numbers of a vector and zeros.</summary>
    public static Vector512<float> First(Vector512<float> value, int count) => count >= Count ? value
        : Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle(), value, Vector512<float>.Zero);

    /// <summary>Stores the first <paramref name="count"/> numbers of a vector, at most all: for memory after which other numbers lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutFirst(float* target, Vector512<float> value, int count)
    {
        if (count >= Count) value.Store(target);
        else PutSome(target, value, count);
    }

    private static void PutSome(float* target, Vector512<float> value, int count)
    {
        for (var i = 0; i < count; i++) target[i] = value[i];
    }

    /// <summary>log(1 + exp(x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x) =>
        Vector512.Max(x, Vector512<float>.Zero) + Transcendental.Log1P(Transcendental.ExpOfNegative(-Vector512.Abs(x)));

    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) => SigmoidOf(x, Transcendental.ExpOfNegative(-Vector512.Abs(x)));

    /// <summary>1 / (1 + exp(-x)), given exp(-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SigmoidOf(Vector512<float> x, Vector512<float> e)
    {
        var one = Vector512<float>.One;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, one) / (one + e);
    }

    /// <summary>Hyperbolic tangent, to 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        var e = Transcendental.ExpOfNegative(Vector512.Abs(x) * -2);
        return Vector512.CopySign((Vector512<float>.One - e) / (Vector512<float>.One + e), x);
    }

    /// <summary>The distribution function of N(0, 1), to 1e-7 (Abramowitz and Stegun 1964, 7.1.26, for its complement).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> NormalCdf(Vector512<float> x)
    {
        const float P = 0.3275911f * 0.70710678f;
        var t = Vector512<float>.One / ((Vector512.Abs(x) * P) + Vector512<float>.One);
        var polynomial = t * 1.061405429f;
        polynomial = (polynomial + Vector512.Create(-1.453152027f)) * t;
        polynomial = (polynomial + Vector512.Create(1.421413741f)) * t;
        polynomial = (polynomial + Vector512.Create(-0.284496736f)) * t;
        polynomial = (polynomial + Vector512.Create(0.254829592f)) * t;
        var tail = polynomial * Transcendental.ExpOfNegative(x * x * -0.5f) * 0.5f;
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, Vector512<float>.One - tail);
    }
}
