using Ornstein.Results;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>
/// Log-weights log p(x, z) - log q(z | x) of one model over k draws of each datum: their mean (k = 1 bound) and the logarithm of the mean
/// weight (importance-weighted bound), both as they come, so that memory does not grow with k.
/// </summary>
internal sealed class LogWeights(int members, int draws) : IDisposable
{
    private readonly DataMeans _means = new(2, members);
    private Tensor? _sum;      // of log-weights, [members, batch]
    private Tensor? _logSum;   // logarithm of the sum of weights, [members, batch]

    /// <summary>Takes in one draw for every datum of the batch, [members, batch].</summary>
    public void AddDraw(Tensor logWeight)
    {
        var value = logWeight.to(ScalarType.Float64);
        Replace(ref _sum, _sum is null ? value.clone() : _sum + value);
        Replace(ref _logSum, _logSum is null ? value.clone() : logaddexp(_logSum, value));
    }

    /// <summary>Ends a batch: its data have all their draws.</summary>
    public void EndBatch()
    {
        using var scope = NewDisposeScope();
        _means.Add(stack([_sum! / draws, _logSum! - Math.Log(draws)], 0));
        Replace(ref _sum, null);
        Replace(ref _logSum, null);
    }

    /// <summary>E log w of a member.</summary>
    public Estimate Mean(int member) => _means.Of(0, member);

    /// <summary>E log (1/k) sum w of a member.</summary>
    public Estimate Weighted(int member) => _means.Of(1, member);

    public void Dispose()
    {
        _means.Dispose();
        _sum?.Dispose();
        _logSum?.Dispose();
    }

    private static void Replace(ref Tensor? field, Tensor? value)
    {
        field?.Dispose();
        field = value?.DetachFromDisposeScope();
    }
}
