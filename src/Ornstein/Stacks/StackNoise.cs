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
        return new StackNoise([.. seeds.Distinct.Select(seed => KeyOf(seed, step))], seeds.MemberToSeed);
    }

    /// <summary>Where the noise of a seed's training step comes from.</summary>
    public static RandomKey KeyOf(long seed, long step) => RandomKey.FromSeed(seed).At("step").At(step);

    /// <summary>Noise that all members share, whatever their seeds: for evaluation and sampling.</summary>
    public static StackNoise Shared(RandomKey key) => new([key], null);

    /// <summary>Other noise of the same members: that of a numbered place.</summary>
    /// <param name="place">The name of the place.</param>
    /// <param name="number">Its number.</param>
    public StackNoise At(string place, long number) => new([.. _keys.Select(key => key.At(place).At(number))], _memberToSeed);

    /// <summary>Draws from N(0, 1) at a place: [members, shape...], or [1, shape...] where all members share them.</summary>
    public Tensor Normal(string place, params long[] shape) => Draw(place, key => key.Normal(shape));

    /// <summary>Draws from U[0, 1) at a place: [members, shape...], or [1, shape...] where all members share them.</summary>
    public Tensor Uniform(string place, params long[] shape) => Draw(place, key => key.Uniform(shape));

    /// <summary>Draws of any kind at a place: [members, ...], or [1, ...] where all members share them.</summary>
    /// <param name="place">The name of this place in the program.</param>
    /// <param name="draw">Makes the draws of one seed.</param>
    public Tensor Draw(string place, Func<RandomKey, Tensor> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        if (_keys.Length == 1) return draw(_keys[0].At(place)).unsqueeze(0);
        var perSeed = stack(_keys.Select(key => draw(key.At(place))), 0);
        return _memberToSeed is null ? perSeed : perSeed.index_select(0, _memberToSeed);
    }
}
