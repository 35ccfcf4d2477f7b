using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Probes;

/// <summary>
/// z_i ~ q(z_i | x), one draw per datum. Means would show what the noise of q hides: a layer that has collapsed but for a thousandth still orders its
/// means by x, and neither distances of means nor standardised means see how small that is.
/// </summary>
internal static class PosteriorSamples
{
    private const int BatchSize = 500;

    /// <summary>A sample of every layer, z1 first, each [members, count, units]; they belong to the caller's dispose scope.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Data; pixels that training draws afresh are drawn once.</param>
    /// <param name="count">How many of them, from the first.</param>
    /// <param name="key">Where the noise comes from.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    public static Tensor[] Of(HierarchicalVae vae, DataRows rows, int count, RandomKey key, CancellationToken stop)
    {
        Tensor[] samples = [.. vae.Options.Units.Select(units => zeros(vae.Members.Count, count, units))];
        var values = new float[Math.Min(BatchSize, count) * rows.Features];
        for (var start = 0; start < count; start += BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var size = Math.Min(BatchSize, count - start);
            var batch = values.AsSpan(0, size * rows.Features);
            rows.Gather([.. Enumerable.Range(start, size)], start, key.At("pixels"), batch);
            var x = tensor(batch.ToArray(), [1, size, rows.Features]);
            stop.ThrowIfCancellationRequested();
            var pass = vae.Infer(x, StackNoise.Shared(key.At(start)));
            for (var i = 0; i < samples.Length; i++) samples[i].narrow(1, start, size).copy_(pass.Samples[i]);
        }

        return samples;
    }
}
