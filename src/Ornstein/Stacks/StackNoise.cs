using Ornstein.Randomness;
using TorchSharp;
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
    private readonly int _samples;
    private readonly Device? _device; // null for the processor

    private StackNoise(RandomKey[] keys, Tensor? memberToSeed, Device? device, int samples = 1) =>
        (_keys, _memberToSeed, _device, _samples) = (keys, memberToSeed, device, samples);

    /// <summary>The noise of training step <paramref name="step"/>, by each member's own seed.</summary>
    public static StackNoise OfStep(StackSeeds seeds, long step)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        return new StackNoise([.. seeds.Distinct.Select(seed => KeyOf(seed, step))], seeds.MemberToSeed, NotProcessor(seeds.Device));
    }

    /// <summary>Where the noise of a seed's training step comes from.</summary>
    public static RandomKey KeyOf(long seed, long step) => RandomKey.FromSeed(seed).At("step").At(step);

    /// <summary>The key of noise that a step might have had: of another batch, and another draw than its own; no two of these have anything in common.</summary>
    internal static RandomKey OtherKey(RandomKey step, long batch, long draw) => step.At("other-draw").At(batch).At(draw);

    /// <summary>Noise that all members share, whatever their seeds: for evaluation and sampling.</summary>
    /// <param name="key">Where it comes from.</param>
    /// <param name="device">Where the stack computes; null for the processor.</param>
    public static StackNoise Shared(RandomKey key, Device? device = null) => new([key], null, NotProcessor(device));

    /// <summary>Other noise of the same members: that of a name and a number.</summary>
    /// <param name="place">The name.</param>
    /// <param name="number">Its number.</param>
    public StackNoise At(string place, long number) => new([.. _keys.Select(key => key.At(place).At(number))], _memberToSeed, _device);

    /// <summary>The noise of <see cref="OtherKey"/>.</summary>
    internal StackNoise Other(long batch, long draw) => new([.. _keys.Select(key => OtherKey(key, batch, draw))], _memberToSeed, _device);

    /// <summary>
    /// Noise of several samples per datum, for rows that hold all data once for each sample in turn. Those of the first sample are this noise's own,
    /// so that they do not depend on how many follow.
    /// </summary>
    /// <param name="count">Number of samples, at least 1.</param>
    public StackNoise OfSamples(int count) => new(_keys, _memberToSeed, _device, count);

    /// <summary>Draws from N(0, 1) under a name: [members, shape...], or [1, shape...] where all members share them.</summary>
    /// <param name="place">The name, such as <c>z1</c>: the same one gives the same draws, another one others.</param>
    /// <param name="shape">At least two axes, of which the last but one are rows.</param>
    public Tensor Normal(string place, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Draw(place, shape[^2], (key, rows) => key.Normal([.. shape[..^2], rows, shape[^1]]));
    }

    /// <summary>Draws of any kind under a name: [members, ...], or [1, ...] where all members share them.</summary>
    /// <param name="place">The name, such as <c>z1</c>: the same one gives the same draws, another one others.</param>
    /// <param name="rows">Rows of all samples.</param>
    /// <param name="draw">Makes the draws of one seed for as many rows as it is told, its last axis but one.</param>
    public Tensor Draw(string place, long rows, Func<RandomKey, long, Tensor> draw)
    {
        ArgumentNullException.ThrowIfNull(draw);
        var perSeed = FromProcessor(() => PerSeed(place, rows, draw));
        return _memberToSeed is null || _keys.Length == 1 ? perSeed : perSeed.index_select(0, _memberToSeed);
    }

    /// <summary>Numbers that the processor makes, where the stack computes: a seed's draws are the same on every device.</summary>
    internal Tensor FromProcessor(Func<Tensor> make)
    {
        if (_device is null) return make();
        using var processor = DefaultDevice.Set(CPU);
        return make().to(_device);
    }

    /// <summary>Where the noise of a sample of every datum comes from.</summary>
    internal static RandomKey OfSample(RandomKey key, int sample) => sample == 0 ? key : key.At("sample").At(sample);

    // [seeds, ...].
    private Tensor PerSeed(string place, long rows, Func<RandomKey, long, Tensor> draw)
    {
        Tensor OfSeed(RandomKey key) => _samples == 1
            ? draw(key.At(place), rows)
            : cat([.. Enumerable.Range(0, _samples).Select(sample => draw(OfSample(key, sample).At(place), rows / _samples))], -2);
        return _keys.Length == 1 ? OfSeed(_keys[0]).unsqueeze(0) : stack(_keys.Select(OfSeed), 0);
    }

    private static Device? NotProcessor(Device? device) => device?.type == DeviceType.CPU ? null : device;
}
