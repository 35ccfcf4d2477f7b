using System.Runtime.InteropServices;
using Ornstein.Results;

namespace Ornstein.Experiments.Comparisons;

/// <summary>
/// One number of a row less that of another row, seed by seed: models of one seed saw the same batches and noise, so much of what differs between seeds cancels.
/// </summary>
/// <param name="Value">Mean over the seeds that both have; NaN where they share none.</param>
/// <param name="PlusMinus">Half of its 95 % confidence interval, by Student's t; NaN with one seed.</param>
/// <param name="Together">The same, so wide that the intervals of all rows hold together with 95 % (Bonferroni).</param>
/// <param name="Seeds">Seeds that both have.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SeedDifference(double Value, double PlusMinus, double Together, int Seeds)
{
    /// <summary>Whether the wider interval leaves out zero. Where all seeds differ by the same, as counts of units may, there is none to judge by.</summary>
    public bool IsShown => Together > 0 && Math.Abs(Value) > Together;

    /// <summary>The difference of one number.</summary>
    /// <param name="of">The row's number by seed.</param>
    /// <param name="against">The other row's.</param>
    /// <param name="comparisons">Rows that are compared with the other one.</param>
    public static SeedDifference Of(IReadOnlyDictionary<long, double> of, IReadOnlyDictionary<long, double> against, int comparisons)
    {
        double[] differences = [.. of.Where(seed => against.ContainsKey(seed.Key)).Select(seed => seed.Value - against[seed.Key])];
        if (differences.Length == 0) return new(double.NaN, double.NaN, double.NaN, 0);
        var mean = Estimate.OfMean(differences);
        double Half(double tail) => differences.Length < 2 ? double.NaN : SeedInterval.StudentQuantile(differences.Length - 1, tail) * mean.StandardError;
        return new(mean.Value, Half(0.025), Half(0.025 / comparisons), differences.Length);
    }
}

/// <summary>What a row differs by from the row that all are compared with.</summary>
/// <param name="Label">The row's.</param>
/// <param name="Numbers">By the key of the column; those that both rows have.</param>
internal sealed record RowDifference(string Label, IReadOnlyDictionary<string, SeedDifference> Numbers);

/// <summary>Every other row less one of them.</summary>
/// <param name="Against">Label of that one.</param>
/// <param name="Rows">The others, in the order of the table.</param>
internal sealed record RowDifferences(string Against, IReadOnlyList<RowDifference> Rows)
{
    /// <summary>The differences.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="against">The one that the others are compared with.</param>
    public static RowDifferences Of(IReadOnlyList<ComparisonRow> rows, ComparisonRow against)
    {
        ComparisonRow[] others = [.. rows.Where(row => row != against)];
        return new(against.Label, [.. others.Select(row => new RowDifference(row.Label, row.BySeed
            .Where(number => against.BySeed.ContainsKey(number.Key))
            .Select(number => (number.Key, Difference: SeedDifference.Of(number.Value, against.BySeed[number.Key], others.Length)))
            .Where(number => number.Difference.Seeds > 0)
            .ToDictionary(number => number.Key, number => number.Difference, StringComparer.Ordinal)))]);
    }
}
