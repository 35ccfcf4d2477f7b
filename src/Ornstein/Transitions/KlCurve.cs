using MathNet.Numerics.Interpolation;

namespace Ornstein.Transitions;

/// <summary>What a KL does along rho.</summary>
internal enum KlCourse
{
    /// <summary>Below the threshold at every rho.</summary>
    NeverActive,

    /// <summary>Above the threshold at the highest rho.</summary>
    NeverFalls,

    /// <summary>Above the threshold somewhere, and below it at the highest rho.</summary>
    Falls,
}

/// <summary>
/// The KL of one seed along rho, and where it falls to zero. Levels, from the curve's own size and from what is left of it at the highest rho,
/// tell active from collapsed (T is the threshold):
/// <code>
/// vanished below    2 KL(highest rho), kept within [T/10, T]
/// collapsed below   e = 2 KL(highest rho), kept within [T/5, T]
/// active above      a = a tenth of the largest KL, kept within [e, the larger of T and 0.05]
/// </code>
/// The critical rho is where the KL reaches zero. Linear theory has it leave zero linearly and then bend down, so it is estimated by the line
/// through the last two points above e, carried on to zero, but no further than where the monotone interpolation (PCHIP) of the curve
/// has vanished.
/// </summary>
internal sealed class KlCurve
{
    private const double MostActiveLevel = 0.05; // nats
    private readonly double[] _rho;
    private readonly double[] _kl;
    private readonly double _active;
    private readonly double _collapsed;
    private readonly double _vanished;
    private readonly int _first; // grid points: first active, last active, first collapsed
    private readonly int _low;
    private readonly int _high;

    /// <param name="seed">The seed.</param>
    /// <param name="points">KL at every rho, finite, at least one, each rho once.</param>
    /// <param name="threshold">KL above which it is active at all, nats.</param>
    public KlCurve(long seed, IEnumerable<(double Rho, double Kl)> points, double threshold)
    {
        var ordered = points.OrderBy(point => point.Rho).ToArray();
        (Seed, _rho, _kl) = (seed, Array.ConvertAll(ordered, point => point.Rho), Array.ConvertAll(ordered, point => point.Kl));
        var most = _kl.Max();
        Course = _kl[^1] >= threshold ? KlCourse.NeverFalls : most < threshold ? KlCourse.NeverActive : KlCourse.Falls;
        _collapsed = Math.Clamp(2 * _kl[^1], threshold / 5, threshold);
        _vanished = Math.Clamp(2 * _kl[^1], threshold / 10, threshold);
        _active = Math.Clamp(most / 10, _collapsed, Math.Max(threshold, MostActiveLevel));
        if (Course != KlCourse.Falls) return;
        _first = Array.FindIndex(_kl, kl => kl >= _active);
        _low = Array.FindIndex(_kl, _first, kl => kl < _active) - 1;
        _high = Array.FindLastIndex(_kl, kl => kl >= _collapsed) + 1;
        Critical = Locate();
    }

    public long Seed { get; }

    public KlCourse Course { get; }

    /// <summary>The last grid point up to which it is always active, once it is.</summary>
    public double Low => _rho[_low];

    /// <summary>The first grid point from which on it is collapsed.</summary>
    public double High => _rho[_high];

    /// <summary>The lowest grid point at which it is active, where it is collapsed below.</summary>
    public double? ActiveFrom => _first == 0 ? null : _rho[_first];

    /// <summary>The critical rho of a curve that falls.</summary>
    public double Critical { get; }

    /// <summary>KL lost from <see cref="Low"/> to <see cref="High"/> per unit of rho.</summary>
    public double Sharpness => (_kl[_low] - _kl[_high]) / (High - Low);

    private double Locate()
    {
        var lastActive = Array.FindLastIndex(_kl, kl => kl >= _active);
        if (lastActive > _low) return (Low + High) / 2; // active and collapsed in turn: no finer word
        var crossing = Math.Min(High, Crossing(_vanished));
        var last = _high - 1;
        if (last == 0 || _kl[last - 1] <= _kl[last]) return crossing; // no line that falls
        var slope = (_kl[last - 1] - _kl[last]) / (_rho[last] - _rho[last - 1]);
        return Math.Min(crossing, _rho[last] + (_kl[last] / slope));
    }

    // The last rho at which the interpolated curve has the level; the highest where it is never below.
    private double Crossing(double level)
    {
        var last = Array.FindLastIndex(_kl, kl => kl >= level);
        if (last == _rho.Length - 1) return _rho[^1];
        var (low, high) = (_rho[last], _rho[last + 1]);
        if (_rho.Length < 3) return low + ((high - low) * (_kl[last] - level) / (_kl[last] - _kl[last + 1]));
        var curve = CubicSpline.InterpolatePchipSorted(_rho, _kl);
        while (high - low > 1e-12)
        {
            var middle = (low + high) / 2;
            if (curve.Interpolate(middle) >= level) low = middle;
            else high = middle;
        }

        return low;
    }
}
