using Ornstein.Fuzzing.Targets;

namespace Ornstein.Fuzzing;

/// <summary>All parsers.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. FileTargets.All(), .. RunTargets.All(), .. StudyTargets.All(), .. TextTargets.All()];

    /// <summary>A parser by its name.</summary>
    /// <exception cref="OrnsteinException">There is none of that name.</exception>
    public static FuzzTarget Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new OrnsteinException($"there is no parser '{name}'; there are {string.Join(", ", All.Select(target => target.Name))}.");
}
