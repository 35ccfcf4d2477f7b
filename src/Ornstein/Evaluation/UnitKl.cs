using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>The KL of every layer as trained with its standard error over data, and the mean KL of every unit.</summary>
/// <param name="members">Members of the stack.</param>
/// <param name="latents">Units of every layer.</param>
/// <param name="draws">Passes through q per datum.</param>
internal sealed class UnitKl(int members, IReadOnlyList<int> latents, int draws) : IDisposable
{
    private readonly DataMeans _layers = new(latents.Count, members);
    private readonly Tensor[] _units = [.. latents.Select(units => zeros(members, units, dtype: ScalarType.Float64).DetachFromDisposeScope())];
    private Tensor? _batch; // sum over passes, [layers, members, batch]
    private long _passes;

    /// <summary>Takes in one pass of the current batch: KL per unit of every layer, each [members, batch, units].</summary>
    public void AddDraw(IReadOnlyList<Tensor> perUnit)
    {
        using var scope = NewDisposeScope();
        var layers = stack(perUnit.Select(kl => kl.sum([-1L], type: ScalarType.Float64)), 0);
        if (_batch is null) _batch = layers.DetachFromDisposeScope();
        else _batch.Add(layers);
        for (var i = 0; i < _units.Length; i++) _units[i].Add(perUnit[i].sum([1L], type: ScalarType.Float64));
        _passes += perUnit[0].shape[1];
    }

    /// <summary>Ends a batch: its data have all their passes.</summary>
    public void EndBatch()
    {
        using var scope = NewDisposeScope();
        _layers.Add(_batch!.Over(draws));
        _batch!.Dispose();
        _batch = null;
    }

    /// <summary>KL of a layer of a member, nats per datum.</summary>
    public Estimate Layer(int layer, int member) => _layers.Of(layer, member);

    /// <summary>Mean KL of every unit of every layer of a member, nats per datum.</summary>
    public double[][] Units(int member)
    {
        using var scope = NewDisposeScope();
        return [.. _units.Select(units => units[member].Over((double)_passes).data<double>().ToArray())];
    }

    public void Dispose()
    {
        _layers.Dispose();
        foreach (var units in _units) units.Dispose();
        _batch?.Dispose();
    }
}
