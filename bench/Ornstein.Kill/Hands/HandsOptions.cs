using Ornstein.Programs;

namespace Ornstein.Kill.Hands;

/// <summary>How many processes work on what, and how often.</summary>
internal sealed record HandsOptions
{
    public const string Usage = "usage: hands [--cases N] [--seed S] [--only SETTING,...] [--hands N] [--first CASE] [--calm] [--locks kept|machine|none] [--machines N] [--minutes M] [--out FOLDER]";

    public int Cases { get; init; } = 30;

    public int Seed { get; init; } = 1;

    public IReadOnlyList<HandsSetting> Only { get; init; } = HandsSettings.All;

    /// <summary>Processes at once.</summary>
    public int Hands { get; init; } = 10;

    /// <summary>Number of the first case: with it, a fault that was found is looked at again.</summary>
    public int First { get; init; }

    /// <summary>What disturbs them; null for what the seed says.</summary>
    public Weather? Weather { get; init; }

    /// <summary>Whom a lock holds back; null for what the seed says.</summary>
    public Locks? Locks { get; init; }

    /// <summary>Machines that they are on; null for what the seed says.</summary>
    public int? Machines { get; init; }

    /// <summary>No new case is begun after so long.</summary>
    public double Minutes { get; init; } = double.PositiveInfinity;

    /// <summary>Where they work, and where cases with faults are kept.</summary>
    public string Out { get; init; } = "artifacts/hands";

    public static HandsOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = new CommandWords(arguments, Usage);
        HandsSetting Named(string name) =>
            HandsSettings.All.FirstOrDefault(setting => setting.Name == name) ?? throw words.Wrong($"'{name}' is none of {string.Join(", ", HandsSettings.All.Select(setting => setting.Name))}");
        Locks LocksNamed(string name) => name switch
        {
            "kept" => Ornstein.Kill.Hands.Locks.Kept,
            "machine" => Ornstein.Kill.Hands.Locks.Machine,
            "none" => Ornstein.Kill.Hands.Locks.None,
            _ => throw words.Wrong($"'{name}' is none of kept, machine, none"),
        };
        return words.Read(new HandsOptions(), (options, option) => option switch
        {
            "--cases" => options with { Cases = (int)words.Number(least: 1, most: int.MaxValue) },
            "--seed" => options with { Seed = (int)words.Number(least: 0, most: int.MaxValue) },
            "--only" => options with { Only = [.. words.Values().Select(Named)] },
            "--hands" => options with { Hands = (int)words.Number(least: 1, most: 100) },
            "--first" => options with { First = (int)words.Number(least: 0, most: int.MaxValue) },
            "--calm" => options with { Weather = Weather.Calm },
            "--locks" => options with { Locks = LocksNamed(words.Value()) },
            "--machines" => options with { Machines = (int)words.Number(least: 1, most: 10) },
            "--minutes" => options with { Minutes = words.Minutes() },
            "--out" => options with { Out = words.Value() },
            _ => null,
        });
    }
}
