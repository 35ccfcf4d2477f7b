using CsCheck;
using Ornstein.Batching;
using Ornstein.Evaluation;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Tests.Evaluation;

/// <summary>The sampler's weights are those of <see cref="HierarchicalVae"/>'s tensors at the same noise.</summary>
public class ImportanceSamplerTests
{
    [Fact]
    public void Measure_AnyModelAndNumberOfDraws_GivesTheBoundsOfTheTensors() =>
        Gen.Select(AnyModel.Generator, Gen.OneOf(Gen.Int[1, 40], Gen.Int[200, 600])).Sample(Compare, iter: 25, threads: 1);

    [Fact]
    public void Measure_AnyConvolutions_GivesTheBoundsOfTheTensors() => Gen.Select(AnyModel.OfMaps, Gen.Int[1, 20]).Sample(Compare, iter: 6, threads: 1);

    private static void Compare(AnyModel options, int draws)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var vae = options.Create();
        using var rows = options.Rows();
        using var sampler = new ImportanceSampler(vae, draws);
        var key = RandomKey.FromSeed(9);
        var bounds = sampler.Measure(rows, key);
        var (unsmoothed, generative) = Weights(vae, rows, draws, key);
        for (var member = 0; member < bounds.Length; member++)
        {
            AssertEqual(unsmoothed[member].mean([-1L]), bounds[member].SampledElbo);
            AssertEqual(LogMean(unsmoothed[member]), bounds[member].ImportanceWeighted);
            AssertEqual(generative[member].mean([-1L]), bounds[member].SmoothedGenerative);
            AssertEqual(LogMean(generative[member]), bounds[member].SmoothedGenerativeImportanceWeighted);
        }
    }

    // Log-weights [members, data, draws]: the sampler's blocks, one after another.
    private static (Tensor Unsmoothed, Tensor Generative) Weights(HierarchicalVae vae, DataRows rows, int draws, RandomKey key)
    {
        // Wide maps allow fewer rows than a block has, and noise is drawn by block.
        var (samples, data) = SampleBlocks.Of(draws, RowsAtOnce.Of(vae, SampleBlocks.Rows));
        var blocks = (draws + samples - 1) / samples;
        var (unsmoothed, generative) = (new List<Tensor>(), new List<Tensor>());
        for (var first = 0; first < rows.Count; first += data)
        {
            var (count, ofBlocks, ofGenerative) = (Math.Min(data, rows.Count - first), new List<Tensor>(), new List<Tensor>());
            var x = rows.Slice(first, count);
            // The noise is that of a whole block: rows that have no datum are left out after.
            var padded = count == data ? x : cat([x, zeros(data - count, rows.Features)], 0);
            for (var block = 0; block < blocks; block++)
            {
                using var scope = NewDisposeScope(); // all blocks of a wide stack at once would fill the machine's memory
                var noise = StackNoise.Shared(key.At(first / data).At(block));
                var repeated = padded.repeat_interleave(samples, 0).unsqueeze(0);
                var pass = vae.Infer(repeated, noise);
                var reconstruction = vae.Reconstruction(repeated, pass);
                Tensor Shaped(Tensor ratio) => (-reconstruction.Plus(ratio)).to(ScalarType.Float64).reshape(-1, data, samples).narrow(1, 0, count);
                ofBlocks.Add(Shaped(vae.LogRatio(pass)).MoveToOuterDisposeScope());
                ofGenerative.Add(Shaped(vae.SmoothedGenerativeLogRatio(pass, noise)).MoveToOuterDisposeScope());
            }

            unsmoothed.Add(cat(ofBlocks, 2).narrow(2, 0, draws));
            generative.Add(cat(ofGenerative, 2).narrow(2, 0, draws));
        }

        return (cat(unsmoothed, 1), cat(generative, 1));
    }

    private static Tensor LogMean(Tensor weights) => weights.logsumexp(-1).Minus(Math.Log(weights.shape[^1]));

    // Log-densities are sums in float of some hundred terms, of up to ten layers: 1e-5 of their size.
    private static void AssertEqual(Tensor perDatum, Estimate bound)
    {
        var values = perDatum.data<double>().ToArray();
        var size = values.Max(Math.Abs);
        Assert.Equal(values.Average(), bound.Value, 1e-5 * (1 + size));
        var variance = values.Select(value => Math.Pow(value - values.Average(), 2)).Sum() / (values.Length - 1);
        Assert.Equal(Math.Sqrt(variance / values.Length), bound.StandardError, 1e-4 * (1 + size));
    }
}
