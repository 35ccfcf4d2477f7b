using Ornstein.Gaussians;
using Ornstein.Randomness;
using Ornstein.Tensors;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// Bounds on the mutual information of a layer's code with the data. With f(x_m, z) the mean over the fresh Gaussians of datum m of their
/// densities at z: it does not see which Gaussian drew z, so log f is a critic of z and of x with independent noise, and every inequality
/// below holds for any number of draws.
/// </summary>
internal static class InformationBounds
{
    private const int Folds = 10;
    private static readonly RandomKey _folds = RandomKey.FromSeed(0).At("information folds");
    private const int BlockNumbers = 1 << 19; // densities that are taken at once
    private const int WidestCovariance = 512; // units: beyond, the fitted Gaussian has independent ones

    /// <summary>The bounds, from one point per datum.</summary>
    public static BoundTerms Of(CodeComponents codes, CancellationToken stop)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var count = codes.Points.shape[0];
        var density = Densities(codes, stop); // log f(x_m, z_n), [n, m]
        var own = density.diagonal();
        // With the Gaussian that drew z among them, the mean of densities is at least q(z | x) in the mean of its logarithm.
        var conditional = codes.IsExact
            ? own
            : logaddexp(own.Plus(Math.Log(codes.Fresh.Count)), codes.Own.LogDensity(codes.Points)).Minus(Math.Log(codes.Fresh.Count + 1));
        var others = density.Masked(eye(count, dtype: ScalarType.Bool), double.NegativeInfinity).logsumexp(1).Minus(Math.Log(count - 1));
        return new BoundTerms(
            Numbers(own - density.logsumexp(1).Minus(Math.Log(count))),
            Numbers(conditional - others),
            Numbers(conditional - Fitted(codes, stop)));
    }

    // (z - m)^2 / s^2 multiplied out, in double precision: a matrix product of each draw instead of [data, data, units]. By blocks of points:
    // temporaries of [data, data] would leave the allocator with gigabytes in pieces.
    private static Tensor Densities(CodeComponents codes, CancellationToken stop)
    {
        var (count, units) = (codes.Points.shape[0], codes.Points.shape[1]);
        var largest = TensorCreation.Filled([count, count], double.NegativeInfinity, ScalarType.Float64);
        var sum = zeros(count, count, dtype: ScalarType.Float64); // of densities, beside the largest
        var block = Math.Max(1, BlockNumbers / count);
        foreach (var fresh in codes.Fresh)
        {
            using var drawScope = NewDisposeScope();
            var (mean, deviation) = (fresh.Mean.to(ScalarType.Float64), fresh.StandardDeviation.to(ScalarType.Float64));
            var precision = deviation.Squared().reciprocal();
            var scaled = mean * precision;
            var constant = (mean * scaled).sum([1L]).Plus(deviation.log().Times(2).sum([1L])).Plus(units * Math.Log(2 * Math.PI));
            var (ofSquares, ofPoints) = (precision.transpose(0, 1), scaled.Multiply(-2).transpose(0, 1)); // [units, data]
            for (long start = 0; start < count; start += block)
            {
                stop.ThrowIfCancellationRequested();
                using var blockScope = NewDisposeScope();
                var size = Math.Min(block, count - start);
                var points = codes.Points.narrow(0, start, size);
                var logs = mm(points.Squared(), ofSquares).Add(mm(points, ofPoints)).Add(constant).Multiply(-0.5); // [points, data]
                var (before, total) = (largest.narrow(0, start, size), sum.narrow(0, start, size));
                var now = maximum(before, logs);
                total.mul_(before.sub_(now).exp_()).Add(logs.sub_(now).exp_());
                before.copy_(now);
            }
        }

        return sum.log_().Add(largest).Subtract(Math.Log(codes.Fresh.Count));
    }

    // log density of every point under a Gaussian with the moments of the mixtures of the data in other folds: those of all less those of its own.
    private static Tensor Fitted(CodeComponents codes, CancellationToken stop)
    {
        var (count, units) = (codes.Points.shape[0], codes.Points.shape[1]);
        var folds = (int)Math.Min(Folds, count);
        var centre = stack(codes.Fresh.Select(fresh => fresh.Mean.mean([0L], type: ScalarType.Float64)), 0).mean([0L]);
        var foldOf = RandomGroups.Of(_folds, (int)count, folds);
        Tensor[] rows = [.. Enumerable.Range(0, folds).Select(fold => tensor(Enumerable.Range(0, (int)count).Where(i => foldOf[i] == fold).Select(i => (long)i).ToArray()))];
        MomentSums[] own = [.. rows.Select(of => MomentSums.Of(codes, of, centre, stop))];
        var all = own.Aggregate((a, b) => a.Plus(b, 1));
        var result = zeros(count, dtype: ScalarType.Float64);
        foreach (var (fold, here) in rows.Index())
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var others = all.Plus(own[fold], -1);
            var mean = others.Means.Over(others.Count);
            var off = codes.Points.index_select(0, here) - centre - mean;
            var (distance, logDeterminant) = units > WidestCovariance ? Independent(others, mean, off) : Correlated(others, mean, off);
            result.index_copy_(0, here, distance.Plus(logDeterminant).Plus(units * Math.Log(2 * Math.PI)).Times(-0.5));
        }

        return result;
    }

    // Squared distances from the mean, [data], and the log determinant of the covariance.
    private static (Tensor Distance, Tensor LogDeterminant) Correlated(MomentSums sums, Tensor mean, Tensor off)
    {
        var factor = linalg.cholesky((sums.Products.Over(sums.Count) - outer(mean, mean)).Plus(diag(sums.Variances.Over(sums.Count))));
        return (linalg.solve(factor, off.transpose(0, 1)).Squared().sum([0L]), factor.diagonal().log().sum([0L]).Times(2));
    }

    private static (Tensor Distance, Tensor LogDeterminant) Independent(MomentSums sums, Tensor mean, Tensor off)
    {
        var variance = sums.Products.Plus(sums.Variances).Over(sums.Count) - mean.Squared();
        return ((off.Squared() / variance).sum([1L]), variance.log().sum([0L]));
    }

    // Sums over Gaussians: their number, means and products of means around a centre (of wide layers squares alone), variances.
    private sealed record MomentSums(double Count, Tensor Means, Tensor Products, Tensor Variances)
    {
        public static MomentSums Of(CodeComponents codes, Tensor rows, Tensor centre, CancellationToken stop)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var means = cat([.. codes.Fresh.Select(fresh => fresh.Mean.index_select(0, rows).to(ScalarType.Float64) - centre)], 0);
            var variances = stack(codes.Fresh.Select(fresh => fresh.StandardDeviation.index_select(0, rows).to(ScalarType.Float64).Squared().sum([0L])), 0).sum([0L]);
            return new(
                means.shape[0], means.sum([0L]).MoveToOuterDisposeScope(),
                (means.shape[1] > WidestCovariance ? means.Squared().sum([0L]) : mm(means.transpose(0, 1), means)).MoveToOuterDisposeScope(),
                variances.MoveToOuterDisposeScope());
        }

        public MomentSums Plus(MomentSums other, double sign) => new(
            Count + (sign * other.Count), Means.Plus(other.Means, sign), Products.Plus(other.Products, sign), Variances.Plus(other.Variances, sign));
    }

    private static double[] Numbers(Tensor perDatum) => perDatum.contiguous().data<double>().ToArray();
}
