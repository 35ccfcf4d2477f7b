using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// The mutual information I(x; z_j) of every unit by quadrature: KL(q(z_j | x_n) || mean of q(z_j | x_m) over the data), with the mixtures of the
/// fresh Gaussians for q(z_j | x). A mixture of S draws is too pointed, by chi^2 / 2S nats; halves of it by twice as much, which tells how far the
/// whole is off.
/// </summary>
internal sealed class UnitInformation
{
    private const int BlockNumbers = 1 << 18; // densities that are taken at once: they stay in the cache
    private const double MostTooNarrow = 0.01; // share of Gaussians below the grid's step from which on it does not stand for the units

    private readonly double[][] _perDatum; // [units][data]
    private readonly double[] _lower, _upper; // [data]

    private UnitInformation(double[][] perDatum, double[] lower, double[] upper, bool isResolved) =>
        (_perDatum, _lower, _upper, IsResolved) = (perDatum, lower, upper, isResolved);

    /// <summary>Each datum's term of every unit's information, nats, [units][data].</summary>
    public IReadOnlyList<double[]> PerDatum => _perDatum;

    /// <summary>Whether the grid resolves the units' Gaussians, so that the sums below may stand beside those of the quadrature.</summary>
    public bool IsResolved { get; }

    /// <summary>Sum over units of log q(z_j | x) / q(z_j) at the points, by draws that do not know them; [data].</summary>
    public IReadOnlyList<double> LowerAtPoints => _lower;

    /// <summary>The same with the Gaussian that drew the point among the draws.</summary>
    public IReadOnlyList<double> UpperAtPoints => _upper;

    /// <summary>The information of the units of a layer.</summary>
    public static UnitInformation Of(CodeComponents codes, CancellationToken stop)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var units = (int)codes.Points.shape[1];
        var means = stack(codes.Fresh.Select(fresh => fresh.Mean), 1); // [data, draws, units]
        var widths = stack(codes.Fresh.Select(fresh => fresh.StandardDeviation), 1);
        var perDatum = new double[units][];
        var marginal = zeros(codes.Points.shape[0], dtype: ScalarType.Float64);
        var isResolved = true;
        for (var j = 0; j < units; j++)
        {
            stop.ThrowIfCancellationRequested();
            using var unitScope = NewDisposeScope();
            var (mean, width) = (means.select(2, j), widths.select(2, j));
            var grid = new UnitGrid(mean.flatten(), width.flatten());
            var step = grid.StepAt(mean);
            isResolved &= width.lt(step).to(ScalarType.Float64).mean().item<double>() <= MostTooNarrow;
            var densities = Densities(mean, maximum(width, step), grid);
            var (terms, log) = Terms(densities, codes.Fresh.Count, grid);
            perDatum[j] = terms.data<double>().ToArray();
            marginal.add_(AtPoints(log, codes.Points.select(1, j), mean, width, grid));
        }

        double[] Sum(bool withOwn) => (codes.LogDensityOfUnits(withOwn).sum([1L]) - marginal).data<double>().ToArray();
        return new UnitInformation(perDatum, Sum(withOwn: false), Sum(withOwn: true), isResolved);
    }

    // Of the first half of the draws and of the others, float64 [data, 1 or 2, points]; single precision is 1e-6 of a density, of either sign.
    private static Tensor Densities(Tensor means, Tensor widths, UnitGrid grid)
    {
        var (count, draws, points) = (means.shape[0], means.shape[1], grid.Places.shape[0]);
        var centre = means.mean();
        // exp(-(z - m)^2 / 2 s^2) from one matrix product: (z - m) / (sqrt 2 s) is linear in z.
        var slope = (widths * Math.Sqrt(2)).reciprocal();
        var left = stack([slope, (centre - means) * slope], 2).to(ScalarType.Float32); // [data, draws, 2]
        var right = stack([grid.Places - centre, ones_like(grid.Places)], 0).to(ScalarType.Float32);
        var half = Math.Max(1, draws / 2);
        var heights = (widths * Math.Sqrt(2 * Math.PI)).reciprocal();
        var isFirst = arange(draws, dtype: ScalarType.Int64).lt(half).to(ScalarType.Float64);
        var shares = draws == 1 ? isFirst.unsqueeze(0) : stack([isFirst / half, (1 - isFirst) / (draws - half)], 0);
        var weights = (heights.unsqueeze(1) * shares.unsqueeze(0)).to(ScalarType.Float32); // [data, halves, draws]
        var result = empty(count, shares.shape[0], points, dtype: ScalarType.Float64);
        var block = Math.Max(1, BlockNumbers / (draws * points));
        for (long start = 0; start < count; start += block)
        {
            using var blockScope = NewDisposeScope();
            var size = Math.Min(block, count - start);
            var distance = mm(left.narrow(0, start, size).reshape(-1, 2), right);
            var kernel = distance.mul_(distance).neg_().exp_().reshape(size, draws, points);
            result.narrow(0, start, size).copy_(bmm(weights.narrow(0, start, size), kernel));
        }

        // What the trapezoid rule makes of a density is one, so that its own error is no information.
        return result.div_((result * grid.Weights).sum([2L], keepdim: true).clamp_min(1e-300));
    }

    // Terms of the data, and the logarithm of the marginal at the places.
    private static (Tensor Terms, Tensor LogMarginal) Terms(Tensor densities, int draws, UnitGrid grid)
    {
        Tensor Negentropy(Tensor density) => (density * density.clamp_min(1e-300).log() * grid.Weights).sum([-1L]);
        var half = Math.Max(1, draws / 2);
        var hasHalves = densities.shape[1] == 2;
        var (first, second) = (densities.select(1, 0), densities.select(1, densities.shape[1] - 1));
        var whole = hasHalves ? ((first * half) + (second * (draws - half))) / draws : first;
        var marginal = whole.mean([0L]).clamp_min(1e-300).log();
        var entropy = Negentropy(whole);
        if (hasHalves)
        {
            // A bias of c / S in the whole and of c / h in a half of h draws.
            var ofHalves = ((1.0 / half) + (1.0 / (draws - half))) / 2;
            var share = 1.0 / draws / (ofHalves - (1.0 / draws));
            entropy = ((1 + share) * entropy) - (share / 2 * (Negentropy(first) + Negentropy(second)));
        }

        return (entropy - (whole * marginal * grid.Weights).sum([1L]), marginal);
    }

    // Between places the logarithm less that of the Gaussian of equal moments is flat: it is nothing where the unit tells nothing.
    private static Tensor AtPoints(Tensor logMarginal, Tensor points, Tensor means, Tensor widths, UnitGrid grid)
    {
        var centre = means.mean();
        var variance = means.square().mean() - centre.square() + widths.square().mean();
        Tensor Gaussian(Tensor z) => ((z - centre).square() / variance).add(variance.log()).mul(-0.5) - (0.5 * Math.Log(2 * Math.PI));
        return grid.Interpolate(logMarginal - Gaussian(grid.Places), points) + Gaussian(points);
    }
}
