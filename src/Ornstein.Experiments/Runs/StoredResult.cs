using System.Text.Json;
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
        try
        {
            var result = StoredDocument.Read<PhaseResult>(folder.Phase);
            if (result?.Members is { } members && Array.TrueForAll(members, Fits)) return result;
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new OrnsteinException($"'{folder.Phase}' is damaged or of another version; --resume --out {folder.Path} measures again.");
    }

    private static bool Fits(MemberResult? member) => member is { Kl: not null, ActiveUnits: not null, Status: not null, Rho: >= 0 and <= 1 };
}
