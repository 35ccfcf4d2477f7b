namespace Ornstein.Cli.Studies;

/// <summary>How long what is left of a study will take, by what its finished cells took.</summary>
internal static class StudyPace
{
    /// <summary>An estimate for cells that are not begun; null before one is finished.</summary>
    /// <param name="left">The cells that are left.</param>
    /// <param name="entries">The ledger.</param>
    /// <param name="study">The study.</param>
    public static TimeSpan? Remaining(IReadOnlyList<StudyCell> left, IReadOnlyList<StudyEntry> entries, StudyFile study)
    {
        var seconds = Seconds(entries);
        (StudyCell Cell, double Pace)[] finished =
            [.. study.Cells.Where(cell => seconds.ContainsKey(cell.Hash)).Select(cell => (cell, seconds[cell.Hash] / Work(cell)))];
        if (finished.Length == 0) return null;
        return TimeSpan.FromSeconds(left.Sum(cell =>
        {
            // Those that share most with it know best.
            var nearest = finished.GroupBy(other => other.Cell.Parts.Intersect(cell.Parts).Count()).MaxBy(group => group.Key)!;
            return Math.Max(0, (Work(cell) * nearest.Average(other => other.Pace)) - Spent(entries, cell));
        }));
    }

    /// <summary>Seconds of every finished cell, over all processes that worked on it and came to say so.</summary>
    public static IReadOnlyDictionary<string, double> Seconds(IReadOnlyList<StudyEntry> entries) => entries
        .GroupBy(entry => entry.Hash, StringComparer.Ordinal)
        .Where(cell => cell.Any(entry => entry.Event == StudyEvent.Finished))
        .ToDictionary(cell => cell.Key, cell => cell.Sum(entry => entry.Seconds ?? 0), StringComparer.Ordinal);

    private static double Spent(IReadOnlyList<StudyEntry> entries, StudyCell cell) =>
        entries.Where(entry => entry.Hash == cell.Hash && entry.Event == StudyEvent.Interrupted).Sum(entry => entry.Seconds ?? 0);

    private static double Work(StudyCell cell) => (double)cell.Models * cell.Settings.Epochs;
}
