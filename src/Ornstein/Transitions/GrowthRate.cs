using MathNet.Numerics.Distributions;
using Ornstein.Results;

namespace Ornstein.Transitions;

/// <summary>
/// How fast a layer leaves the collapsed state, or comes back to it: the rate g in KL(t) ~ exp(g t), from the KL after every epoch.
/// <code>
/// d_n  = ln KL_(n+1) - ln KL_n,   n = 1..N        (over t_n of time each)
/// g    = sum d_n / sum t_n
/// SE^2 = ( N (c_0 + 2 c_1) - 2 c_1 ) / (sum t_n)^2 (t / 1.96)^2
/// </code>
/// with c_0 and c_1 the variance of d and its covariance at lag 1: ln KL is taken for a line with the noise of a random walk, as gradient noise makes it,
/// and of the measurement, whose differences have c_1 below 0. c_1 is corrected for the mean that was taken off, and t is Student's quantile of N - 1 degrees of freedom at 97.5 %:
/// so two errors hold the rate about as often with few KLs as with many.
/// </summary>
public static class GrowthRate
{
    /// <summary>Least number of KLs.</summary>
    public const int LeastPoints = 5;

    /// <summary>Nats that a smaller KL counts as: what single precision leaves of one that is 0.</summary>
    public const double LeastKl = 1e-9;

    /// <summary>Near the collapsed state: from the first KL to the last before one reaches a cap, and at least <see cref="LeastPoints"/> of them.</summary>
    /// <param name="kl">KL after every epoch, nats.</param>
    /// <param name="time">When, rising: epochs at the full learning rate.</param>
    /// <param name="cap">Nats above which the layer is no longer near the collapsed state.</param>
    /// <returns>The rate per unit of time; none with fewer points, or where the first KL is above the cap.</returns>
    public static Estimate FromCollapsed(IReadOnlyList<double> kl, IReadOnlyList<double> time, double cap)
    {
        ArgumentNullException.ThrowIfNull(kl);
        if (kl.Count == 0 || !(kl[0] < cap)) return Estimate.None;
        var within = kl.TakeWhile(value => value < cap).Count();
        return Of(kl, time, 0, Math.Min(kl.Count, Math.Max(within, LeastPoints)));
    }

    /// <summary>The rate between two epochs.</summary>
    /// <param name="kl">KL after every epoch, nats.</param>
    /// <param name="time">When, rising: epochs at the full learning rate.</param>
    /// <param name="from">Index of the first.</param>
    /// <param name="to">Index after the last.</param>
    /// <returns>The rate per unit of time; none with fewer points, where a KL is not finite, or where no time passes.</returns>
    public static Estimate Of(IReadOnlyList<double> kl, IReadOnlyList<double> time, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(kl);
        ArgumentNullException.ThrowIfNull(time);
        if (to - from < LeastPoints) return Estimate.None;
        double[] logs = [.. Enumerable.Range(from, to - from).Select(i => Math.Log(Math.Max(LeastKl, kl[i])))];
        var (span, count) = (time[to - 1] - time[from], logs.Length - 1);
        if (!Array.TrueForAll(logs, double.IsFinite) || !(span > 0)) return Estimate.None;
        var rate = (logs[^1] - logs[0]) / span;
        double[] rest = [.. Enumerable.Range(0, count).Select(i => logs[i + 1] - logs[i] - (rate * (time[from + i + 1] - time[from + i])))];
        var variance = rest.Sum(d => d * d) / (count - 1);
        // A covariance above 0 is that of a rate that changes: the walk's variance then counts in full.
        // Taking the mean off lowers it, by c_0 / N of a walk.
        var covariance = (rest.Zip(rest.Skip(1), (a, b) => a * b).Sum() / (count - 1)) + (variance / count);
        var walk = Math.Max(0, variance + (2 * covariance));
        var widen = StudentT.InvCDF(0, 1, count - 1, 0.975) / Normal.InvCDF(0, 1, 0.975);
        return new Estimate(rate, widen * Math.Sqrt((count * walk) + Math.Max(0, -2 * covariance)) / span);
    }

    /// <summary>
    /// The rate between two epochs of a layer that stays where it is, but for noise that comes back to it: the straight line of least squares through ln KL, and an error that
    /// holds where noise is alike over some epochs (Newey and West 1987, with as many lags as the root of their number, and the quantile that allows for that many: Kiefer and Vogelsang 2005, table 1). Of a random walk,
    /// such as a layer that is leaving the collapsed state, it says too little error: <see cref="Of"/> is for that. Two errors hold the slope somewhat less often than in 95 of
    /// 100 curves: of noise that comes back by half at every epoch in 86 of 100 with 50 epochs, and in 94 with 400.
    /// </summary>
    /// <param name="kl">KL after every epoch, nats.</param>
    /// <param name="time">When, rising: epochs at the full learning rate.</param>
    /// <param name="from">Index of the first.</param>
    /// <param name="to">Index after the last.</param>
    /// <returns>The rate per unit of time, and the KL that the line has at the last epoch; none and NaN where <see cref="Of"/> has none.</returns>
    public static (Estimate Rate, double LastKl) OfStationary(IReadOnlyList<double> kl, IReadOnlyList<double> time, int from, int to)
    {
        if (Of(kl, time, from, to) == Estimate.None) return (Estimate.None, double.NaN);
        var count = to - from;
        double[] logs = [.. Enumerable.Range(from, count).Select(i => Math.Log(Math.Max(LeastKl, kl[i])))];
        var (middle, mean) = (Enumerable.Range(from, count).Average(i => time[i]), logs.Average());
        double[] away = [.. Enumerable.Range(from, count).Select(i => time[i] - middle)];
        var spread = away.Sum(t => t * t);
        var rate = away.Zip(logs, (t, log) => t * log).Sum() / spread;
        double[] scores = [.. away.Zip(logs, (t, log) => t * (log - mean - (rate * t)))];
        var lags = (int)Math.Ceiling(Math.Sqrt(count));
        var variance = scores.Sum(score => score * score);
        for (var lag = 1; lag <= lags; lag++) variance += 2 * (1 - (lag / (lags + 1.0))) * scores.Zip(scores.Skip(lag), (a, b) => a * b).Sum();
        var share = (lags + 1.0) / count;
        var quantile = 1.96 + (share * (2.9694 + (share * (0.4160 - (0.5324 * share)))));
        return (new Estimate(rate, quantile / 1.96 * Math.Sqrt(Math.Max(0, variance)) / spread), Math.Exp(mean + (rate * away[^1])));
    }
}
