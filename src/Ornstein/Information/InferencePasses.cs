using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>Passes of the same data through q, each with noise of its own. What the data alone give is computed once.</summary>
internal sealed class InferencePasses
{
    private readonly HierarchicalVae _vae;
    private readonly RandomKey _key;
    private readonly CancellationToken _stop;
    private readonly List<(Tensor Data, DiagonalGaussian[] FromData)> _parts; // as many as memory asks for

    /// <param name="vae">The stack.</param>
    /// <param name="x">The data, [1, data, features].</param>
    /// <param name="seed">Seed of the noise, which all members share.</param>
    /// <param name="stop">Ends a pass with an <see cref="OperationCanceledException"/>.</param>
    public InferencePasses(HierarchicalVae vae, Tensor x, long seed, CancellationToken stop)
    {
        (_vae, _key, _stop) = (vae, RandomKey.FromSeed(seed).At("information"), stop);
        var (count, atOnce) = (x.shape[1], RowsAtOnce.Of(vae, (int)x.shape[1]));
        _parts = [.. Enumerable.Range(0, (int)((count + atOnce - 1) / atOnce)).Select(part =>
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var data = x.narrow(1, (long)part * atOnce, Math.Min(atOnce, count - ((long)part * atOnce))).MoveToOuterDisposeScope();
            return (data, vae.FromData(data)
                .Select(q => new DiagonalGaussian(q.Mean.MoveToOuterDisposeScope(), q.StandardDeviation.MoveToOuterDisposeScope())).ToArray());
        })];
    }

    /// <summary>The pass of a number.</summary>
    public InferencePass Of(int draw)
    {
        var key = _key.At(draw);
        return InferencePass.Join([.. _parts.Index().Select(part =>
        {
            _stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var noise = StackNoise.Shared(_parts.Count == 1 ? key : key.At(part.Index));
            return _vae.Infer(part.Item.Data, part.Item.FromData, noise).KeepBeyond(scope);
        })]);
    }
}
