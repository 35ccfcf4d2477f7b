namespace Ornstein.Harmonics;

/// <summary>
/// The degree profile from a noise stability curve. On a circle of P points Stab at lag l is sum_k W_k cos(2 pi l / P)^k. Its discrete
/// Fourier coefficients are the energies A_j of f on the circle, never negative; degree k reaches j = k, k - 2, ... alone, so odd and even
/// degrees are apart (the antithetic split), and a constant touches A_0 alone, which is left out. With the total variance
/// V = sum of W_k, and with W_1 by Stein's identity and E |grad f|^2 = sum k W_k where gradients were taken, these are linear equations
/// for W_k >= 0, weighted by their standard errors. What they leave open, the high degrees, a weak prior W_k ~ k^(-3/2) decides: the
/// decay of a function with a jump.
/// </summary>
internal sealed class StabilityInversion
{
    // Above degree 8, which circles hardly tell apart, a few of each parity stand for a range each, the last for all beyond.
    private static readonly int[] _columns = [1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 16, 23, 32, 45, 64, 91, 200, 301];

    // Of a whitened equation: an energy of its prior size costs a thirtieth of a standard error.
    private const double PriorWeight = 0.03;

    private readonly int _points;
    private readonly bool _gradients;
    private readonly double[,] _design;

    public StabilityInversion(int points, bool gradients)
    {
        (_points, _gradients) = (points, gradients);
        var half = points / 2;
        _design = new double[half + (gradients ? 3 : 1), _columns.Length];
        for (var c = 0; c < _columns.Length; c++)
        {
            var degree = _columns[c];
            var lags = Enumerable.Range(0, half + 1).Select(l => Math.Pow(Math.Cos(2 * Math.PI * l / points), degree)).ToArray();
            var column = Equations(lags, 1, degree == 1 ? 1 : 0, degree);
            for (var j = 0; j < column.Length; j++) _design[j, c] = column[j];
        }
    }

    /// <summary>The degrees of the solution; those above 8 stand for a range.</summary>
    public static IReadOnlyList<int> Degrees => _columns;

    /// <summary>The right-hand sides: A_1 to A_{P/2}, V, and with gradients W_1 and sum k W_k.</summary>
    /// <param name="lags">Stab at lags 0 to P/2; any constant may be added to all.</param>
    /// <param name="variance">V.</param>
    /// <param name="stein">W_1 by Stein's identity.</param>
    /// <param name="gradientEnergy">E |grad f|^2.</param>
    public double[] Equations(ReadOnlySpan<double> lags, double variance, double stein, double gradientEnergy)
    {
        var right = new double[(_points / 2) + (_gradients ? 3 : 1)];
        for (var j = 1; j <= _points / 2; j++) right[j - 1] = Coefficient(lags, j);
        right[_points / 2] = variance;
        if (_gradients) (right[^2], right[^1]) = (stein, gradientEnergy);
        return right;
    }

    /// <summary>W_k for <see cref="Degrees"/>.</summary>
    /// <param name="equations">Right-hand sides.</param>
    /// <param name="errors">Their standard errors.</param>
    public double[] Solve(double[] equations, double[] errors)
    {
        var variance = equations[_points / 2];
        if (!(variance > 0)) return new double[_columns.Length];
        // Functions of one degree leave some equations without any noise, and the columns above 8 stand for others: no energy is resolved
        // beyond a ten-thousandth of the variance.
        var floor = 1e-4 * variance;
        var a = new double[equations.Length + _columns.Length, _columns.Length];
        var b = new double[equations.Length + _columns.Length];
        for (var j = 0; j < equations.Length; j++)
        {
            var weight = 1 / Math.Max(floor, errors[j]);
            b[j] = equations[j] * weight;
            for (var c = 0; c < _columns.Length; c++) a[j, c] = _design[j, c] * weight;
        }

        for (var c = 0; c < _columns.Length; c++)
        {
            var width = _columns[c] <= 8 ? 1 : 0.35 * _columns[c]; // degrees of one parity in a factor of two
            a[equations.Length + c, c] = PriorWeight / (variance * width * Math.Pow(_columns[c], -1.5));
        }

        return NonNegativeLeastSquares.Solve(a, b);
    }

    private double Coefficient(ReadOnlySpan<double> lags, int j)
    {
        var half = _points / 2;
        var sum = 0.0;
        for (var l = 0; l < _points; l++) sum += lags[Math.Min(l, _points - l)] * Math.Cos(2 * Math.PI * j * l / _points);
        return sum * (j == half ? 1 : 2) / _points;
    }
}
