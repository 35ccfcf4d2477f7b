using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>Means over data of numbers that each datum has, with their standard errors, batch after batch.</summary>
/// <param name="rows">Kinds of numbers.</param>
/// <param name="members">Members of the stack.</param>
internal sealed class DataMeans(int rows, int members) : IDisposable
{
    private readonly Tensor _sums = zeros(2, rows, members, dtype: ScalarType.Float64).DetachFromDisposeScope();
    private long _count;

    /// <summary>Takes in the numbers of a batch, float64 [rows, members, batch].</summary>
    public void Add(Tensor values)
    {
        using var scope = NewDisposeScope();
        _sums.Add(stack([values, values.Squared()], 0).sum([3L]));
        _count += values.shape[2];
    }

    /// <summary>The mean of a number over the data so far, and its standard error; NaN for a single datum.</summary>
    public Estimate Of(int row, int member)
    {
        using var scope = NewDisposeScope();
        var mean = _sums[0, row, member].item<double>() / _count;
        var variance = Math.Max(0, (_sums[1, row, member].item<double>() / _count) - (mean * mean));
        return new Estimate(mean, _count < 2 ? double.NaN : Math.Sqrt(variance / (_count - 1)));
    }

    public void Dispose() => _sums.Dispose();
}
