namespace Ornstein.Transitions;

/// <summary>The bootstrap over seeds (Efron 1979): how far a mean over seeds would move with other seeds.</summary>
internal static class SeedBootstrap
{
    private const int Seed = 20_210_718;

    /// <summary>The 95 % percentile interval of the mean; null with fewer than two values.</summary>
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
        return (means[(int)(0.025 * (resamples - 1))], means[(int)Math.Ceiling(0.975 * (resamples - 1))]);
    }
}
