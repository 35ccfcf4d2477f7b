using Ornstein.Experiments.Comparisons;
using Ornstein.View.Listing;

namespace Ornstein.View.Documents;

/// <summary>Runs side by side, as <c>ornstein compare</c> has them.</summary>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">A row for each rho and remedy of each run.</param>
/// <param name="Notes">What ± means, and what is not comparable.</param>
internal sealed record CompareDocument(string[] Columns, CompareRow[] Rows, string[] Notes)
{
    /// <summary>The same, with runs in the notes named as in the list: where their folders lie on the machine is of no use on the page.</summary>
    /// <exception cref="OrnsteinException">A run is not finished, or cannot be read.</exception>
    public static CompareDocument OfPlaces(IReadOnlyList<RunPlace> places)
    {
        var document = Of([.. places.Select(place => place.Path)]);
        string Named(string note) => places.Aggregate(note, (text, place) => text.Replace($"'{place.Path}'", $"'{place.Id}'", StringComparison.Ordinal));
        return document with { Notes = Array.ConvertAll(document.Notes, Named) };
    }

    /// <exception cref="OrnsteinException">A run is not finished, or cannot be read.</exception>
    public static CompareDocument Of(IReadOnlyList<string> folders)
    {
        var comparison = Comparison.Of([.. folders.Select(ComparedRun.Read)], "elbo", allowDifferentData: true);
        var columns = ComparisonColumn.Shown(comparison);
        return new CompareDocument(
            [.. columns.Select(column => column.Title)],
            [
                .. comparison.Rows.Select(row => new CompareRow(
                    row.Label, [.. columns.Select(column => column.Cell(row))], [.. columns.Select(column => column.Word is null && column.Of(row).Value is var value && double.IsFinite(value) ? value : (double?)null)])),
            ],
            comparison.Notes);
    }
}

/// <summary>A row: its cells as text, and as numbers to sort by.</summary>
internal sealed record CompareRow(string Label, string[] Cells, double?[] Values);
