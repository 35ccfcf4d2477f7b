using System.Globalization;

namespace Ornstein.Bench.Compare;

/// <summary>What `compare` measures, and how long.</summary>
internal sealed record CompareOptions
{
    public const string Usage =
        "usage: compare [--quick] [--only NAME,...] [--json FILE] [--check FILE] [--python FILE] [--rounds N]; NAME is one of ";

    public static IReadOnlyList<string> Groups { get; } =
    [
        "small", "smoothed", "ladder", "deep", "importance", .. Variant.Training.Select(variant => variant.Group),
        .. Variant.Bounds.Select(variant => variant.Group), RemedyGroups.Mixed, ConvolutionGroups.Colour, ConvolutionGroups.Grey, "profile", "resources",
    ];

    public bool Quick { get; init; }

    public IReadOnlyList<string> Only { get; init; } = Groups;

    /// <summary>Where the numbers are written, or null.</summary>
    public string? Json { get; init; }

    /// <summary>A file written by --json: ratios that are well below it, or miss a target, make the command fail. Or null.</summary>
    public string? Check { get; init; }

    /// <summary>The Python that has torch. Debian's, where it is there: another one may come before it on the path.</summary>
    public string Python { get; init; } = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public int Rounds { get; init; } = 15;

    public double SecondsPerTurn => Quick ? 0.15 : 0.5;

    /// <summary>Draws of z per image and images of the importance-weighted bound. The rate at k is proportional to 1/k.</summary>
    public (int Draws, int Images, int Rounds) Importance => Quick ? (500, 100, 1) : (5000, 100, 3);

    public static CompareOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new CompareOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            string Value() => ++i < arguments.Count ? arguments[i] : throw Wrong($"{arguments[i - 1]} needs a value");
            options = arguments[i] switch
            {
                "--quick" => options with { Quick = true, Rounds = 5 },
                "--only" => options with { Only = Names(Value()) },
                "--json" => options with { Json = Value() },
                "--check" => options with { Check = Value() },
                "--python" => options with { Python = Value() },
                "--rounds" => options with { Rounds = Number(Value()) },
                _ => throw Wrong($"'{arguments[i]}' is no option"),
            };
        }

        return options;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Wrong($"'{text}' is no number of rounds");

    private static string[] Names(string text)
    {
        var names = text.Split(',');
        return Array.Find(names, name => !Groups.Contains(name)) is { } unknown ? throw Wrong($"'{unknown}' is no group") : names;
    }

    private static OrnsteinException Wrong(string what) => new($"{what}; {Usage}{string.Join(", ", Groups)}.");
}
