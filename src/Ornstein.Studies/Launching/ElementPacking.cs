namespace Ornstein.Studies.Launching;

/// <summary>Packs cells into elements, each of which a scheduler starts once: so that none is too short to be worth its start.</summary>
internal static class ElementPacking
{
    /// <summary>Packs cells in their order; an element ends before it would take longer than asked.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="time">How long an element should take; null for a cell an element.</param>
    /// <param name="estimate">How long a cell takes; null where nothing like it is done, which gives it an element of its own.</param>
    public static IReadOnlyList<IReadOnlyList<StudyCell>> Pack(IReadOnlyList<StudyCell> cells, TimeSpan? time, Func<StudyCell, TimeSpan?> estimate)
    {
        var elements = new List<List<StudyCell>>();
        var filled = TimeSpan.MaxValue;
        foreach (var cell in cells)
        {
            var takes = time is null ? null : estimate(cell);
            if (takes is null || filled == TimeSpan.MaxValue || filled + takes > time)
            {
                elements.Add([]);
                filled = TimeSpan.Zero;
            }

            elements[^1].Add(cell);
            filled = takes is { } own ? filled + own : TimeSpan.MaxValue;
        }

        return elements;
    }
}
