using Ornstein.Results;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>
/// Log-weights log p(x, z) - log q(z | x) of one model over k draws of each datum: their mean (k = 1 bound) and the logarithm of the mean
/// weight (importance-weighted bound), both as they come, so that memory does not grow with k.
/// </summary>
internal sealed class LogWeights(int members, int draws) : IDisposable
{
    private readonly Tensor _sums = zeros(4, members, dtype: ScalarType.Float64).DetachFromDisposeScope();
    private Tensor? _sum;      // of log-weights, [members, batch]
    private Tensor? _logSum;   // logarithm of the sum of weights, [members, batch]
    private long _count;

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
        var mean = _sum! / draws;
        var weighted = _logSum! - Math.Log(draws);
        _sums.add_(stack([mean, mean.square(), weighted, weighted.square()], 0).sum([2L]));
        _count += mean.shape[1];
        Replace(ref _sum, null);
        Replace(ref _logSum, null);
    }

    /// <summary>E log w of a member.</summary>
    public Estimate Mean(int member) => Of(0, member);

    /// <summary>E log (1/k) sum w of a member.</summary>
    public Estimate Weighted(int member) => Of(2, member);

    public void Dispose()
    {
        _sums.Dispose();
        _sum?.Dispose();
        _logSum?.Dispose();
    }

    private Estimate Of(int row, int member)
    {
        using var scope = NewDisposeScope();
        var (sum, squares) = (_sums[row, member].item<double>(), _sums[row + 1, member].item<double>());
        var mean = sum / _count;
        var variance = Math.Max(0, (squares / _count) - (mean * mean)) * _count / Math.Max(1, _count - 1);
        return new Estimate(mean, _count < 2 ? double.NaN : Math.Sqrt(variance / _count));
    }

    private static void Replace(ref Tensor? field, Tensor? value)
    {
        field?.Dispose();
        field = value?.DetachFromDisposeScope();
    }
}
