using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Evaluation;

/// <summary>
/// Active units (Burda et al. 2016, section 5.2): those whose posterior mean E_q[z_i | x] varies over the data by more than a
/// threshold. Above the first layer that mean is itself an expectation over the layers below; its variance over data is estimated
/// without bias as the covariance of two independent half-samples, since squaring one noisy mean would count noise as activity.
/// </summary>
internal sealed class ActiveUnits(int members, IReadOnlyList<int> latents) : IDisposable
{
    private readonly Tensor[] _sumA = Zeros(members, latents);
    private readonly Tensor[] _sumB = Zeros(members, latents);
    private readonly Tensor[] _sumAB = Zeros(members, latents);
    private long _count;

    /// <summary>Takes in a batch: two independent estimates of every layer's posterior means, each [members, batch, units].</summary>
    public void Add(IReadOnlyList<Tensor> halfA, IReadOnlyList<Tensor> halfB)
    {
        _count += halfA[0].shape[1];
        for (var i = 0; i < halfA.Count; i++)
        {
            _sumA[i].Add(halfA[i].sum([1L]));
            _sumB[i].Add(halfB[i].sum([1L]));
            _sumAB[i].Add((halfA[i] * halfB[i]).sum([1L]));
        }
    }

    /// <summary>Estimated variance over data of every unit's posterior mean, [layers][members][units]; NaN for a single datum.</summary>
    public double[][][] Variances()
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, _sumA.Length).Select(i =>
        {
            var covariance = (_sumAB[i] - (_sumA[i] * _sumB[i]).Over(_count)).Over(_count < 2 ? double.NaN : _count - 1).data<double>().ToArray();
            return covariance.Chunk(covariance.Length / members).ToArray();
        })];
    }

    public void Dispose()
    {
        foreach (var tensor in _sumA.Concat(_sumB).Concat(_sumAB)) tensor.Dispose();
    }

    private static Tensor[] Zeros(int members, IReadOnlyList<int> latents) =>
        [.. latents.Select(units => zeros(members, units, dtype: ScalarType.Float64).DetachFromDisposeScope())];
}
