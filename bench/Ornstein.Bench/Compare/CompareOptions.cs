using Ornstein.Programs;

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
        var words = new CommandWords(arguments, Usage + string.Join(", ", Groups));
        return words.Read(new CompareOptions(), (options, option) => option switch
        {
            "--quick" => options with { Quick = true, Rounds = 5 },
            "--only" => options with { Only = [.. words.Values().Select(name => Groups.Contains(name) ? name : throw words.Wrong($"'{name}' is no group"))] },
            "--json" => options with { Json = words.Value() },
            "--check" => options with { Check = words.Value() },
            "--python" => options with { Python = words.Value() },
            "--rounds" => options with { Rounds = (int)words.Number(least: 1, most: int.MaxValue) },
            _ => null,
        });
    }
}
