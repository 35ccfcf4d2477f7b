using Ornstein.Randomness;
using static TorchSharp.torch;

namespace Ornstein.Stacks;

/// <summary>
/// The random numbers of one step of a stack. A draw is made once per seed and handed to every member of that seed (common random
/// numbers), so differences between rhos are not sampling noise and a member sees the same numbers alone as inside any stack.
/// </summary>
public sealed class StackNoise
{
    private readonly RandomKey[] _keys;
    private readonly Tensor? _memberToSeed;

    private StackNoise(RandomKey[] keys, Tensor? memberToSeed) => (_keys, _memberToSeed) = (keys, memberToSeed);

    /// <summary>The noise of training step <paramref name="step"/>, by each member's own seed.</summary>
    public static StackNoise OfStep(StackSeeds seeds, long step)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        return new StackNoise([.. seeds.Distinct.Select(seed => RandomKey.FromSeed(seed).At("step").At(step))], seeds.MemberToSeed);
    }

    /// <summary>Noise that all members share, whatever their seeds: for evaluation and sampling.</summary>
    public static StackNoise Shared(RandomKey key) => new([key], null);

    /// <summary>Draws from N(0, 1) at a place: [members, shape...], or [1, shape...] where all members share them.</summary>
    public Tensor Normal(string place, params long[] shape) => Gather(key => key.At(place).Normal(shape));

    /// <summary>Draws from U[0, 1) at a place: [members, shape...], or [1, shape...] where all members share them.</summary>
    public Tensor Uniform(string place, params long[] shape) => Gather(key => key.At(place).Uniform(shape));

    private Tensor Gather(Func<RandomKey, Tensor> draw)
    {
        if (_keys.Length == 1) return draw(_keys[0]).unsqueeze(0);
        var perSeed = stack(_keys.Select(draw), 0);
        return _memberToSeed is null ? perSeed : perSeed.index_select(0, _memberToSeed);
    }
}
