namespace Ornstein.Tests.Randomness;

/// <summary>What the product computes in vectors, one number after the other: SplitMix64 and xoshiro256++ as their authors' C code does.</summary>
internal sealed class ScalarStream(params ulong[] state)
{
    public static ulong[] SplitMix(ulong seed, int count) => [.. Enumerable.Range(1, count).Select(i =>
    {
        var z = unchecked(seed + ((ulong)i * 0x9E3779B97F4A7C15UL));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    })];

    public static IEnumerable<uint> Integers(ulong key)
    {
        var seeds = SplitMix(key, 32);
        ScalarStream[] lanes = [.. seeds.Chunk(4).Select(lane => new ScalarStream(lane))];
        while (true)
        {
            foreach (var lane in lanes)
            {
                var word = lane.Next();
                yield return (uint)word;
                yield return (uint)(word >> 32);
            }
        }
    }

    public ulong Next()
    {
        var result = unchecked(ulong.RotateLeft(state[0] + state[3], 23) + state[0]);
        var t = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= t;
        state[3] = ulong.RotateLeft(state[3], 45);
        return result;
    }
}
