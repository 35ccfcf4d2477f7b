using Ornstein.Models;
using Ornstein.Results;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>What a full measurement takes from every pass beside the objectives' terms: active units and bounds.</summary>
internal sealed class FullMeasurement(HierarchicalVae vae, int draws) : IDisposable
{
    private readonly LogWeights _unsmoothed = new(vae.Members.Count, draws);
    private readonly LogWeights _generative = new(vae.Members.Count, draws);
    private readonly Tensor?[][] _halves = [new Tensor?[vae.Options.Layers], new Tensor?[vae.Options.Layers]];

    public ActiveUnits Units { get; } = new(vae.Members.Count, vae.Options.Latents);

    /// <summary>Takes in one pass of a batch.</summary>
    public void AddDraw(InferencePass pass, Tensor reconstruction, StackNoise noise, int draw)
    {
        _unsmoothed.AddDraw(-(reconstruction + vae.LogRatio(pass)));
        _generative.AddDraw(-(reconstruction + vae.SmoothedGenerativeLogRatio(pass, noise)));
        var half = _halves[draw < draws / 2 ? 0 : 1];
        for (var i = 0; i < half.Length; i++)
        {
            var mean = pass.Layers[i].Mean.to(ScalarType.Float64).mul(2.0 / draws);
            if (half[i] is { } sum) sum.add_(mean);
            else half[i] = mean.DetachFromDisposeScope();
        }
    }

    /// <summary>Ends a batch.</summary>
    public void EndBatch()
    {
        using var scope = NewDisposeScope();
        _unsmoothed.EndBatch();
        _generative.EndBatch();
        Units.Add([.. _halves[0].Select(mean => mean!)], [.. _halves[1].Select(mean => mean!)]);
        Clear();
    }

    /// <summary>The bounds of a member.</summary>
    public MemberBounds Bounds(int member) => new()
    {
        Draws = draws,
        SampledElbo = _unsmoothed.Mean(member),
        ImportanceWeighted = _unsmoothed.Weighted(member),
        SmoothedGenerative = _generative.Mean(member),
        SmoothedGenerativeImportanceWeighted = _generative.Weighted(member),
    };

    public void Dispose()
    {
        Units.Dispose();
        _unsmoothed.Dispose();
        _generative.Dispose();
        Clear();
    }

    private void Clear()
    {
        foreach (var half in _halves)
        {
            foreach (var mean in half) mean?.Dispose();
            Array.Clear(half);
        }
    }
}
