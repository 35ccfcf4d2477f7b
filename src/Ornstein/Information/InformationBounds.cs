using Ornstein.Gaussians;
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
    private const int BlockNumbers = 1 << 19; // densities that are taken at once
    private const int WidestGaussian = 512; // units: its covariance is a matrix

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
            : logaddexp(own + Math.Log(codes.Fresh.Count), codes.Own.LogDensity(codes.Points)) - Math.Log(codes.Fresh.Count + 1);
        var others = density.masked_fill(eye(count, dtype: ScalarType.Bool), double.NegativeInfinity).logsumexp(1) - Math.Log(count - 1);
        return new BoundTerms(
            Numbers(own - (density.logsumexp(1) - Math.Log(count))),
            Numbers(conditional - others),
            codes.Points.shape[1] > WidestGaussian ? null : Numbers(conditional - Fitted(codes)));
    }

    // By blocks of points: temporaries of [data, data] would leave the allocator with gigabytes in pieces.
    private static Tensor Densities(CodeComponents codes, CancellationToken stop)
    {
        var (count, units, draws) = (codes.Points.shape[0], codes.Points.shape[1], codes.Fresh.Count);
        // (z - m)^2 / s^2 multiplied out, in double precision: a matrix product instead of [data, data, units].
        var mean = stack(codes.Fresh.Select(fresh => fresh.Mean), 0);
        var deviation = stack(codes.Fresh.Select(fresh => fresh.StandardDeviation), 0);
        var precision = deviation.square().reciprocal();
        var scaled = mean * precision;
        var constant = ((mean * scaled).sum([2L]) + deviation.log().mul(2).sum([2L]) + (units * Math.Log(2 * Math.PI))).unsqueeze(1);
        var coefficients = cat([precision, scaled.mul(-2)], 2).transpose(1, 2); // [draws, 2 units, data]
        var result = empty(count, count, dtype: ScalarType.Float64);
        var block = Math.Max(1, BlockNumbers / (draws * count));
        for (long start = 0; start < count; start += block)
        {
            stop.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            var points = codes.Points.narrow(0, start, Math.Min(block, count - start));
            var logs = matmul(cat([points.square(), points], 1), coefficients).add_(constant).mul_(-0.5); // [draws, points, data]
            var largest = logs.amax([0L]);
            result.narrow(0, start, points.shape[0]).copy_(logs.sub_(largest).exp_().sum([0L]).log_().add_(largest));
        }

        return result.sub_(Math.Log(draws));
    }

    // log density of every point under a Gaussian with the moments of the mixtures of the data in other folds.
    private static Tensor Fitted(CodeComponents codes)
    {
        var (count, units) = (codes.Points.shape[0], codes.Points.shape[1]);
        var folds = (int)Math.Min(Folds, count);
        var result = zeros(count, dtype: ScalarType.Float64);
        for (var fold = 0; fold < folds; fold++)
        {
            using var scope = NewDisposeScope();
            var isHere = arange(count, dtype: ScalarType.Int64).remainder(folds).eq(fold);
            var (here, elsewhere) = (isHere.nonzero().squeeze(1), isHere.logical_not().nonzero().squeeze(1));
            var means = cat([.. codes.Fresh.Select(fresh => fresh.Mean.index_select(0, elsewhere))], 0);
            var variances = codes.Fresh.Select(fresh => fresh.StandardDeviation.index_select(0, elsewhere).square().mean([0L])).ToArray();
            var centre = means.mean([0L]);
            var centred = means - centre;
            var covariance = (mm(centred.transpose(0, 1), centred) / means.shape[0]) + diag(stack(variances, 0).mean([0L]));
            var factor = linalg.cholesky(covariance);
            var whitened = linalg.solve(factor, (codes.Points.index_select(0, here) - centre).transpose(0, 1));
            var log = (whitened.square().sum([0L]) + (2 * factor.diagonal().log().sum([])) + (units * Math.Log(2 * Math.PI))).mul(-0.5);
            result.index_copy_(0, here, log);
        }

        return result;
    }

    private static double[] Numbers(Tensor perDatum) => perDatum.contiguous().data<double>().ToArray();
}
