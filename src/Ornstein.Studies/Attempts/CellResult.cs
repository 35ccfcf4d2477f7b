using System.Text.Json;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Tables;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>The result of a cell's run, and whether it is of use.</summary>
internal static class CellResult
{
    /// <summary>The result of a run that ended; null where it has none, or not a whole one.</summary>
    public static PhaseResult? Read(RunFolder folder)
    {
        if (!FilePresence.IsAt(folder.Phase)) return null;
        try
        {
            return StoredResult.Document(folder);
        }
        catch (JsonException)
        {
            return null; // running it again measures again
        }
        catch (OrnsteinException error) when (error.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // moved aside meanwhile
        }
    }

    /// <summary>Why a result is of no use; null where it is.</summary>
    public static string? WhyUseless(PhaseResult result) => result.Members.Any(RhoSummary.IsFinished)
        ? null
        : $"no model is left ({result.Members.FirstOrDefault()?.Status ?? "there was none"}); try a lower learningRate, or a clipNorm of 100";
}
