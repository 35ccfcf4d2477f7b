using MathNet.Numerics.LinearAlgebra;
using Ornstein.Gaussians;
using Ornstein.Harmonics;
using Ornstein.Results;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Diagnosis;

/// <summary>
/// Sums over data of a layer's means, of their products and of q's variances, in double precision and apart for groups of data, which
/// the jackknife leaves out one by one. All draws of a datum are in one group.
/// </summary>
internal sealed class ShareSums : IDisposable
{
    private readonly int _units;
    private readonly int _members;
    private readonly int _groups;
    private readonly Tensor _means;     // [members, groups, units]
    private readonly Tensor _products;  // [members, groups, units, units]
    private readonly Tensor _variances; // [members, groups, units]
    private readonly double[] _counts;

    public ShareSums(int members, int units, int groups)
    {
        (_members, _units, _groups) = (members, units, groups);
        _means = zeros(members, groups, units, dtype: ScalarType.Float64).DetachFromDisposeScope();
        _products = zeros(members, groups, units, units, dtype: ScalarType.Float64).DetachFromDisposeScope();
        _variances = zeros(members, groups, units, dtype: ScalarType.Float64).DetachFromDisposeScope();
        _counts = new double[groups];
    }

    /// <summary>Takes in q's Gaussian of a batch.</summary>
    /// <param name="layer">The Gaussian, [members, batch, units].</param>
    /// <param name="groups">The group of every datum of the batch.</param>
    public void Add(DiagonalGaussian layer, ReadOnlySpan<int> groups)
    {
        using var scope = NewDisposeScope();
        var batch = layer.Mean.shape[1];
        var members = new List<long>[_groups];
        for (var i = 0; i < groups.Length; i++) (members[groups[i]] ??= []).Add(i);
        var mean = layer.Mean.to(ScalarType.Float64);
        // In a linear model the standard deviation has one row: the same for all data.
        var variance = layer.StandardDeviation.to(ScalarType.Float64).Squared().expand(_members, batch, _units);
        for (var g = 0; g < _groups; g++)
        {
            if (members[g] is not { } data) continue;
            var here = tensor(data.ToArray());
            var own = mean.index_select(1, here);
            _means.select(1, g).Add(own.sum([1L]));
            _products.select(1, g).Add(bmm(own.transpose(1, 2), own));
            _variances.select(1, g).Add(variance.index_select(1, here).sum([1L]));
            _counts[g] += own.shape[1];
        }
    }

    /// <summary>The shares of one member.</summary>
    /// <param name="member">Which.</param>
    /// <param name="layer">The layer's number, from 1.</param>
    /// <param name="noise">What q of the layer above reads of the noise: 1, or the squared effective rho where q is smoothed.</param>
    public LayerShares Of(int member, int layer, double noise)
    {
        using var scope = NewDisposeScope();
        var mean = _means[member].data<double>().ToArray().Chunk(_units).ToArray();
        var product = _products[member].data<double>().ToArray().Chunk(_units * _units).ToArray();
        var variance = _variances[member].data<double>().ToArray().Chunk(_units).ToArray();
        if (product.Concat(variance).Any(group => group.Any(value => !double.IsFinite(value))))
            return LayerShares.None(layer, $"q(z{layer}) has numbers that are not finite");
        if (Enumerable.Range(0, _units).Any(unit => !(variance.Sum(group => group[unit]) > 0)))
            return LayerShares.None(layer, $"a unit of z{layer} has no noise");

        // Without each group, and of all data.
        var units = new double[_groups + 1][];
        var principal = new double[_groups + 1][];
        var onset = new double[_groups + 1];
        for (var without = 0; without <= _groups; without++)
        {
            var count = _counts.Where((_, g) => g != without).Sum();
            (units[without], principal[without], onset[without]) = Shares(
                Total(mean, without), Total(product, without), Total(variance, without), count, noise);
        }

        if (units.Concat(principal).Append(onset).Any(shares => shares.Any(value => !double.IsFinite(value))))
            return LayerShares.None(layer, $"q(z{layer}) has numbers beyond double precision");
        Estimate[] Estimates(double[][] shares) =>
            [.. Enumerable.Range(0, _units).Select(j => Jackknife.Of([.. shares.Select(replicate => replicate[j])]))];
        return new LayerShares { Layer = layer, Units = Estimates(units), Principal = Estimates(principal), Onset = Jackknife.Of(onset) };
    }

    public void Dispose()
    {
        _means.Dispose();
        _products.Dispose();
        _variances.Dispose();
    }

    private static double[] Total(double[][] groups, int without)
    {
        var total = new double[groups[0].Length];
        for (var g = 0; g < groups.Length; g++)
        {
            if (g == without) continue;
            for (var j = 0; j < total.Length; j++) total[j] += groups[g][j];
        }

        return total;
    }

    private (double[] Units, double[] Principal, double Onset) Shares(
        double[] mean, double[] product, double[] variance, double count, double noise)
    {
        // N^(-1/2) C N^(-1/2): rows and columns divided by the noise's standard deviations.
        var kappa = Matrix<double>.Build.Dense(_units, _units, (i, j) =>
            ((product[(i * _units) + j] / count) - (mean[i] / count * (mean[j] / count)))
            / Math.Sqrt(variance[i] / count * (variance[j] / count)));
        if (kappa.Enumerate().Any(value => !double.IsFinite(value))) return ([], [], double.NaN);
        var eigen = kappa.Evd(Symmetricity.Symmetric);
        // Rounding can leave a variance of zero a little below it.
        var along = eigen.EigenValues.Map(value => Math.Max(0, value.Real));
        var root = along.Map(value => value == 0 ? 0 : value / Math.Sqrt(value + noise));
        // T^(-1/2) C (C + noise N)^(-1/2), whose largest singular value it is, in units of N.
        var response = Matrix<double>.Build.Dense(_units, _units, (i, j) =>
            eigen.EigenVectors[i, j] * root[j] / Math.Sqrt(1 + Math.Max(0, kappa[i, i])));
        return ([.. kappa.Diagonal().Select(Share)], [.. along.OrderDescending().Select(Share)], response.L2Norm());
    }

    private static double Share(double kappa) => Math.Max(0, kappa) / (1 + Math.Max(0, kappa));
}
