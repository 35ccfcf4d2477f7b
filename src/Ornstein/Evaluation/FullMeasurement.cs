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
    private readonly UnitKl _unitKl = new(vae.Members.Count, vae.Options.Units, draws);
    private readonly UnitVariation _logWidths = new(vae.Members.Count, vae.Options.Units, draws);

    /// <summary>Variation of posterior means.</summary>
    public UnitVariation Means { get; } = new(vae.Members.Count, vae.Options.Units, draws);

    /// <summary>Takes in one pass of a batch.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="perUnit">KL as trained of every unit of it, each [members, batch, units].</param>
    /// <param name="draw">Its number among the batch's passes, from 0.</param>
    /// <param name="key">Where further draws come from.</param>
    public void AddDraw(InferencePass pass, IReadOnlyList<Tensor> perUnit, int draw, RandomKey key)
    {
        _unitKl.AddDraw(perUnit);
        foreach (var (i, q) in pass.Layers.Index())
        {
            Means.AddDraw(draw, i, q.Mean);
            _logWidths.AddDraw(draw, i, q.StandardDeviation.log().expand_as(q.Mean)); // in a linear model it has one row
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
        Means.EndBatch();
        _logWidths.EndBatch();
    }

    /// <summary>A member's result with its unit KLs, the parts of its KLs, and its units whose widths vary.</summary>
    public MemberResult AddTo(MemberResult result, int member, EvaluationOptions options)
    {
        double[][] widths = [.. _logWidths.Variances().Select(layer => layer[member])];
        int[] Count(Func<int, int, bool> counts) => [.. widths.Select((layer, i) => Enumerable.Range(0, layer.Length).Count(unit => counts(i, unit)))];
        bool HasWidth(int layer, int unit) => widths[layer][unit] > options.WidthUnitThreshold;
        return result with
        {
            KlErrors = [.. Enumerable.Range(0, vae.Options.Layers).Select(layer => _unitKl.Layer(layer, member).StandardError)],
            UnitKl = _unitKl.Units(member),
            KlParts = _parts?.Of(member),
            UnsmoothedKlParts = _unsmoothedParts?.Of(member),
            UnitWidthVariance = widths,
            WidthActiveUnits = Count(HasWidth),
            AliveUnits = Count((layer, unit) => HasWidth(layer, unit) || result.UnitVariance![layer][unit] > options.ActiveUnitThreshold),
        };
    }

    public void Dispose()
    {
        Means.Dispose();
        _logWidths.Dispose();
        _unitKl.Dispose();
        _parts?.Dispose();
        _unsmoothedParts?.Dispose();
    }
}
