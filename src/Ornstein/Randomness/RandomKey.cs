using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Randomness;

/// <summary>
/// A place in a tree of random numbers. Every draw is a pure function of its key, and a key is a pure function of
/// (seed, step, place): nothing is global, nothing has to be stored to resume, and members that share a seed see the same draws.
/// </summary>
/// <remarks>
/// Keys are mixed over 64 bits (SplitMix64). libtorch's CPU generator seeds itself from the low 32 bits only, so two of n draws
/// share a stream with probability of about n^2 / 2^33; the streams of one step never collide in practice.
/// </remarks>
/// <param name="Value">The key's 64 bits.</param>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>The root of a seed's tree.</summary>
    public static RandomKey FromSeed(long seed) => new(Mix(unchecked((ulong)seed + 0x9E3779B97F4A7C15UL)));

    /// <summary>The child of this key at a number, such as a step or an epoch.</summary>
    public RandomKey At(long number) => new(Mix(Value ^ Mix(unchecked((ulong)number * 0xD1342543DE82EF95UL + 1))));

    /// <summary>The child of this key at a named place, such as "z1".</summary>
    public RandomKey At(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var hash = 0xCBF29CE484222325UL; // FNV-1a
        foreach (var character in place) hash = unchecked((hash ^ character) * 0x100000001B3UL);
        return new RandomKey(Mix(Value ^ hash));
    }

    /// <summary>Draws from N(0, 1), float32, of the given shape.</summary>
    public Tensor Normal(params long[] shape)
    {
        using var generator = Generator();
        return randn(shape, dtype: ScalarType.Float32, generator: generator);
    }

    /// <summary>Draws from U[0, 1), float32, of the given shape.</summary>
    public Tensor Uniform(params long[] shape)
    {
        using var generator = Generator();
        return rand(shape, dtype: ScalarType.Float32, generator: generator);
    }

    /// <summary>A random order of 0 .. <paramref name="count"/> - 1, int64 [count].</summary>
    public Tensor Permutation(long count)
    {
        using var generator = Generator();
        return randperm(count, dtype: ScalarType.Int64, generator: generator);
    }

    private Generator Generator() => new(Value & 0xFFFFFFFFUL);

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
