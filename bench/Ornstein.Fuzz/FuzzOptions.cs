using System.Globalization;
using Ornstein.Fuzzing;

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
        var options = new FuzzOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw Wrong($"{arguments[i - 1]} needs a value");
            options = arguments[i] switch
            {
                "--inputs" => options with { Inputs = Number(Value(), least: 1) },
                "--seed" => options with { Seed = Number(Value(), least: long.MinValue) },
                "--only" => options with { Only = [.. Value().Split(',').Select(FuzzTargets.Named)] },
                "--first" => options with { First = Number(Value(), least: 0) },
                "--minutes" => options with { Minutes = double.TryParse(Value(), CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? minutes : throw Wrong($"'{arguments[i]}' is no number of minutes") },
                "--out" => options with { Out = Value() },
                _ => throw Wrong($"'{arguments[i]}' is no option"),
            };
        }

        return options;
    }

    private static long Number(string text, long least) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least ? number : throw Wrong($"'{text}' is no number of at least {least}");

    private static OrnsteinException Wrong(string what) => new($"{what}; {Usage}.");
}
