using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;
using Ornstein.Experiments.Tables;
using Ornstein.Results;

namespace Ornstein.Experiments.Comparisons;

/// <summary>What the ± of a <see cref="SeedInterval"/> is.</summary>
internal enum SpreadKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Half of the 95 % confidence interval of the mean over seeds, by Student's t.</summary>
    Student95,

    /// <summary>One seed: the standard error over data.</summary>
    DataError,
}

/// <summary>The mean of one number over seeds, and how far it is to be trusted; NaN where there is none.</summary>
/// <param name="Value">The mean.</param>
/// <param name="PlusMinus">As <paramref name="Spread"/> says.</param>
/// <param name="Spread">What <paramref name="PlusMinus"/> is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeedInterval(double Value, double PlusMinus, SpreadKind Spread)
{
    /// <summary>No number.</summary>
    public static SeedInterval None { get; } = new(double.NaN, double.NaN, SpreadKind.None);

    /// <summary>A number without a spread.</summary>
    public static SeedInterval Exactly(double? value) => new(value ?? double.NaN, double.NaN, SpreadKind.None);

    /// <summary>
    /// Mean ± t_{0.975, n-1} s / sqrt(n) over n seeds. The seeds are taken as draws from a normal distribution; errors over data are not added,
    /// because all seeds are measured on the same data.
    /// </summary>
    /// <param name="seeds">A number per seed; those that are not finite are left out.</param>
    public static SeedInterval Of(IEnumerable<Estimate> seeds)
    {
        Estimate[] finite = [.. seeds.Where(seed => double.IsFinite(seed.Value))];
        if (finite.Length == 0) return None;
        if (finite.Length == 1)
        {
            var (value, error) = (finite[0].Value, finite[0].StandardError);
            return new(value, error, double.IsFinite(error) ? SpreadKind.DataError : SpreadKind.None);
        }

        var mean = Estimate.OfMean([.. finite.Select(seed => seed.Value)]);
        return new(mean.Value, StudentQuantile(finite.Length - 1) * mean.StandardError, SpreadKind.Student95);
    }

    /// <summary>The quantile of Student's t above which the tail lies: of 2.5 % for an interval of 95 %.</summary>
    internal static double StudentQuantile(int degreesOfFreedom, double tail = 0.025) => StudentT.InvCDF(0, 1, degreesOfFreedom, 1 - tail);
}
