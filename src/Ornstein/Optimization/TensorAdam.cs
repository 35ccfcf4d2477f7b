using Ornstein.Stacks;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Optimization;

/// <summary>
/// The step of <see cref="AdamUpdate"/> in tensors, for parameters on a device: which members take it is decided there, so that nothing waits for a number.
/// </summary>
internal sealed class TensorAdam : IDisposable
{
    private readonly StackParameters _parameters;
    private readonly Tensor _first, _second;
    private readonly AdamOptions _options;
    private readonly Tensor _column; // int32 [members * length]: whose a number of the flat buffers is, in the order [entries, members]; padding is nobody's

    /// <param name="parameters">The parameters.</param>
    /// <param name="first">First moments, in the form of the parameters.</param>
    /// <param name="second">Second moments, in the form of the parameters.</param>
    /// <param name="options">Decays, epsilon and clipping.</param>
    public TensorAdam(StackParameters parameters, Tensor first, Tensor second, AdamOptions options)
    {
        (_parameters, _first, _second, _options) = (parameters, first, second, options);
        var (entries, members) = (parameters.Layout.Entries, parameters.Members);
        var columns = new int[parameters.Values.numel()];
        Array.Fill(columns, entries.Count * members);
        for (var i = 0; i < entries.Count; i++)
        {
            for (var member = 0; member < members; member++)
                columns.AsSpan(checked((int)(entries[i].Offset * members)) + (member * entries[i].Size), entries[i].Size).Fill((i * members) + member);
        }

        _column = tensor(columns, device: parameters.Device).DetachFromDisposeScope();
    }

    /// <summary>Takes one step for every member that takes it and whose gradient is finite and not too long, and clears all gradients.</summary>
    /// <param name="learningRate">Step size.</param>
    /// <param name="takes">Which members take part, bool [members].</param>
    /// <param name="number">As in <see cref="Adam.Step(double, ReadOnlySpan{bool}, Func{int, ParameterEntry, long})"/>.</param>
    /// <returns>Euclidean norms of the gradients before clipping, float64 [members].</returns>
    public Tensor Step(double learningRate, Tensor takes, Func<int, ParameterEntry, long> number)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (entries, members, device) = (_parameters.Layout.Entries, _parameters.Members, _parameters.Device);
        var steps = entries.SelectMany(entry => Enumerable.Range(0, members).Select(member => number(member, entry))).ToArray();
        var updates = steps.Distinct().Where(step => step != 0).ToDictionary(step => step, step => new AdamUpdate(step, learningRate, _options));
        // Of every column, and last what padding has.
        Tensor Of(Func<AdamUpdate, float> value) => tensor([.. steps.Select(step => step == 0 ? 0 : value(updates[step])), 0f], device: device);
        var moves = tensor([.. steps.Select(step => step != 0)], [entries.Count, members], device: device);

        var norms = _options.NormOf(Norms(moves));
        var factor = where(takes & _options.Takes(norms), FactorOf(norms), tensor(double.NaN, device: device)).to(ScalarType.Float32);
        var isTaken = cat([(moves & factor.isfinite()).flatten(), tensor([false], device: device)], 0).index_select(0, _column);
        var factors = cat([factor.expand(entries.Count, -1).flatten(), tensor([0f], device: device)], 0).index_select(0, _column);
        var (rates, corrections) = (Of(update => update.Rate).index_select(0, _column), Of(update => update.Correction).index_select(0, _column));

        var (beta1, beta2) = ((float)_options.Beta1, (float)_options.Beta2);
        var g = _parameters.Gradients * factors;
        var m = _first.Times(beta1).Plus(g.Times(1 - beta1));
        var v = _second.Times(beta2).Plus((g * g).Times(1 - beta2));
        _first.copy_(where(isTaken, m, _first));
        _second.copy_(where(isTaken, v, _second));
        var values = _parameters.Values;
        values.copy_(where(isTaken, values - (m * rates / (v * corrections).sqrt().Plus((float)_options.Epsilon)), values));
        _parameters.Gradients.zero_();
        return norms.MoveToOuterDisposeScope();
    }

    /// <summary>Whose of the flat buffers' numbers are those of some members, bool [members * length].</summary>
    /// <param name="members">Which members, bool [members].</param>
    public Tensor OfMembers(Tensor members) =>
        cat([members.expand(_parameters.Layout.Entries.Count, -1).flatten(), tensor([false], device: _parameters.Device)], 0).index_select(0, _column);

    /// <inheritdoc/>
    public void Dispose() => _column.Dispose();

    // In double, parameter by parameter: a sum over all would add in an order that changes from run to run.
    private Tensor Norms(Tensor moves)
    {
        var squares = _parameters.Layout.Entries.Select(entry =>
            _parameters.Block(_parameters.Gradients, entry).flatten(1).to(ScalarType.Float64).Squared().sum([1L]));
        return stack(squares, 0).Masked(moves.logical_not(), 0).sum([0L]).sqrt();
    }

    private Tensor FactorOf(Tensor norms) =>
        _options.ClipNorm is { } clip ? where(norms.IsAbove(clip), norms.reciprocal().Times(clip), ones_like(norms)) : ones_like(norms);
}
