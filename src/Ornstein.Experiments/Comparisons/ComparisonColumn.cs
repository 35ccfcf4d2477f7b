using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A number of every row.</summary>
/// <param name="Key">Its name in files and for <c>--sort</c>.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Of">The number of a row; <see cref="SeedInterval.None"/> where it has none.</param>
/// <param name="Decimals">Decimals in the table.</param>
/// <param name="IsBestLow">Whether a small number is the better one: of time and memory.</param>
internal sealed record ComparisonColumn(string Key, string Title, Func<ComparisonRow, SeedInterval> Of, int Decimals, bool IsBestLow = false)
{
    public const string Bound = "bound";

    /// <summary>Every column that the rows give.</summary>
    public static IReadOnlyList<ComparisonColumn> For(IReadOnlyList<ComparisonRow> rows)
    {
        var layers = rows.Max(row => row.Kl.Length);
        int?[] draws = [.. rows.Select(row => row.ImportanceDraws).Where(k => k is not null).Distinct()];
        var k = draws is [{ } only] ? $" k={only}" : "";
        return
        [
            new("objective", "objective", row => row.SmoothedObjective, 2),
            new("elbo", "ELBO", row => row.Elbo, 2),
            new("sampled-elbo", "joint ELBO", row => row.SampledElbo, 2),
            new(Bound, $"IW bound{k}", row => row.ImportanceWeighted, 2),
            // At rho 1 it is the bound before.
            .. rows.Any(row => row.Rho != "1")
                ? [new("smoothed-bound", $"smoothed IW{k}", row => row.SmoothedImportanceWeighted, 2)]
                : Array.Empty<ComparisonColumn>(),
            .. Enumerable.Range(0, layers).Select(i => new ComparisonColumn($"kl-z{i + 1}", $"KL z{i + 1}", row => Layer(row.Kl, i), 3)),
            .. Enumerable.Range(0, layers).Select(i => new ComparisonColumn($"active-z{i + 1}", $"AU z{i + 1}", row => Layer(row.ActiveUnits, i), 1)),
            new("seconds", "s/model", row => row.SecondsPerModel, 2, IsBestLow: true),
            new("memory", "peak MB", row => row.PeakMemoryMegabytes, 0, IsBestLow: true),
        ];
    }

    /// <summary>The rows, best first; those without a number at the end. Equal ones keep their order.</summary>
    public IEnumerable<ComparisonRow> Sort(IEnumerable<ComparisonRow> rows) =>
        rows.OrderBy(row => double.IsNaN(Of(row).Value) ? double.PositiveInfinity : IsBestLow ? Of(row).Value : -Of(row).Value);

    /// <summary>The cell of a row: <c>-98.71±0.34</c>, with a star where ± is an error over data.</summary>
    public string Cell(ComparisonRow row)
    {
        var number = Of(row);
        if (double.IsNaN(number.Value)) return "-";
        string Text(double value) => TableNumber.Text(value, $"F{Decimals}");
        return number.Spread == SpreadKind.None
            ? Text(number.Value)
            : $"{Text(number.Value)}±{Text(number.PlusMinus)}{(number.Spread == SpreadKind.DataError ? "*" : "")}";
    }

    private static SeedInterval Layer(SeedInterval[] layers, int layer) => layer < layers.Length ? layers[layer] : SeedInterval.None;
}
