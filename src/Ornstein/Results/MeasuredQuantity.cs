namespace Ornstein.Results;

/// <summary>
/// A quantity of one's own as it was measured of one member, with all that tables need to show it: who reads a result need not know the class that
/// measured it.
/// </summary>
public sealed record MeasuredQuantity
{
    /// <summary>Its name in tables, short.</summary>
    public required string Heading { get; init; }

    /// <summary>What it is, a sentence without its full stop.</summary>
    public required string Legend { get; init; }

    /// <summary><c>nats</c>, <c>units</c>, <c>%</c> (a share in [0, 1], which tables show times 100), any other word, or empty for none.</summary>
    public required string Unit { get; init; }

    /// <summary>Whether every layer has one; otherwise the model has one.</summary>
    public required bool IsPerLayer { get; init; }

    /// <summary>Whether a small number is the better one.</summary>
    public required bool IsBestLow { get; init; }

    /// <summary>By layer, z1 first, or one of the model; null with a <see cref="Reason"/>.</summary>
    public Estimate[]? Values { get; init; }

    /// <summary>Why there are none; null where there are.</summary>
    public string? Reason { get; init; }
}
