using Ornstein.Experiments.Quantities;
using Ornstein.Experiments.Text;

namespace Ornstein.Experiments.Comparisons;

/// <summary>A number of every row, or a word.</summary>
/// <param name="Key">Its name in files and for <c>--sort</c>.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Of">The number of a row; <see cref="SeedInterval.None"/> where it has none.</param>
/// <param name="Decimals">Decimals in the table.</param>
/// <param name="IsBestLow">Whether a small number is the better one: of time and memory.</param>
internal sealed record ComparisonColumn(string Key, string Title, Func<ComparisonRow, SeedInterval> Of, int Decimals, bool IsBestLow = false)
{
    public const string Bound = "bound";

    /// <summary>What it is, where that is not said below every table.</summary>
    public string? Legend { get; init; }

    /// <summary>What a number is multiplied by in the table.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The word of a row in the place of a number; null for a column of numbers.</summary>
    public Func<ComparisonRow, string?>? Word { get; init; }

    /// <summary>Whether the table shows it without being asked for it.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>The layer, from 0; null for a column of models.</summary>
    public int? Layer { get; init; }

    /// <summary>Every column that the rows give: those that are always there, and all others that any row has.</summary>
    public static IReadOnlyList<ComparisonColumn> For(IReadOnlyList<ComparisonRow> rows)
    {
        int?[] draws = [.. rows.Select(row => row.ImportanceDraws).Where(k => k is not null).Distinct()];
        var k = draws is [{ } only] ? $" k={only}" : "";
        var layers = rows.Max(row => row.Layers);
        var quantities = rows.SelectMany(row => row.Quantities).DistinctBy(quantity => quantity.Key, StringComparer.Ordinal)
            .OrderBy(quantity => quantity.IsOwn).Where(quantity => !quantity.IsOfSmoothed || rows.Any(row => row.Rho != "1"));
        return
        [
            .. quantities.SelectMany(quantity => quantity.IsPerLayer
                    ? Enumerable.Range(0, layers).Select(layer => Column(quantity, layer, ""))
                    : [Column(quantity, null, k)])
                .Where(column => (column.IsShown && column.Legend is null) || rows.Any(column.IsThere)),
            new("seconds", "s/model", row => row.SecondsPerModel, 2, IsBestLow: true),
            new("memory", "peak MB", row => row.PeakMemoryMegabytes, 0, IsBestLow: true),
        ];
    }

    /// <summary>The columns that a table shows: those that were asked for, or those that need not be asked for.</summary>
    public static IReadOnlyList<ComparisonColumn> Shown(Comparison comparison)
    {
        var all = For(comparison.Rows);
        return comparison.Columns is { } keys ? [.. keys.Select(key => all.First(column => column.Key == key))] : [.. all.Where(column => column.IsShown)];
    }

    /// <summary>The key of a quantity, of a layer from 0 or of the model.</summary>
    public static string KeyOf(Quantity quantity, int? layer) => layer is { } i ? $"{quantity.Key}-z{i + 1}" : quantity.Key;

    /// <summary>The rows, best first; those without a number at the end. Equal ones keep their order.</summary>
    public IEnumerable<ComparisonRow> Sort(IEnumerable<ComparisonRow> rows) =>
        rows.OrderBy(row => double.IsNaN(Of(row).Value) ? double.PositiveInfinity : IsBestLow ? Of(row).Value : -Of(row).Value);

    /// <summary>The cell of a row: <c>-98.71±0.34</c>, with a star where ± is an error over data.</summary>
    public string Cell(ComparisonRow row)
    {
        if (Word is { } word) return word(row) ?? "-";
        var number = Of(row);
        if (double.IsNaN(number.Value)) return "-";
        string Text(double value) => TableNumber.Text(Scale * value, $"F{Decimals}");
        return number.Spread == SpreadKind.None
            ? Text(number.Value)
            : $"{Text(number.Value)}±{Text(number.PlusMinus)}{(number.Spread == SpreadKind.DataError ? "*" : "")}";
    }

    /// <summary>The cell of a difference: <c>+1.72±0.34 x</c>, with the x where it is shown.</summary>
    public string Cell(RowDifference row)
    {
        if (!row.Numbers.TryGetValue(Key, out var number)) return "-";
        var value = TableNumber.Text(Scale * number.Value, $"F{Decimals}");
        var signed = value.StartsWith('-') ? value : $"+{value}";
        return double.IsNaN(number.PlusMinus) ? signed : $"{signed}±{TableNumber.Text(Scale * number.PlusMinus, $"F{Decimals}")}{(number.IsShown ? " x" : "")}";
    }

    private bool IsThere(ComparisonRow row) => Word is { } word ? word(row) is not null : double.IsFinite(Of(row).Value);

    private static ComparisonColumn Column(Quantity quantity, int? layer, string draws)
    {
        var key = KeyOf(quantity, layer);
        var title = layer is { } i ? quantity.TitleOf(i) : $"{quantity.Title}{(quantity.HasDraws ? draws : "")}";
        var decimals = quantity.Decimals ?? (quantity.Unit is Quantity.Units or Quantity.Share ? 1 : 3);
        return new(key, title, row => row.Numbers.GetValueOrDefault(key, SeedInterval.None), decimals, quantity.IsBestLow)
        {
            IsShown = quantity.IsCompared,
            Layer = layer,
            Scale = quantity.Scale,
            Legend = quantity is { IsCompared: true, IsOwn: false, IsRare: false } ? null : quantity.Explanation,
            Word = quantity.Word is null ? null : row => row.Words?.GetValueOrDefault(key),
        };
    }
}
