using System.Text.Json;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.Experiments.Runs;

/// <summary>Reads the results of a run.</summary>
internal static class StoredResult
{
    /// <summary>The content of <c>phase.json</c>.</summary>
    /// <exception cref="OrnsteinException">The run is not finished, or the file is damaged.</exception>
    public static PhaseResult Read(RunFolder folder)
    {
        if (!File.Exists(folder.Phase))
            throw new OrnsteinException($"the run in '{folder.Path}' has no results yet; end it with --resume --out {folder.Path}");
        return Parse(folder) ?? throw new OrnsteinException($"'{folder.Phase}' is damaged or of another version; --resume --out {folder.Path} measures again.");
    }

    /// <summary>The same; null where there is none that can be read.</summary>
    public static PhaseResult? IfReadable(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.Phase) ? Parse(folder) : null;
        }
        catch (OrnsteinException)
        {
            return null; // of a later version
        }
    }

    private static PhaseResult? Parse(RunFolder folder)
    {
        try
        {
            return Document(folder) is { Members: { } members } result && Array.TrueForAll(members, Fits) ? result : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What <c>phase.json</c> says, complete or not, with remedies by the names that they have now.</summary>
    /// <exception cref="OrnsteinException">A later version of Ornstein wrote it.</exception>
    /// <exception cref="JsonException">It is damaged, or not of this kind.</exception>
    internal static PhaseResult? Document(RunFolder folder)
    {
        var result = StoredDocument.Read<PhaseResult>(folder.Phase);
        return result is not { Members: { } members } ? result : result with
        {
            Members = Array.ConvertAll(members, member => member is { Remedy: { } remedy } ? member with { Remedy = RemedyName.Current(remedy) } : member),
        };
    }

    /// <summary>Whether a member that was read has what everybody asks of it.</summary>
    internal static bool Fits(MemberResult? member) => member is { Kl: not null, ActiveUnits: not null, Status: not null, Rho: >= 0 and <= 1 }
        && (member.Measures is null || member.Measures.Values.All(measured => measured is { Heading: not null, Legend: not null, Unit: not null }));
}
