using MathNet.Numerics.Distributions;

namespace Ornstein.Transitions;

/// <summary>
/// The bootstrap over seeds (Efron 1979): how far a mean over seeds would move with other seeds. Resampling n values finds a spread that is
/// too small by sqrt((n - 1)/n), and normal quantiles where few values have Student's: the percentile interval is widened for both.
/// </summary>
internal static class SeedBootstrap
{
    private const int Seed = 20_210_718;

    /// <summary>The 95 % interval of the mean; null with fewer than two values.</summary>
    /// <param name="values">One value per seed.</param>
    /// <param name="resamples">Number of resamples.</param>
    public static (double Low, double High)? Interval(IReadOnlyList<double> values, int resamples)
    {
        if (values.Count < 2) return null;
        var random = new Random(Seed);
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < values.Count; j++) means[i] += values[random.Next(values.Count)] / values.Count;
        }

        Array.Sort(means);
        var n = values.Count;
        var mean = values.Average();
        var widen = StudentT.InvCDF(0, 1, n - 1, 0.975) / Normal.InvCDF(0, 1, 0.975) * Math.Sqrt(n / (n - 1.0));
        var (low, high) = (means[(int)(0.025 * (resamples - 1))], means[(int)Math.Ceiling(0.975 * (resamples - 1))]);
        return (mean - (widen * (mean - low)), mean + (widen * (high - mean)));
    }
}
