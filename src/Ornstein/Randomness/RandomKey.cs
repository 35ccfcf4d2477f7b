using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Ornstein.Randomness;

/// <summary>
/// A node of a tree of random numbers. Every draw is a pure function of its key, and a key is a pure function of
/// (seed, step, name): nothing is global, nothing has to be stored to resume, and members that share a seed see the same draws.
/// </summary>
/// <remarks>
/// Keys are mixed over 64 bits (SplitMix64), and all 64 seed the numbers (xoshiro256++): two of n draws share a stream with probability
/// of about n^2 / 2^65. A key's numbers are the same on every machine and thread, and the members that fill memory neither call TorchSharp
/// nor allocate. A key is for one draw: its uniform numbers, its normal numbers and its permutations come from the same integers.
/// </remarks>
/// <param name="Value">The key's 64 bits.</param>
public readonly record struct RandomKey(ulong Value)
{
    /// <summary>The root of a seed's tree.</summary>
    public static RandomKey FromSeed(long seed) => new(SplitMix64.Mix(unchecked((ulong)seed + SplitMix64.Increment)));

    /// <summary>The child of this key at a number, such as a step or an epoch.</summary>
    public RandomKey At(long number) => new(SplitMix64.Mix(Value ^ SplitMix64.Mix(unchecked((ulong)number * 0xD1342543DE82EF95UL + 1))));

    /// <summary>The child of this key of a name, such as "z1".</summary>
    public RandomKey At(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var hash = 0xCBF29CE484222325UL; // FNV-1a
        foreach (var character in place) hash = unchecked((hash ^ character) * 0x100000001B3UL);
        return new RandomKey(SplitMix64.Mix(Value ^ hash));
    }

    /// <summary>Draws from N(0, 1), float32, of the given shape: the numbers of <see cref="FillNormal"/>.</summary>
    /// <exception cref="OrnsteinException">The tensor would not fit into 2 GiB.</exception>
    public Tensor Normal(params long[] shape)
    {
        var tensor = Empty(ScalarType.Float32, shape);
        FillNormal(Elements<float>(tensor));
        return tensor;
    }

    /// <summary>Draws from U[0, 1), float32, of the given shape: the numbers of <see cref="FillUniform"/>.</summary>
    /// <exception cref="OrnsteinException">The tensor would not fit into 2 GiB.</exception>
    public Tensor Uniform(params long[] shape)
    {
        var tensor = Empty(ScalarType.Float32, shape);
        FillUniform(Elements<float>(tensor));
        return tensor;
    }

    /// <summary>A random order of 0 .. <paramref name="count"/> - 1, int64 [count]: that of <see cref="FillPermutation"/>.</summary>
    /// <exception cref="OrnsteinException">The tensor would not fit into 2 GiB.</exception>
    public Tensor Permutation(long count)
    {
        var tensor = Empty(ScalarType.Int64, count);
        RandomStream.FillPermutation(Value, Elements<long>(tensor));
        return tensor;
    }

    /// <summary>
    /// Fills with draws from N(0, 1), from any thread; the first n numbers do not depend on how many follow. They lie within 6.67 of zero.
    /// </summary>
    public void FillNormal(Span<float> target) => RandomStream.FillNormal(Value, target);

    /// <summary>
    /// Fills with draws from U[0, 1), multiples of 2^-24, from any thread; the first n numbers do not depend on how many follow.
    /// </summary>
    public void FillUniform(Span<float> target) => RandomStream.FillUniform(Value, target);

    /// <summary>Fills with a random order of 0 .. length - 1, from any thread. Every length has an order of its own.</summary>
    public void FillPermutation(Span<int> target) => RandomStream.FillPermutation(Value, target);

    private static Tensor Empty(ScalarType type, params long[] shape)
    {
        var size = shape.Aggregate((Int128)type.ElementSize(), (product, length) => product * length);
        if (size <= int.MaxValue) return empty(shape, dtype: type, device: CPU);
        throw new OrnsteinException($"a draw of the shape [{string.Join(", ", shape)}] takes {size} bytes; draw less than 2 GiB at once.");
    }

    private static Span<T> Elements<T>(Tensor tensor)
        where T : struct => tensor.numel() == 0 ? [] : MemoryMarshal.Cast<byte, T>(tensor.bytes);
}
