using Ornstein.Randomness;
using static TorchSharp.torch;

namespace Ornstein.Networks;

/// <summary>The generator that modules initialize themselves and draw with: always seeded before, so that what they draw is a function of the key.</summary>
internal static class GlobalGenerator
{
    public static void Seed(RandomKey key)
    {
#pragma warning disable RS0030 // modules know no other generator
        using var generator = random.manual_seed((long)(key.Value >> 1));
#pragma warning restore RS0030
    }
}
