using System.Runtime.Intrinsics;

namespace Ornstein.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"): output i of a seed is the mixed
/// seed + i * <see cref="Increment"/>, so that any output can be computed alone.
/// </summary>
internal static class SplitMix64
{
    /// <summary>What each output adds to the state: 2^64 over the golden ratio, made odd.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15UL;

    private const ulong First = 0xBF58476D1CE4E5B9UL, Second = 0x94D049BB133111EBUL;

    /// <summary>A bijection of 64 bits in which every bit of the result depends on every bit of the value.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * First;
            value = (value ^ (value >> 27)) * Second;
            return value ^ (value >> 31);
        }
    }

    /// <summary><see cref="Mix(ulong)"/> of eight values.</summary>
    public static Vector512<ulong> Mix(Vector512<ulong> values)
    {
        values = (values ^ (values >>> 30)) * First;
        values = (values ^ (values >>> 27)) * Second;
        return values ^ (values >>> 31);
    }
}
