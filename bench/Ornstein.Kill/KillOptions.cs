using System.Globalization;

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
        var options = new KillOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw Wrong($"{arguments[i - 1]} needs a value");
            options = arguments[i] switch
            {
                "--kills" => options with { Kills = Number(Value(), least: 1) },
                "--seed" => options with { Seed = Number(Value(), least: 0) },
                "--only" => options with { Only = [.. Value().Split(',').Select(name => Named(RunKinds.All, kind => kind.Name, name))] },
                "--by" => options with { By = [.. Value().Split(',').Select(name => Named(Ways.All, Ways.NameOf, name))] },
                "--first" => options with { First = Number(Value(), least: 0) },
                "--minutes" => options with { Minutes = double.TryParse(Value(), CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? minutes : throw Wrong($"'{arguments[i]}' is no number of minutes") },
                "--out" => options with { Out = Value() },
                "--json" => options with { Json = Value() },
                _ => throw Wrong($"'{arguments[i]}' is no option"),
            };
        }

        return options;
    }

    private static T Named<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string name)
    {
        foreach (var one in all)
        {
            if (nameOf(one) == name) return one;
        }

        throw Wrong($"'{name}' is none of {string.Join(", ", all.Select(nameOf))}");
    }

    private static int Number(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : throw Wrong($"'{text}' is no number of at least {least}");

    private static OrnsteinException Wrong(string what) => new($"{what}; {Usage}.");
}
