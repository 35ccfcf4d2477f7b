using Ornstein.Batching;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Smoothing;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>
/// The bounds of <see cref="ImportanceSampler"/> from the tensors that define a model, and so of every model: the same draws in the same
/// blocks, all members in one pass. Slower, because all networks run once per sample and nothing stays in a cache.
/// </summary>
internal static class TensorImportanceSampler
{
    /// <summary>The bounds of every member.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="rows">Data.</param>
    /// <param name="draws">Number k of samples per datum.</param>
    /// <param name="key">Where the noise comes from: the same for all members.</param>
    /// <param name="part">Told of data that are done, each member's counted; null for nothing.</param>
    /// <param name="stop">Ends the measurement with an <see cref="OperationCanceledException"/>.</param>
    public static MemberBounds[] Measure(
        HierarchicalVae vae, DataRows rows, int draws, RandomKey key, MeasuredPart? part = null, CancellationToken stop = default)
    {
        using var guard = no_grad();
        var blocks = SampleBlocks.Of(draws, RowsAtOnce.Of(vae, SampleBlocks.Rows));
        var isSmoothed = vae.Smoothing.Networks.HasFlag(SmoothedNetworks.P) && vae.Rho.Any(links => links.Any(rho => rho != 1));
        DatumWeights[][] weights = [.. vae.Members.Select(_ => new DatumWeights[rows.Count])];
        for (var first = 0; first < rows.Count; first += blocks.Data)
        {
            using var dataScope = NewDisposeScope();
            var data = Math.Min(blocks.Data, rows.Count - first);
            var x = Repeated(rows, first, data, blocks);
            var fromData = vae.FromData(x);
            for (var (done, block) = (0, 0); done < draws; block++)
            {
                stop.ThrowIfCancellationRequested();
                using var blockScope = NewDisposeScope();
                var noise = StackNoise.Shared(key.At(first / blocks.Data).At(block));
                var pass = vae.Infer(x, fromData, noise);
                var likelihood = -vae.Reconstruction(x, pass).to(ScalarType.Float64);
                var unsmoothed = (likelihood - vae.LogRatio(pass)).data<double>().ToArray();
                var generative = isSmoothed ? (likelihood - vae.SmoothedGenerativeLogRatio(pass, noise)).data<double>().ToArray() : unsmoothed;
                var count = Math.Min(blocks.Samples, draws - done);
                for (var member = 0; member < weights.Length; member++)
                {
                    for (var i = 0; i < data; i++)
                    {
                        var start = ((member * blocks.Data) + i) * blocks.Samples;
                        Add(unsmoothed.AsSpan(start, count), generative.AsSpan(start, count), ref weights[member][first + i]);
                    }
                }

                done += count;
            }

            part?.Advance((long)data * weights.Length);
        }

        return [.. weights.Select(member => DatumWeights.Bounds(member, draws))];
    }

    // Every datum once for each of its samples, [1, data of a block * samples, features]. The noise is that of a whole block, so the last one is
    // filled up with rows that do not count.
    private static Tensor Repeated(DataRows rows, int first, int data, SampleBlocks blocks)
    {
        var x = rows.Slice(first, data);
        if (data < blocks.Data) x = cat([x, zeros(blocks.Data - data, rows.Features)], 0);
        return x.repeat_interleave(blocks.Samples, 0).unsqueeze(0);
    }

    private static void Add(ReadOnlySpan<double> unsmoothed, ReadOnlySpan<double> generative, ref DatumWeights datum)
    {
        foreach (var weight in unsmoothed) datum.Unsmoothed.Add(weight);
        foreach (var weight in generative) datum.Generative.Add(weight);
    }
}
