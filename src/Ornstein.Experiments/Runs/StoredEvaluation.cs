using System.Text.Json;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Experiments.Runs;

/// <summary>What <c>eval</c> said of a run, in the run's folder: <c>evaluation.json</c>, which the report and comparisons read.</summary>
internal static class StoredEvaluation
{
    public const string Name = "evaluation.json";

    /// <summary>Stores an evaluation beside the results of the run, and writes its report anew.</summary>
    /// <param name="run">The run.</param>
    /// <param name="evaluation">What was measured of it.</param>
    /// <returns>Why it is not stored, as a run that one may only read is a reason; null where it is.</returns>
    public static string? Store(StoredRun run, EvaluationResult evaluation)
    {
        var folder = run.Folder;
        if (!run.IsOnOwnData) return "it is not measured on the run's own test data, all of them";
        if (StoredResult.IfReadable(folder) is not { } result) return "the run has no phase.json that can be read; end it with --resume";
        if (evaluation.Phase.Steps != result.Steps) return $"the models are those of step {evaluation.Phase.Steps:N0}, and the run's results of step {result.Steps:N0}";
        try
        {
            AtomicFile.WriteText(folder.File(Name), RunResults.Json(evaluation) + "\n");
            RunReport.Write(folder);
            return null;
        }
        catch (OrnsteinException error)
        {
            return error.Message;
        }
    }

    /// <summary>The evaluation that belongs to results; null where there is none, where it is of other steps or data, or where its file is damaged.</summary>
    public static EvaluationResult? Of(RunFolder folder, PhaseResult result)
    {
        var path = folder.File(Name);
        try
        {
            return File.Exists(path) && StoredDocument.Read<EvaluationResult>(path) is { } evaluation && ResultShape.IsWhole(evaluation)
                && evaluation.Phase is { OtherData: null } phase && phase.Steps == result.Steps && phase.EvaluatedOn == result.EvaluatedOn && phase.Latents.Length == result.Latents.Length
                    ? evaluation
                    : null;
        }
        catch (Exception error) when (error is JsonException or OrnsteinException)
        {
            return null; // eval writes it again
        }
    }
}
