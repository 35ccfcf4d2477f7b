using Ornstein.Kernels;
using static TorchSharp.torch;

namespace Ornstein.Information;

/// <summary>
/// The quadrature of one unit after another, in memory of its own: KL(q(z_j | x_n) || mean of q(z_j | x_m) over the data), with the mixtures of the
/// fresh Gaussians for q(z_j | x). A mixture of S draws is too pointed, by chi^2 / 2S nats; halves of it by twice as much, which tells how far the
/// whole is off. The same from quarters and halves shows how far that is off, where chi^2 is not small beside S.
/// </summary>
internal sealed unsafe class UnitQuadrature
{
    private const int Points = UnitGrid.Points;

    private readonly UnitCodes _codes;
    private readonly int _count, _draws, _half; // data, draws, draws of the first half
    private readonly double[] _means, _widths; // [data, draws]
    private readonly double[] _whole; // densities of every datum, [data, points]
    private readonly double[] _entropies, _doubts; // [data]; how far an entropy is from that of half the draws
    private readonly float[] _slopes, _offsets, _heights; // of a datum, [draws]

    public UnitQuadrature(UnitCodes codes)
    {
        (_codes, _count, _draws, _half) = (codes, codes.Count, codes.Draws, Math.Max(1, codes.Draws / 2));
        (_means, _widths) = (new double[_count * _draws], new double[_count * _draws]);
        (_whole, _entropies, _doubts) = (new double[_count * Points], new double[_count], new double[_count]);
        (_slopes, _offsets, _heights) = (new float[_draws], new float[_draws], new float[_draws]);
    }

    /// <summary>The numbers of one unit.</summary>
    public UnitTerms Of(int unit)
    {
        _codes.Read(unit, _means, _widths);
        var grid = new UnitGrid(_means, _widths);
        var narrow = AddEntropies(grid);
        var marginal = Marginal();
        var terms = new double[_count];
        var weighted = new double[Points];
        for (var i = 0; i < Points; i++) weighted[i] = marginal[i] * grid.Weights[i];
        fixed (double* whole = _whole, logs = weighted)
        {
            for (var n = 0; n < _count; n++) terms[n] = _entropies[n] - DensityKernels.Dot(whole + (n * Points), logs, Points);
        }

        var (lower, upper) = AtPoints(unit, grid, marginal);
        return new UnitTerms(terms, lower, upper, (double)narrow / _means.Length, Mean(_doubts));
    }

    // Densities and entropies of all data; returns how many Gaussians are narrower than the grid.
    private long AddEntropies(UnitGrid grid)
    {
        var centre = Mean(_means);
        var narrow = 0L;
        double* a = stackalloc double[Points], b = stackalloc double[Points], quarters = stackalloc double[4 * Points];
        var z = stackalloc float[Points];
        for (var i = 0; i < Points; i++) z[i] = (float)(grid.Places[i] - centre);
        // A bias of c / S in the whole and of c / h in a half of h draws.
        var others = _draws - _half;
        var ofHalves = others == 0 ? 0 : ((1.0 / _half) + (1.0 / others)) / 2;
        var share = others == 0 ? 0 : 1.0 / _draws / (ofHalves - (1.0 / _draws));
        // The quarters of the draws: half a half each, from where to where.
        int[] ends = [0, _half / 2, _half, _half + (others / 2), _draws];
        var hasQuarters = _draws >= 4;
        var shareOfQuarters = hasQuarters ? ofHalves / ((Enumerable.Range(0, 4).Sum(i => 1.0 / (ends[i + 1] - ends[i])) / 4) - ofHalves) : 0;
        fixed (double* weights = grid.Weights, all = _whole)
        fixed (float* slopes = _slopes, offsets = _offsets, heights = _heights)
        {
            for (var n = 0; n < _count; n++)
            {
                for (var s = 0; s < _draws; s++)
                {
                    var (mean, width) = (_means[(n * _draws) + s], _widths[(n * _draws) + s]);
                    var step = grid.StepAt(mean);
                    if (width < step) narrow++;
                    width = Math.Max(width, step);
                    slopes[s] = (float)(1 / (width * Math.Sqrt(2)));
                    offsets[s] = (float)((centre - mean) / (width * Math.Sqrt(2)));
                    heights[s] = (float)(1 / (width * Math.Sqrt(2 * Math.PI)));
                }

                var whole = all + (n * Points);
                if (hasQuarters)
                {
                    var ofQuarters = 0.0;
                    for (var i = 0; i < 4; i++)
                    {
                        var quarter = quarters + (i * Points);
                        DensityKernels.Mixture(slopes + ends[i], offsets + ends[i], heights + ends[i], ends[i + 1] - ends[i], z, Points, quarter);
                        Normalize(quarter, weights);
                        ofQuarters += DensityKernels.Negentropy(quarter, weights, Points) / 4;
                    }

                    DensityKernels.Blend(quarters, (double)ends[1] / _half, quarters + Points, (double)(_half - ends[1]) / _half, Points, a);
                    DensityKernels.Blend(quarters + (2 * Points), (double)(ends[3] - _half) / others, quarters + (3 * Points), (double)(_draws - ends[3]) / others, Points, b);
                    DensityKernels.Blend(a, (double)_half / _draws, b, (double)others / _draws, Points, whole);
                    var ofBoth = (DensityKernels.Negentropy(a, weights, Points) + DensityKernels.Negentropy(b, weights, Points)) / 2;
                    _entropies[n] = ((1 + share) * DensityKernels.Negentropy(whole, weights, Points)) - (share * ofBoth);
                    _doubts[n] = _entropies[n] - (((1 + shareOfQuarters) * ofBoth) - (shareOfQuarters * ofQuarters));
                    continue;
                }

                DensityKernels.Mixture(slopes, offsets, heights, _half, z, Points, a);
                Normalize(a, weights);
                if (others == 0)
                {
                    DensityKernels.Blend(a, 1, a, 0, Points, whole);
                    _entropies[n] = DensityKernels.Negentropy(whole, weights, Points);
                    continue;
                }

                DensityKernels.Mixture(slopes + _half, offsets + _half, heights + _half, others, z, Points, b);
                Normalize(b, weights);
                DensityKernels.Blend(a, (double)_half / _draws, b, (double)others / _draws, Points, whole);
                var halves = DensityKernels.Negentropy(a, weights, Points) + DensityKernels.Negentropy(b, weights, Points);
                _entropies[n] = ((1 + share) * DensityKernels.Negentropy(whole, weights, Points)) - (share / 2 * halves);
            }
        }

        return narrow;
    }

