using Ornstein.Fuzzing;
using Ornstein.Programs;

namespace Ornstein.Fuzz;

/// <summary>What `fuzz` feeds to which parsers.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = "usage: fuzz [--inputs N] [--seed S] [--only NAME,...] [--first I] [--minutes M] [--out FOLDER]";

    /// <summary>Inputs over all parsers, to each in proportion to its share in the tests: slow ones get fewer.</summary>
    public long Inputs { get; init; } = 100_000;

    public long Seed { get; init; } = 1;

    public IReadOnlyList<FuzzTarget> Only { get; init; } = FuzzTargets.All;

    /// <summary>Number of the first input of each parser.</summary>
    public long First { get; init; }

    /// <summary>No new input is begun after so long.</summary>
    public double Minutes { get; init; } = double.PositiveInfinity;

    /// <summary>Where inputs go that break a parser.</summary>
    public string Out { get; init; } = "artifacts/fuzz";

    /// <summary>How many of them a parser gets.</summary>
    public long InputsOf(FuzzTarget target) => Math.Max(1, Inputs * target.InTest / Only.Sum(each => each.InTest));

    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = new CommandWords(arguments, Usage);
        return words.Read(new FuzzOptions(), (options, option) => option switch
        {
            "--inputs" => options with { Inputs = words.Number(least: 1) },
            "--seed" => options with { Seed = words.Number() },
            "--only" => options with { Only = [.. words.Values().Select(FuzzTargets.Named)] },
            "--first" => options with { First = words.Number(least: 0) },
            "--minutes" => options with { Minutes = words.Minutes() },
            "--out" => options with { Out = words.Value() },
            _ => null,
        });
    }
}
