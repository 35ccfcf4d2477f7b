using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ornstein.Batching;
using Ornstein.Steps;

namespace Ornstein.Experiments.Settings;

/// <summary>
/// What tells the data of a run from others: each part as it is used, cut and binarized, and the labels. Stored in <c>config.json</c>, so that
/// whoever comes back to a run knows whether its data are still what they were.
/// </summary>
internal sealed record RunFingerprint
{
    private const int Shown = 12;

    public required DataFingerprint Train { get; init; }

    /// <summary>Null without validation data.</summary>
    public required DataFingerprint? Validation { get; init; }

    public required DataFingerprint Test { get; init; }

    /// <summary>SHA-256 of the labels of both parts; null where one has none.</summary>
    public required string? Labels { get; init; }

    public static RunFingerprint Of(DataRows train, DataRows? validation, DataRows test, int[]? trainLabels, int[]? testLabels) => new()
    {
        Train = train.Fingerprint,
        Validation = validation?.Fingerprint,
        Test = test.Fingerprint,
        Labels = trainLabels is null || testLabels is null
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<int>([.. trainLabels, .. testLabels]))),
    };

    /// <summary>The first difference of other data from these, in words; null where there is none.</summary>
    public string? DifferenceTo(RunFingerprint other)
    {
        string? Of(string part, object? own, object? others) => Equals(own, others) ? null : $"{part} data were {own ?? "none"} and are {others ?? "none"}";
        return Of("training", Train, other.Train) ?? Of("validation", Validation, other.Validation) ?? Of("test", Test, other.Test)
            ?? (Labels == other.Labels ? null : $"the labels were {Short(Labels)} and are {Short(other.Labels)}");
    }

    private static string Short(string? hash) => hash is { Length: > Shown } ? hash[..Shown] : hash ?? "none";
}

/// <summary>What a run finds out at its start, beside its settings and its provenance.</summary>
/// <param name="Fingerprint">What tells its data from others; null in runs of earlier versions.</param>
/// <param name="Warnings">What may mislead about its data and schedules, a sentence each.</param>
/// <param name="Engine">What computes its steps; null in runs of earlier versions.</param>
internal sealed record RunFacts(RunFingerprint? Fingerprint, IReadOnlyList<string> Warnings, Engine? Engine = null)
{
    public static RunFacts None { get; } = new(null, []);
}
