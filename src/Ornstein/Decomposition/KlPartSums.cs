using Ornstein.Gaussians;
using Ornstein.Models;
using Ornstein.Results;
using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Decomposition;

/// <summary>Means and standard errors over data of the parts of every layer's KL, below the top.</summary>
internal sealed class KlPartSums : IDisposable
{
    private const int Parts = 4;

    private readonly int _draws;
    private readonly Tensor[] _sums;    // [parts, members] per layer
    private readonly Tensor[] _squares;
    private readonly Tensor?[] _batch;  // [parts, members, batch] per layer, summed over passes
    private int _passes;
    private long _count;

    private KlPartSums(int members, int links, int draws)
    {
        _draws = draws;
        _batch = new Tensor?[links];
        Tensor[] Zeros() =>
            [.. Enumerable.Range(0, links).Select(_ => zeros(Parts, members, dtype: ScalarType.Float64).DetachFromDisposeScope())];
        (_sums, _squares) = (Zeros(), Zeros());
    }

    /// <summary>
    /// Sums for a stack; null where its layers are no Markov chain: the parts take p(z_i | z_{i+1}) as a function of z_{i+1} ~ q(z_{i+1} | z_i).
    /// </summary>
    public static KlPartSums? IfDefined(HierarchicalVae vae, int draws) =>
        vae.IsMarkov ? new KlPartSums(vae.Members.Count, vae.Options.Layers - 1, draws) : null;

    /// <summary>Takes in one pass of the current batch through q.</summary>
    /// <param name="vae">The stack.</param>
    /// <param name="pass">The pass that fixes every z_i.</param>
    /// <param name="noise">The noise of draw r; other noise for every r and for the pass.</param>
    /// <param name="smoothed">Whether p is smoothed as it was trained; otherwise it is the unsmoothed model's.</param>
    public void Add(HierarchicalVae vae, InferencePass pass, Func<int, StackNoise> noise, bool smoothed)
    {
        for (var link = 0; link < _batch.Length; link++)
        {
            using var scope = NewDisposeScope();
            var above = pass.Layers[link + 1];
            var draws = new DiagonalGaussian[_draws];
            for (var r = 0; r < _draws; r++)
            {
                using var drawScope = NewDisposeScope();
                var own = noise(r);
                var z = above.Sample(own.Normal($"z{link + 2}", above.Mean.shape[1], above.Mean.shape[2]));
                var p = smoothed ? vae.SmoothedGenerative(link, above, z, own) : vae.Generative(link, z);
                draws[r] = new(p.Mean.MoveToOuterDisposeScope(), p.StandardDeviation.MoveToOuterDisposeScope());
            }

            var parts = KlDecomposition.Of(pass.Layers[link], draws);
            var values = stack([parts.Scale, parts.Bias, parts.Variance, parts.EstimatorBias], 0);
            if (_batch[link] is { } sum) sum.Add(values);
            else _batch[link] = values.DetachFromDisposeScope(); // outlives the pass
        }

        _passes++;
    }

    /// <summary>Ends a batch: its data are complete.</summary>
    public void EndBatch()
    {
        for (var link = 0; link < _batch.Length; link++)
        {
            using var scope = NewDisposeScope();
            var perDatum = _batch[link]!.Over(_passes);
            if (link == 0) _count += perDatum.shape[2];
            _sums[link].Add(perDatum.sum([2L]));
            _squares[link].Add(perDatum.Squared().sum([2L]));
            _batch[link]!.Dispose();
            _batch[link] = null;
        }

        _passes = 0;
    }

    /// <summary>The parts of every layer below the top, z1 first, of a member.</summary>
    public KlParts[] Of(int member)
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, _sums.Length).Select(link =>
        {
            var mean = _sums[link].select(1, member).Over(_count).data<double>().ToArray();
            var square = _squares[link].select(1, member).Over(_count).data<double>().ToArray();
            double Error(int part) =>
                _count < 2 ? double.NaN : Math.Sqrt(Math.Max(0, square[part] - (mean[part] * mean[part])) / (_count - 1));
            return new KlParts
            {
                Scale = mean[0],
                Bias = mean[1],
                Variance = mean[2],
                ScaleError = Error(0),
                BiasError = Error(1),
                VarianceError = Error(2),
                EstimatorBias = mean[3],
            };
        })];
    }

    public void Dispose()
    {
        foreach (var tensor in _sums.Concat(_squares).Concat(_batch)) tensor?.Dispose();
    }
}
