using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>How the mean over passes of a number of every unit varies over the data: by <see cref="ActiveUnits"/>, from two halves of the passes.</summary>
/// <param name="members">Members of the stack.</param>
/// <param name="latents">Units of every layer.</param>
/// <param name="draws">Passes per datum, even.</param>
internal sealed class UnitVariation(int members, IReadOnlyList<int> latents, int draws) : IDisposable
{
    private readonly ActiveUnits _units = new(members, latents);
    private readonly Tensor?[][] _halves = [new Tensor?[latents.Count], new Tensor?[latents.Count]];

    /// <summary>Takes in one pass of a batch.</summary>
    /// <param name="draw">Its number among the batch's passes, from 0.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="values">The number of every unit, [members, batch, units].</param>
    public void AddDraw(int draw, int layer, Tensor values)
    {
        var half = _halves[draw < draws / 2 ? 0 : 1];
        var share = values.to(ScalarType.Float64).Times(2.0 / draws);
        if (half[layer] is { } sum) sum.Add(share);
        else half[layer] = share.DetachFromDisposeScope();
    }

    /// <summary>Ends a batch: its data have all their passes.</summary>
    public void EndBatch()
    {
        _units.Add([.. _halves[0].Select(mean => mean!)], [.. _halves[1].Select(mean => mean!)]);
        Clear();
    }

    /// <summary>Estimated variance over data, [layers][members][units]; NaN for a single datum.</summary>
    public double[][][] Variances() => _units.Variances();

    public void Dispose()
    {
        _units.Dispose();
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
