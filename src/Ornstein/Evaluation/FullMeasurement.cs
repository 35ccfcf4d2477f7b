using Ornstein.Decomposition;
using Ornstein.Models;
using Ornstein.Randomness;
using Ornstein.Results;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>What a full measurement takes from every pass beside the objectives' terms: active units, unit KLs, and the parts of the KLs where these are defined.</summary>
internal sealed class FullMeasurement(HierarchicalVae vae, int draws) : IDisposable
{
    // Draws of z_{i+1} for each z_i: eight leave a bias of order 1/64.
    private const int PartDraws = 8;

    private readonly KlPartSums? _parts = KlPartSums.IfDefined(vae, Math.Min(PartDraws, draws));
    private readonly KlPartSums? _unsmoothedParts = KlPartSums.IfDefined(vae, Math.Min(PartDraws, draws));
    private readonly UnitKl _unitKl = new(vae.Members.Count, vae.Options.Latents, draws);
    private readonly Tensor?[][] _halves = [new Tensor?[vae.Options.Layers], new Tensor?[vae.Options.Layers]];

    public ActiveUnits Units { get; } = new(vae.Members.Count, vae.Options.Latents);

    /// <summary>Takes in one pass of a batch.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="perUnit">KL as trained of every unit of it, each [members, batch, units].</param>
    /// <param name="draw">Its number among the batch's passes, from 0.</param>
    /// <param name="key">Where further draws come from.</param>
    public void AddDraw(InferencePass pass, IReadOnlyList<Tensor> perUnit, int draw, RandomKey key)
    {
        _unitKl.AddDraw(perUnit);
        var half = _halves[draw < draws / 2 ? 0 : 1];
        for (var i = 0; i < half.Length; i++)
        {
            var mean = pass.Layers[i].Mean.to(ScalarType.Float64).mul(2.0 / draws);
            if (half[i] is { } sum) sum.add_(mean);
            else half[i] = mean.DetachFromDisposeScope();
        }

        if (draw % PartDraws != 0) return; // as many draws of z_{i+1} as there are passes, and no more
        _parts?.Add(vae, pass, r => StackNoise.Shared(key.At("parts").At(r)), smoothed: true);
        _unsmoothedParts?.Add(vae, pass, r => StackNoise.Shared(key.At("parts").At(r)), smoothed: false);
    }

    /// <summary>Ends a batch.</summary>
    public void EndBatch()
    {
        using var scope = NewDisposeScope();
        _unitKl.EndBatch();
        _parts?.EndBatch();
        _unsmoothedParts?.EndBatch();
        Units.Add([.. _halves[0].Select(mean => mean!)], [.. _halves[1].Select(mean => mean!)]);
        Clear();
    }

    /// <summary>A member's result with its unit KLs and the parts of its KLs.</summary>
    public MemberResult AddTo(MemberResult result, int member) => result with
    {
        KlErrors = [.. Enumerable.Range(0, vae.Options.Layers).Select(layer => _unitKl.Layer(layer, member).StandardError)],
        UnitKl = _unitKl.Units(member),
        KlParts = _parts?.Of(member),
        UnsmoothedKlParts = _unsmoothedParts?.Of(member),
    };

    public void Dispose()
    {
        Units.Dispose();
        _unitKl.Dispose();
        _parts?.Dispose();
        _unsmoothedParts?.Dispose();
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
