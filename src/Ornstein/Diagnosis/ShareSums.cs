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
    private const int LeastGroups = 4;

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

        Moments Without(int without, int half = -1)
        {
            int[] taken = [.. Enumerable.Range(0, _groups).Where(g => g != without && (half < 0 || g % 2 == half))];
            return Moments.Of(Total(mean, taken), Total(product, taken), Total(variance, taken), taken.Sum(g => _counts[g]));
        }

        // Without each group, and of all data.
        var units = new double[_groups + 1][];
        var principal = new double[_groups + 1][];
        for (var without = 0; without <= _groups; without++) (units[without], principal[without]) = Shares(Without(without));
        var onset = Onsets(Without, noise);
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

    private static double[] Total(double[][] groups, int[] taken)
    {
        var total = new double[groups[0].Length];
        foreach (var g in taken)
        {
            for (var j = 0; j < total.Length; j++) total[j] += groups[g][j];
        }

        return total;
    }

    // Without each group, and of all data: a code and its read-out that are the best of one half of the groups, measured on the other half, both ways. What is found and measured on
    // the same data is too high, in wide layers by far.
    private double[] Onsets(Func<int, int, Moments> without, double noise)
    {
        // With fewer groups a half without one of them would be nothing.
        if (_groups < LeastGroups) return [.. Enumerable.Range(0, _groups + 1).Select(g => LinearCode.Of(without(g, -1), noise).Measured(without(g, -1)))];
        Moments[] halves = [without(_groups, 0), without(_groups, 1)];
        LinearCode[] codes = [.. halves.Select(half => LinearCode.Of(half, noise))];
        double Both(LinearCode[] found, Moments[] measured) => Math.Sqrt((Squared(found[0].Measured(measured[1])) + Squared(found[1].Measured(measured[0]))) / 2);
        return
        [
            .. Enumerable.Range(0, _groups).Select(g =>
            {
                Moments[] left = [.. halves];
                LinearCode[] found = [.. codes];
                left[g % 2] = without(g, g % 2);
                found[g % 2] = LinearCode.Of(left[g % 2], noise);
                return Both(found, left);
            }),
            Both(codes, halves),
        ];
    }

    private static double Squared(double value) => value * value;

    private static (double[] Units, double[] Principal) Shares(Moments moments)
    {
        var kappa = moments.Kappa();
        if (kappa.Enumerate().Any(value => !double.IsFinite(value))) return ([double.NaN], [double.NaN]);
        return ([.. kappa.Diagonal().Select(Share)], [.. kappa.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Share(value.Real)).OrderDescending()]);
    }

    private static double Share(double kappa) => Math.Max(0, kappa) / (1 + Math.Max(0, kappa));
}