    // What the trapezoid rule makes of a density is one, so that its own error is no information.
    private static void Normalize(double* density, double* weights)
    {
        var sum = Math.Max(DensityKernels.Dot(density, weights, Points), 1e-300);
        DensityKernels.Blend(density, 1 / sum, density, 0, Points, density);
    }

    // Logarithm of the mean density at the places.
    private double[] Marginal()
    {
        var result = new double[Points];
        fixed (double* whole = _whole, sum = result)
        {
            for (var n = 0; n < _count; n++) DensityKernels.Blend(whole + (n * Points), 1, sum, 1, Points, sum);
        }

        for (var i = 0; i < Points; i++) result[i] = Math.Log(Math.Max(result[i] / _count, 1e-300));
        return result;
    }

    // log q(z_j | x) / q(z_j) at the points. Between places the logarithm less that of the Gaussian of equal moments is flat: it is nothing where
    // the unit tells nothing.
    private (double[] Lower, double[] Upper) AtPoints(int unit, UnitGrid grid, double[] marginal)
    {
        var centre = Mean(_means);
        var variance = MeanSquare(_means) - (centre * centre) + MeanSquare(_widths);
        double Gaussian(double z) => -0.5 * (((z - centre) * (z - centre) / variance) + Math.Log(variance) + Math.Log(2 * Math.PI));
        var flat = new double[Points];
        for (var i = 0; i < Points; i++) flat[i] = marginal[i] - Gaussian(grid.Places[i]);
        var (lower, upper) = (new double[_count], new double[_count]);
        for (var n = 0; n < _count; n++)
        {
            var (point, mean, width) = _codes.Point(unit, n);
            var ofMarginal = grid.Interpolate(flat, point) + Gaussian(point);
            var (without, with) = LogDensities(n, point, mean, width);
            (lower[n], upper[n]) = (without - ofMarginal, with - ofMarginal);
        }

        return (lower, upper);
    }

    // log of the mean of the fresh densities at a point, and of these and of the Gaussian that drew it.
    private (double Fresh, double WithOwn) LogDensities(int n, double point, double ownMean, double ownWidth)
    {
        static double Exponent(double z, double mean, double width) => -0.5 * (z - mean) / width * ((z - mean) / width);
        var means = _means.AsSpan(n * _draws, _draws);
        var widths = _widths.AsSpan(n * _draws, _draws);
        var own = Exponent(point, ownMean, ownWidth);
        var largest = own;
        for (var s = 0; s < means.Length; s++) largest = Math.Max(largest, Exponent(point, means[s], widths[s]));
        var sum = 0.0;
        for (var s = 0; s < means.Length; s++) sum += Math.Exp(Exponent(point, means[s], widths[s]) - largest) / widths[s];
        var constant = -0.5 * Math.Log(2 * Math.PI);
        var withOwn = largest + Math.Log((sum + (Math.Exp(own - largest) / ownWidth)) / (_draws + 1)) + constant;
        if (sum < 1e-290) // all of them vanish beside the own
        {
            (largest, sum) = (double.NegativeInfinity, 0);
            for (var s = 0; s < means.Length; s++) largest = Math.Max(largest, Exponent(point, means[s], widths[s]));
            for (var s = 0; s < means.Length; s++) sum += Math.Exp(Exponent(point, means[s], widths[s]) - largest) / widths[s];
        }

        var fresh = largest + Math.Log(sum / _draws) + constant;
        return (fresh, _codes.IsExact ? fresh : withOwn);
    }

    private static double Mean(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    private static double MeanSquare(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value * value;
        return sum / values.Length;
    }
}
