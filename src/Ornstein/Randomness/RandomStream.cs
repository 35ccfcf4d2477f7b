using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ornstein.Randomness;

/// <summary>
/// The random numbers of a key: xoshiro256++ (Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators") in eight lanes,
/// which SplitMix64 seeds from all of the key's 64 bits; lane l starts from outputs 4l .. 4l + 3.
/// </summary>
/// <remarks>
/// The numbers are the same on every processor, bit for bit: the operations on integers are exact, those on floats rounded as IEEE 754 says.
/// State is on the caller's stack: nothing is allocated, and any thread may draw. A longer draw begins with the numbers of a shorter one,
/// except for permutations. Processors without fused multiply-adds emulate them: 40 ns and more a normal number.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct RandomStream
{
    /// <summary>Integers of 32 bits that one step gives.</summary>
    public const int Width = 16;

    // A generator's state is 256 bits; these are its four words, in eight lanes each.
    private Vector512<ulong> _a, _b, _c, _d;

    /// <summary>The stream of a key.</summary>
    /// <param name="key">The key's 64 bits.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RandomStream(ulong key)
    {
        // Of SplitMix64's outputs only one in 2^64 is zero: no lane starts from four zeros, which xoshiro never leaves.
        _a = Word(key, 1);
        _b = Word(key, 2);
        _c = Word(key, 3);
        _d = Word(key, 4);
    }

    /// <summary>The next 16 integers, uniform over 32 bits: the low and the high half of each lane's 64 bits, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Next()
    {
        var result = Rotate(_a + _d, 23) + _a;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = Rotate(_d, 45);
        return result.AsUInt32();
    }

    /// <summary>Fills with draws from U[0, 1): multiples of 2^-24.</summary>
    public static void FillUniform(ulong key, Span<float> target)
    {
        var start = new RandomStream(key);
        var stream = start; // a copy whose address nobody takes: its state stays in registers
        while (target.Length >= Width)
        {
            Uniform(stream.Next()).CopyTo(target);
            target = target[Width..];
        }

        if (target.IsEmpty) return;
        Span<float> rest = stackalloc float[Width];
        Uniform(stream.Next()).CopyTo(rest);
        rest[..target.Length].CopyTo(target);
    }

    /// <summary>Fills with draws from N(0, 1): steps are taken two by two, and give 16 cosines and 16 sines.</summary>
    public static void FillNormal(ulong key, Span<float> target)
    {
        var start = new RandomStream(key);
        var stream = start; // a copy whose address nobody takes: its state stays in registers
        while (target.Length >= 2 * Width)
        {
            BoxMuller.Fill(stream.Next(), stream.Next(), target);
            target = target[(2 * Width)..];
        }

        if (target.IsEmpty) return;
        Span<float> rest = stackalloc float[2 * Width];
        BoxMuller.Fill(stream.Next(), stream.Next(), rest);
        rest[..target.Length].CopyTo(target);
    }

    /// <summary>Fills with a random order of 0 .. length - 1: Fisher and Yates's shuffle, each order with the same probability.</summary>
    public static void FillPermutation<T>(ulong key, Span<T> target)
        where T : struct, IBinaryInteger<T>
    {
        for (var i = 0; i < target.Length; i++) target[i] = T.CreateTruncating(i);
        var stream = new RandomStream(key);
        Span<uint> integers = stackalloc uint[Width];
        var next = Width;
        for (var last = target.Length - 1; last > 0; last--)
        {
            var other = Below((uint)last + 1, ref stream, integers, ref next);
            (target[last], target[other]) = (target[other], target[last]);
        }
    }

    // Uniform over 0 .. bound - 1: Lemire 2019, "Fast random integer generation in an interval". The product's high half is the integer;
    // where the low half is below 2^32 mod bound, that integer would come once too often, and the draw is repeated.
    internal static int Below(uint bound, ref RandomStream stream, Span<uint> integers, ref int next)
    {
        while (true)
        {
            if (next == Width)
            {
                stream.Next().CopyTo(integers);
                next = 0;
            }

            var product = (ulong)integers[next++] * bound;
            if ((uint)product >= bound || (uint)product >= unchecked(0u - bound) % bound) return (int)(product >> 32);
        }
    }

    private static Vector512<ulong> Word(ulong key, ulong number) => SplitMix64.Mix(
        (((Vector512<ulong>.Indices * 4UL) + Vector512.Create(number)) * SplitMix64.Increment) + Vector512.Create(key));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Uniform(Vector512<uint> bits) => Vector512.ConvertToSingle((bits >>> 8).AsInt32()) * (1f / (1 << 24));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Rotate(Vector512<ulong> words, int count) => (words << count) | (words >>> (64 - count));
}
