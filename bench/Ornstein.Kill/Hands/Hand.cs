using System.Diagnostics;

namespace Ornstein.Kill.Hands;

/// <summary>One of the many: a command that is begun again until it has what it wants.</summary>
/// <param name="number">Its number.</param>
/// <param name="setting">What it works on.</param>
/// <param name="place">Where.</param>
/// <param name="surroundings">Environment variables of a process of it, by a name for its log.</param>
/// <param name="story">Told what happened.</param>
internal sealed class Hand(int number, HandsSetting setting, Place place, Func<string, Dictionary<string, string>> surroundings, Action<string> story)
{
    // More than any right course of things takes.
    private const int MostStarts = 200;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1.5);

    private volatile Process? _process;

    /// <summary>Its process; null while there is none.</summary>
    public Process? Process => _process;

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>How often it was told that another is at work.</summary>
    public int Told { get; private set; }

    /// <summary>How often a process of it had what it wanted.</summary>
    public int Content { get; private set; }

    /// <summary>Does it; what is wrong, in a line, or null where nothing is.</summary>
    public string? Work()
    {
        while (Starts < MostStarts)
        {
            var name = $"{number}-{++Starts}";
            var ending = Child.Run(place.Run, Child.Words(setting.Words(number)), surroundings(name), process => _process = process);
            _process = null;
            story($"{name} ended with {ending.Code} after {ending.Seconds:F1} s: {ending.Error.Trim()}");
            if (ending.Hung) return $"{name}: no end within {Child.Longest.TotalSeconds} s";
            if (Judge.Defect(ending) is { } defect) return $"{name}: {defect}";
            var next = setting.Judge(number, ending.Code, ending.Error);
            if (next is null) return $"{name}: exit code {ending.Code}: {ending.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()}";
            if (next is Next.Refused or Next.Later) Told++;
            if (next == Next.Content) Content++;
            if (next is Next.Content or Next.Refused) return null;
            Thread.Sleep(_pause);
        }

        return $"{number}: not content after {MostStarts} starts";
    }
}
