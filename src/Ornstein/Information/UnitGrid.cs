namespace Ornstein.Information;

/// <summary>
/// Places on the line of one unit where densities of its Gaussians are taken, and the trapezoid rule between them. They lie closer where Gaussians
/// are narrow: quantiles of the places within six widths of each Gaussian.
/// </summary>
internal sealed class UnitGrid
{
    /// <summary>Number of places.</summary>
    public const int Points = 128;

    private const int Components = 1024; // Gaussians that the places are taken from
    private const int PlacesOfEach = 4;
    private const double Reach = 6; // in widths: 2e-9 of a Gaussian lies beyond

    private readonly double[] _places = new double[Points], _weights = new double[Points];

    /// <param name="means">Means of all Gaussians.</param>
    /// <param name="widths">Their standard deviations, positive.</param>
    public UnitGrid(ReadOnlySpan<double> means, ReadOnlySpan<double> widths)
    {
        var every = Math.Max(1, (means.Length + Components - 1) / Components);
        var some = new double[(means.Length + every - 1) / every * PlacesOfEach];
        for (var gaussian = 0; gaussian * every < means.Length; gaussian++)
        {
            // Each Gaussian's own offset: equal Gaussians must not give equal places.
            var offset = gaussian * ((Math.Sqrt(5) - 1) / 2) % 1;
            for (var i = 0; i < PlacesOfEach; i++)
            {
                var step = ((i + offset) * (2 * Reach / PlacesOfEach)) - Reach;
                some[(gaussian * PlacesOfEach) + i] = means[gaussian * every] + (widths[gaussian * every] * step);
            }
        }

        Array.Sort(some);
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < means.Length; i++)
        {
            low = Math.Min(low, means[i] - (Reach * widths[i]));
            high = Math.Max(high, means[i] + (Reach * widths[i]));
        }

        (_places[0], _places[^1]) = (low, high);
        for (var i = 1; i < Points - 1; i++)
        {
            var quantile = (i - 1) * (some.Length - 1.0) / (Points - 3);
            var below = (int)quantile;
            var above = Math.Min(below + 1, some.Length - 1);
            _places[i] = Math.Clamp(some[below] + ((quantile - below) * (some[above] - some[below])), low, high);
        }

        for (var i = 1; i < Points; i++)
        {
            var half = (_places[i] - _places[i - 1]) / 2;
            _weights[i - 1] += half;
            _weights[i] += half;
        }
    }

    /// <summary>Where densities are taken, ascending, [points].</summary>
    public ReadOnlySpan<double> Places => _places;

    /// <summary>Weights of the trapezoid rule, [points].</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The distance between places around a number.</summary>
    public double StepAt(double value) => _weights[Math.Clamp(FirstFrom(value), 1, Points - 2)];

    /// <summary>A function that is known at the places, linearly between them.</summary>
    /// <param name="function">Its values, [points].</param>
    /// <param name="value">Where it is asked for.</param>
    public double Interpolate(ReadOnlySpan<double> function, double value)
    {
        var right = Math.Clamp(FirstFrom(value), 1, Points - 1);
        var from = _places[right - 1];
        var share = Math.Clamp((value - from) / Math.Max(_places[right] - from, 1e-300), 0, 1);
        return function[right - 1] + (share * (function[right] - function[right - 1]));
    }

    // The first place that is not below a number: a search by halves of a power of two, without a branch to guess.
    private int FirstFrom(double value)
    {
        var first = 0;
        for (var half = Points / 2; half > 0; half /= 2) first += _places[first + half - 1] < value ? half : 0;
        return first + (_places[first] < value ? 1 : 0);
    }
}
