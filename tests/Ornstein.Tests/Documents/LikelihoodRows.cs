using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Ornstein.Tests.Documents;

/// <summary>The models of studies/likelihood.json, as <c>ornstein export --results</c> wrote them: means over seeds, and differences of the same seed, each with its 95 % interval (Student t).</summary>
internal static class LikelihoodRows
{
    public const string Plain = "none", WarmUp = "warm-up:10", Annealed = "warm-up:10+anneal";

    private static readonly ILookup<(string Model, string Remedy, double Rho), IReadOnlyDictionary<string, string>> _models = CsvRows.Of("study", "likelihood.csv")
        .ToLookup(row => (row["run"].Split('/')[3], row["remedy"], row.Number("rho")));

    /// <summary>What a column has for each seed, in order.</summary>
    public static double[] Seeds(this (string Model, string Remedy, double Rho) trained, string column) => [.. trained.Rows().Select(row => row.Number(column))];

    /// <summary>The models of a training, by seed.</summary>
    public static IReadOnlyDictionary<string, string>[] Rows(this (string Model, string Remedy, double Rho) trained)
    {
        var rows = _models[trained].OrderBy(row => row.Number("seed")).ToArray();
        Assert.Equal(Enumerable.Range(0, 10), rows.Select(row => (int)row.Number("seed")));
        return rows;
    }

    /// <summary>Differences of the same seed.</summary>
    public static double[] Less(this (string, string, double) trained, (string, string, double) other, string column, string? ofOther = null) =>
        [.. trained.Seeds(column).Zip(other.Seeds(ofOther ?? column), (one, two) => one - two)];

    /// <summary>As a table has it: the mean and half of its interval.</summary>
    public static string Cell(this (string, string, double) trained, string column, int decimals)
    {
        var (mean, half) = Interval(trained.Seeds(column));
        return $"{CsvRows.Text(mean, decimals)}±{CsvRows.Text(half, decimals)}";
    }

    /// <summary>As a table has it: the mean difference, and the interval's ends.</summary>
    public static string Cell(double[] differences)
    {
        var (mean, half) = Interval(differences);
        return $"{Signed(mean)} ({Signed(mean - half)} to {Signed(mean + half)})";
    }

    /// <summary>The mean, and half of its 95 % interval.</summary>
    public static (double Mean, double Half) Interval(double[] values) =>
        (values.Mean(), StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * values.StandardDeviation() / Math.Sqrt(values.Length));

    /// <summary>With two decimals and a sign; nothing has none.</summary>
    public static string Signed(double value) => CsvRows.Text(value, 2) is var text && (text.StartsWith('-') || !text.AsSpan().ContainsAnyInRange('1', '9')) ? text : $"+{text}";
}
