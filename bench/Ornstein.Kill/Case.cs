namespace Ornstein.Kill;

/// <summary>A run that is struck once to four times and then ends undisturbed. Seed and number make all that is chosen of it.</summary>
internal sealed class Case
{
    private const int Most = 4;
    private const string Unstored = "not stored in the run: "; // eval has printed its result, and says that the run does not hold it

    private static readonly TimeSpan _old = TimeSpan.FromMilliseconds(150);

    private readonly Strike[] _strikes;

    public Case(int seed, int number, IReadOnlyList<RunKind> kinds, IReadOnlyList<Way> ways)
    {
        Kind = kinds[number % kinds.Count];
        var random = new Random(Seeds.Of(seed, number));
        Way[] own = Kind.FailsWithoutMemory && !ways.All(Ways.IsMemory) ? [.. ways.Where(way => !Ways.IsMemory(way))] : [.. ways];
        // What was struck before has less left to do.
        _strikes = [.. Enumerable.Range(1, random.Next(1, Most + 1)).Select(i => new Strike(own[random.Next(own.Length)], random.NextDouble() / i))];
    }

    public RunKind Kind { get; }

    /// <summary>What was done to it, in words.</summary>
    public List<string> Story { get; } = [];

    /// <summary>Does it all.</summary>
    /// <param name="whole">The undisturbed run of this kind.</param>
    /// <param name="place">Where it works.</param>
    /// <param name="struck">Called for each process that was struck, with what came of it.</param>
    /// <returns>What is wrong, in a line; null where nothing is.</returns>
    public string? Run(Undisturbed whole, Place place, Action<Way, Ending> struck)
    {
        place.Fill(whole.Inputs);
        foreach (var strike in _strikes)
        {
            var (ending, hit) = strike.Run(Kind, whole, place);
            Story.Add($"{Ways.NameOf(strike.Way)} at {strike.At:F3}, {(hit ? "struck" : "not struck")}, exit code {ending.Code}\n{ending.Error}");
            if (hit) struck(strike.Way, ending);
            Thread.Sleep(_old); // an unfinished file that is younger may be one that another process has just made
            if (Judge.Fault(strike.Way, ending) is { } fault) return $"{Ways.NameOf(strike.Way)}: {fault}";
            // What was said to be done has to be there already.
            if (hit && ending.Code == 0 && !Kind.OnlyKeepsCopies && !ending.Error.Contains(Unstored, StringComparison.Ordinal) && Results.Difference(whole.Results, Results.Of(place.Run)) is { } unsaid) return $"{Ways.NameOf(strike.Way)}: exit code 0, and {unsaid}";
        }

        var last = Child.Run(place.Run, Child.Words(Kind.Arguments));
        Story.Add($"undisturbed, exit code {last.Code}\n{last.Error}");
        if (last.Hung) return $"after {Names}: no end within {Child.Longest.TotalSeconds} s";
        if (last.Code != 0) return $"after {Names}: does not go on, exit code {last.Code}: {last.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}";
        return Results.Difference(whole.Results, Results.Of(place.Run)) is { } difference ? $"after {Names}: {difference}" : null;
    }

    private string Names => string.Join(", ", _strikes.Select(strike => Ways.NameOf(strike.Way)));
}
