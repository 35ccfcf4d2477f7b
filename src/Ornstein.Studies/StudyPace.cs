namespace Ornstein.Studies;

/// <summary>How long cells will take, by what the finished cells of their study took.</summary>
internal sealed class StudyPace
{
    // By what finished cells have in common with others: every choice of their parts.
    private readonly Dictionary<string, (double Sum, int Count)> _paces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _spent;

    /// <param name="study">The study.</param>
    /// <param name="entries">Its ledgers.</param>
    public StudyPace(StudyFile study, IReadOnlyList<StudyEntry> entries)
    {
        var seconds = Seconds(entries);
        foreach (var cell in study.Cells.Where(cell => seconds.ContainsKey(cell.Hash)))
        {
            foreach (var (key, _) in Choices(cell))
            {
                var (sum, count) = _paces.GetValueOrDefault(key);
                _paces[key] = (sum + (seconds[cell.Hash] / Work(cell)), count + 1);
            }
        }

        _spent = entries.Where(entry => entry.Event == StudyEvent.Interrupted).GroupBy(entry => entry.Hash, StringComparer.Ordinal)
            .ToDictionary(cell => cell.Key, cell => cell.Sum(entry => entry.Seconds ?? 0), StringComparer.Ordinal);
    }

    /// <summary>An estimate for cells that are not begun; null before one is finished.</summary>
    /// <param name="left">The cells that are left.</param>
    /// <param name="entries">The ledgers.</param>
    /// <param name="study">The study.</param>
    public static TimeSpan? Remaining(IReadOnlyList<StudyCell> left, IReadOnlyList<StudyEntry> entries, StudyFile study)
    {
        var pace = new StudyPace(study, entries);
        var each = left.Select(pace.Of).ToArray();
        return pace._paces.Count == 0 ? null : each.Aggregate(TimeSpan.Zero, (sum, time) => sum + (time ?? TimeSpan.Zero));
    }

    /// <summary>An estimate for what is left of a cell; null before a cell of the study is finished.</summary>
    public TimeSpan? Of(StudyCell cell)
    {
        // Those that share most with it know best.
        var shared = Choices(cell).Where(choice => _paces.ContainsKey(choice.Key)).GroupBy(choice => choice.Parts).MaxBy(group => group.Key);
        if (shared is null) return null;
        var pace = shared.Sum(choice => _paces[choice.Key].Sum) / shared.Sum(choice => _paces[choice.Key].Count);
        return TimeSpan.FromSeconds(Math.Max(0, (Work(cell) * pace) - _spent.GetValueOrDefault(cell.Hash)));
    }

    /// <summary>Seconds of every finished cell, over all processes that worked on it and came to say so.</summary>
    public static IReadOnlyDictionary<string, double> Seconds(IReadOnlyList<StudyEntry> entries) => entries
        .GroupBy(entry => entry.Hash, StringComparer.Ordinal)
        .Where(cell => cell.Any(entry => entry.Event == StudyEvent.Finished))
        .ToDictionary(cell => cell.Key, cell => cell.Sum(entry => entry.Seconds ?? 0), StringComparer.Ordinal);

    private static IEnumerable<(string Key, int Parts)> Choices(StudyCell cell)
    {
        for (var bits = 0; bits < 1 << cell.Parts.Count; bits++)
        {
            var parts = cell.Parts.Where((_, i) => (bits & (1 << i)) != 0).Select(part => $"{part.Axis}={part.Entry}");
            yield return (string.Join(' ', parts), System.Numerics.BitOperations.PopCount((uint)bits));
        }
    }

    private static double Work(StudyCell cell) => (double)cell.Models * cell.Settings.Epochs;
}
