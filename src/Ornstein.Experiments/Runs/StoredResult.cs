using System.Text.Json;
using Ornstein.Remedies;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

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

    /// <summary>Whether a run wrote all that it has to write. The report comes last: a process that was killed between the two left results without it.</summary>
    /// <exception cref="OrnsteinException">It cannot be told, as where a server does not answer.</exception>
    public static bool IsWhole(RunFolder folder) => FilePresence.IsAt(folder.File(RunReport.FileName)) && FilePresence.IsAt(folder.Phase);

    private static PhaseResult? Parse(RunFolder folder)
    {
        try
        {
            return Document(folder);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What <c>phase.json</c> says, with remedies by the names that they have now.</summary>
    /// <exception cref="OrnsteinException">A later version of Ornstein wrote it.</exception>
    /// <exception cref="JsonException">It is damaged, or not of this kind.</exception>
    internal static PhaseResult Document(RunFolder folder)
    {
        var result = StoredDocument.Read<PhaseResult>(folder.Phase);
        if (!ResultShape.IsWhole(result)) throw new JsonException("results have an entry for every layer and every model");
        return result! with
        {
            Members = Array.ConvertAll(result.Members, member => member is { Remedy: { } remedy } ? member with { Remedy = RemedyName.Current(remedy) } : member),
        };
    }
}
