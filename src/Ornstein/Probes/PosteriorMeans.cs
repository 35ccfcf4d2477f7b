using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Probes;

/// <summary>E_q[z_i | x] of data: the mean of q of a layer, averaged over passes, which draw the layers that it reads.</summary>
internal static class PosteriorMeans
{
    private const int BatchSize = 500;

    /// <summary>Means of every layer, z1 first, each [members, count, units]; they belong to the caller's dispose scope.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Data; pixels that training draws afresh are drawn once.</param>
    /// <param name="count">How many of them, from the first.</param>
    /// <param name="draws">Passes per datum.</param>
    /// <param name="key">Where the noise comes from.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    public static Tensor[] Of(HierarchicalVae vae, DataRows rows, int count, int draws, RandomKey key, CancellationToken stop)
    {
        Tensor[] means = [.. vae.Options.Latents.Select(units => zeros(vae.Members.Count, count, units))];
        var values = new float[Math.Min(BatchSize, count) * rows.Features];
        for (var start = 0; start < count; start += BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var size = Math.Min(BatchSize, count - start);
            var batch = values.AsSpan(0, size * rows.Features);
            rows.Gather([.. Enumerable.Range(start, size)], start, key.At("pixels"), batch);
            var x = tensor(batch.ToArray(), [1, size, rows.Features]);
            for (var draw = 0; draw < draws; draw++)
            {
                stop.ThrowIfCancellationRequested();
                using var drawScope = NewDisposeScope();
                var pass = vae.Infer(x, StackNoise.Shared(key.At(start).At(draw)));
                for (var i = 0; i < means.Length; i++) means[i].narrow(1, start, size).add_(pass.Layers[i].Mean / draws);
            }
        }

        return means;
    }
}
