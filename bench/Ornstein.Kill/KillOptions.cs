using Ornstein.Programs;

namespace Ornstein.Kill;

/// <summary>How often which runs are ended, and where.</summary>
internal sealed record KillOptions
{
    public const string Usage = "usage: [--kills N] [--seed S] [--only KIND,...] [--by WAY,...] [--first CASE] [--minutes M] [--out FOLDER] [--json FILE]";

    public int Kills { get; init; } = 1000;

    public int Seed { get; init; } = 1;

    public IReadOnlyList<RunKind> Only { get; init; } = RunKinds.All;

    public IReadOnlyList<Way> By { get; init; } = Ways.All;

    /// <summary>Number of the first case: with it, a fault that was found is looked at again.</summary>
    public int First { get; init; }

    /// <summary>No new case is begun after so long.</summary>
    public double Minutes { get; init; } = double.PositiveInfinity;

    /// <summary>Where runs happen, and where those with faults are kept.</summary>
    public string Out { get; init; } = "artifacts/kill";

    /// <summary>A file for the counts and faults; null for none.</summary>
    public string? Json { get; init; }

    public static KillOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = new CommandWords(arguments, Usage);
        T Named<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name)
        {
            var found = all.Where(one => nameOf(one) == name).ToArray();
            return found.Length == 1 ? found[0] : throw words.Wrong($"'{name}' is none of {string.Join(", ", all.Select(nameOf))}");
        }

        return words.Read(new KillOptions(), (options, option) => option switch
        {
            "--kills" => options with { Kills = (int)words.Number(least: 1, most: int.MaxValue) },
            "--seed" => options with { Seed = (int)words.Number(least: 0, most: int.MaxValue) },
            "--only" => options with { Only = [.. words.Values().Select(name => Named(RunKinds.All, kind => kind.Name, name))] },
            "--by" => options with { By = [.. words.Values().Select(name => Named(Ways.All, Ways.NameOf, name))] },
            "--first" => options with { First = (int)words.Number(least: 0, most: int.MaxValue) },
            "--minutes" => options with { Minutes = words.Minutes() },
            "--out" => options with { Out = words.Value() },
            "--json" => options with { Json = words.Value() },
            _ => null,
        });
    }
}
