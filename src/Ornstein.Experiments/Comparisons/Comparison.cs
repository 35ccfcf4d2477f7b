using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Results;

namespace Ornstein.Experiments.Comparisons;

/// <summary>Rows of one or more runs side by side: the content of <c>compare.json</c>.</summary>
internal sealed record Comparison
{
    /// <summary>Version of this document's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The data set, or all of them where different ones were allowed.</summary>
    public required string Data { get; init; }

    /// <summary>Number of held-out data; the least where different data were allowed.</summary>
    public required int EvaluatedOn { get; init; }

    /// <summary>The column that orders the rows.</summary>
    public required string SortedBy { get; init; }

    /// <summary>Keys of the columns that were asked for, in their order; null for those that every comparison shows.</summary>
    public string[]? Columns { get; init; }

    /// <summary>What ± means, what was left out, and what is not comparable.</summary>
    public required string[] Notes { get; init; }

    public required ComparisonRow[] Rows { get; init; }

    /// <summary>The other rows less one of them, seed by seed; null where none was named.</summary>
    public RowDifferences? Differences { get; init; }

    /// <summary>Puts runs side by side.</summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <param name="sort">Key of the column to sort by, best first.</param>
    /// <param name="allowDifferentData">Whether runs that were measured on different data are listed all the same.</param>
    /// <param name="columnKeys">Keys of the columns to show, at least one; null for those that every comparison shows.</param>
    /// <param name="against">Label of the row that the others are compared with, or a part of it that no other has; null for none.</param>
    /// <exception cref="OrnsteinException">They were measured on different data, or there is no such column or row.</exception>
    public static Comparison Of(
        IReadOnlyList<ComparedRun> runs, string sort, bool allowDifferentData, IReadOnlyList<string>? columnKeys = null, string? against = null)
    {
        var difference = Difference(runs);
        if (difference is not null && !allowDifferentData)
        {
            throw new OrnsteinException(
                $"the numbers of these runs are not comparable: {difference}; give --allow-different-data to list them all the same");
        }

        var rows = RowLabels.Apply([.. runs.SelectMany(run => ComparisonRow.Of(run).Select(row => (row, run.Settings)))]);
        if (rows.Length == 0) throw new OrnsteinException("these runs have no models.");
        var columns = ComparisonColumn.For(rows);
        ComparisonColumn Named(string option, string key, Func<ComparisonColumn, bool> fits) => columns.FirstOrDefault(column => column.Key == key && fits(column))
            ?? throw UsageError.Because($"{option} {key} is no column{Suggestions.DidYouMean(key, columns.Where(fits).Select(c => c.Key))}; columns are {string.Join(", ", columns.Where(fits).Select(c => c.Key))}");
        var column = Named("--sort", sort, column => column.Word is null); // words have no order
        string[]? keys = columnKeys is null ? null : [.. columnKeys.Select(key => Named("--columns", key, _ => true).Key).Distinct(StringComparer.Ordinal)];
        ComparisonRow[] sorted = [.. column.Sort(rows)];
        return new Comparison
        {
            Data = string.Join(", ", runs.Select(run => run.Settings.Data).Distinct(StringComparer.Ordinal)),
            EvaluatedOn = runs.Min(run => run.Result.EvaluatedOn),
            SortedBy = sort,
            Columns = keys,
            Notes = [.. NotesOf(rows, difference)],
            Rows = sorted,
            Differences = against is null ? null : RowDifferences.Of(sorted, Against(sorted, against)),
        };
    }

    private static ComparisonRow Against(ComparisonRow[] rows, string name)
    {
        string Labels() => string.Join("; ", rows.Select(row => $"'{row.Label}'"));
        if (rows.Length < 2) throw UsageError.Because("--against needs a second row to compare; these runs have one");
        if (Array.Find(rows, row => row.Label == name) is { } exact) return exact;
        ComparisonRow[] fitting = [.. rows.Where(row => name.Length > 0 && row.Label.Contains(name, StringComparison.OrdinalIgnoreCase))];
        return fitting switch
        {
            [var only] => only,
            [] => throw UsageError.Because($"--against '{name}' is no row; rows are {Labels()}"),
            _ => throw UsageError.Because($"--against '{name}' fits {fitting.Length} rows; give more of one of {Labels()}"),
        };
    }

    public string Json() => JsonSerializer.Serialize(this, ResultJson.Indented);

    /// <summary>The first thing in which runs were measured differently, in words; null where there is none.</summary>
    private static string? Difference(IReadOnlyList<ComparedRun> runs)
    {
        foreach (var run in runs.Skip(1))
        {
            var byContent = runs[0].Fingerprint is not null && run.Fingerprint is not null;
            foreach (var ((what, first), (_, other)) in runs[0].Measured(byContent).Zip(run.Measured(byContent)))
            {
                if (first != other) return $"{what} is {first} in '{runs[0].Path}' and {other} in '{run.Path}'";
            }
        }

        return null;
    }

    private static IEnumerable<string> NotesOf(ComparisonRow[] rows, string? difference)
    {
        if (difference is not null) yield return $"NOT COMPARABLE: {difference}";
        if (rows.Any(row => row.Seeds.Length > 1)) yield return "mean ± half of the 95 % confidence interval over seeds (Student t)";
        if (rows.Any(row => row.Seeds.Length == 1)) yield return "* one seed: ± is the standard error over data, and says nothing of other seeds";
        if (rows.Select(row => row.ImportanceDraws).Where(k => k is not null).Distinct().Count() > 1)
            yield return "importance-weighted bounds are of different k: a larger k alone gives a larger bound";
        foreach (var row in rows)
        {
            foreach (var member in row.LeftOut) yield return $"left out: {row.Label}, {member}";
        }
    }
}
