using Ornstein.Randomness;
using Ornstein.Results;
namespace Ornstein.Harmonics;

/// <summary>Turns statistics of data into a profile: means with their standard errors, and the inversion of the stability curve.</summary>
internal sealed class ProfileBuilder(HarmonicsOptions options, CircleStatistics at, int units, double[][] data)
{
    // Below this share of f^2 a variance is the rounding of float32 outputs, about (6e-8)^2.
    private const double RoundingShare = 1e-12;

    private static readonly RandomKey _groups = RandomKey.FromSeed(0).At("harmonics groups");

    private readonly StabilityInversion _inversion = new(options.Points, options.Gradients);

    public HarmonicProfile Build()
    {
        if (data.Length < 2) throw new OrnsteinException($"harmonics of {data.Length} data; a standard error needs at least 2.");
        // Without gradients their two statistics are NaN by design.
        var isFinite = data.All(row => Enumerable.Range(0, at.Count)
            .All(i => double.IsFinite(row[i]) || (!options.Gradients && (i == at.Stein || i == at.GradientEnergy))));
        if (!isFinite) return Nothing("cannot say: the function gives numbers that are not finite");

        var variance = Mean(row => row[0] - row[at.MeanProduct]);
        var scale = Mean(row => row[at.MeanSquare]).Value;
        var varies = variance.Value > RoundingShare * scale;
        var replicates = varies ? Invert() : [];
        var none = Enumerable.Repeat(Estimate.None, options.Degrees).ToArray();
        Estimate[] byKernel = [.. Enumerable.Range(0, options.Degrees).Select(k => Mean(row => row[at.Kernel + k]))];
        return new HarmonicProfile
        {
            Units = units,
            Data = data.Length,
            Reason = varies ? null : "cannot say: the function does not vary",
            Variance = varies ? Jackknife.Of([.. replicates.Select(w => w.Sum())]) : variance,
            DirectVariance = variance,
            ByInversion = varies ? [.. Enumerable.Range(0, options.Degrees).Select(k => Inverted(replicates, k, byKernel[k], variance.Value))] : none,
            ByKernel = byKernel,
            ByStein = Mean(row => row[at.Stein]),
            GradientEnergy = Mean(row => row[at.GradientEnergy]),
            OddEnergy = Mean(row => (row[0] - row[at.Lags - 1]) / 2),
            EvenEnergy = Mean(row => ((row[0] + row[at.Lags - 1]) / 2) - row[at.MeanProduct]),
            ShareAboveDegreeOne = varies ? Jackknife.Of([.. replicates.Select(w => 1 - (w[0] / w.Sum()))]) : Estimate.None,
            Stability = [.. Enumerable.Range(0, at.Lags).Select(Point)],
            Replicates = replicates,
        };
    }

    // Where the bound at zero holds in some replicates, they vary too little and the jackknife says too small an error: that of the
    // unbounded kernel estimate is then the least that can be said. No energy exceeds the variance, and no error of it need.
    private static Estimate Inverted(List<double[]> replicates, int k, Estimate byKernel, double variance)
    {
        var estimate = Jackknife.Of([.. replicates.Select(w => w[k])]);
        return replicates.Exists(w => w[k] == 0)
            ? estimate with { StandardError = Math.Max(estimate.StandardError, Math.Min(byKernel.StandardError, variance)) }
            : estimate;
    }

    private HarmonicProfile Nothing(string reason)
    {
        var none = Enumerable.Repeat(Estimate.None, options.Degrees).ToArray();
        return new HarmonicProfile
        {
            Units = units,
            Data = data.Length,
            Reason = reason,
            Variance = Estimate.None,
            DirectVariance = Estimate.None,
            ByInversion = none,
            ByKernel = none,
            ByStein = Estimate.None,
            GradientEnergy = Estimate.None,
            OddEnergy = Estimate.None,
            EvenEnergy = Estimate.None,
            ShareAboveDegreeOne = Estimate.None,
            Stability = [.. Enumerable.Range(0, at.Lags).Select(lag => new StabilityPoint(Rho(lag), double.NaN, double.NaN))],
        };
    }

    private StabilityPoint Point(int lag)
    {
        var (value, error) = Mean(row => row[lag] - row[at.MeanProduct]);
        return new StabilityPoint(Rho(lag), value, error);
    }

    private double Rho(int lag) => Math.Cos(2 * Math.PI * lag / options.Points);

    // The inverted profile without each group of data, and of all data.
    private List<double[]> Invert()
    {
        double[][] equations =
        [
            .. data.Select(row => _inversion.Equations(
                row.AsSpan(0, at.Lags), row[0] - row[at.MeanProduct], row[at.Stein], row[at.GradientEnergy])),
        ];
        var errors = Enumerable.Range(0, equations[0].Length).Select(j => Mean(equations, row => row[j]).StandardError).ToArray();
        var groups = Math.Min(Jackknife.MostGroups, data.Length);
        var groupOf = RandomGroups.Of(_groups, data.Length, groups);
        var sums = new double[groups][];
        var counts = new int[groups];
        for (var g = 0; g < groups; g++) sums[g] = new double[errors.Length];
        for (var i = 0; i < equations.Length; i++)
        {
            counts[groupOf[i]]++;
            for (var j = 0; j < errors.Length; j++) sums[groupOf[i]][j] += equations[i][j];
        }

        var total = Enumerable.Range(0, errors.Length).Select(j => sums.Sum(sum => sum[j])).ToArray();
        var result = new List<double[]>();
        for (var g = 0; g < groups; g++)
        {
            var without = total.Select((sum, j) => (sum - sums[g][j]) / (equations.Length - counts[g])).ToArray();
            result.Add(_inversion.Solve(without, errors));
        }

        result.Add(_inversion.Solve([.. total.Select(sum => sum / equations.Length)], errors));
        return result;
    }

    private Estimate Mean(Func<double[], double> statistic) => Mean(data, statistic);

    private static Estimate Mean(double[][] rows, Func<double[], double> statistic)
    {
        var mean = rows.Average(statistic);
        var squares = rows.Sum(row => Math.Pow(statistic(row) - mean, 2));
        return new Estimate(mean, Math.Sqrt(squares / ((double)rows.Length * (rows.Length - 1))));
    }
}
