using Ornstein.Results;
namespace Ornstein.Harmonics;

/// <summary>The jackknife over groups of data (Quenouille 1956): standard errors of estimates that are no plain means.</summary>
internal static class Jackknife
{
    public const int MostGroups = 20;

    /// <summary>An estimate from its values without each group, the last being that of all data.</summary>
    public static Estimate Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return Estimate.None;
        var groups = values.Count - 1;
        if (groups < 2) return new Estimate(values[^1], double.NaN);
        var mean = values.Take(groups).Average();
        var sum = values.Take(groups).Sum(value => (value - mean) * (value - mean));
        return new Estimate(values[^1], Math.Sqrt(sum * (groups - 1) / groups));
    }
}
