namespace Ornstein.Data;

/// <summary>What the catalogue says about a data set.</summary>
public sealed record DatasetDescription
{
    /// <summary>Name to load it by: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public required string Summary { get; init; }

    /// <summary>What the numbers are.</summary>
    public required PixelKind Kind { get; init; }

    /// <summary>Size of the images; null where the data are not images.</summary>
    public required ImageShape? Shape { get; init; }

    /// <summary>Number of training data.</summary>
    public required int TrainCount { get; init; }

    /// <summary>Number of test data.</summary>
    public required int TestCount { get; init; }

    /// <summary>Who made it.</summary>
    public string Source { get; init; } = "not stated";

    /// <summary>Licence.</summary>
    public string License { get; init; } = "not stated";

    /// <summary>How it comes here.</summary>
    public string HowToGet { get; init; } = "the program that registers it";

    /// <summary>Whether it is embedded or made, and so needs no file.</summary>
    public bool AlwaysPresent { get; init; }
}
