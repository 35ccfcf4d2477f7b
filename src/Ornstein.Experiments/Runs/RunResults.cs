using System.Text.Json;
using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Settings;
using Ornstein.Models;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Runs;

/// <summary>Makes and writes what a run leaves behind: results, figures, pictures and the report.</summary>
internal static class RunResults
{
    /// <summary>The result of members that were measured: locates the critical rhos.</summary>
    /// <param name="settings">Settings of the run.</param>
    /// <param name="data">Its data.</param>
    /// <param name="members">What was measured.</param>
    /// <param name="warnings">What the run said at its start, and of its steps.</param>
    /// <param name="step">Steps taken.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch.</param>
    public static PhaseResult Of(
        RunSettings settings, RunData data, MemberResult[] members, IReadOnlyList<string> warnings, long step, int stepsPerEpoch)
    {
        var options = new TransitionOptions();
        var several = settings.HasSeveralRemedies(); // every layer would repeat the reason
        var (critical, reason) = TransitionLocator.Locate(members, options);
        return new PhaseResult
        {
            Data = data.Name,
            Latents = settings.LatentUnits(),
            EvaluatedOn = data.Test.Count,
            Warnings = [.. warnings],
            Steps = step,
            Epochs = (int)(step / Math.Max(1, stepsPerEpoch)),
            Members = members,
            CriticalRho = critical,
            Codes = [.. CodeLocator.All(members, options.Resolution)],
            Layers = several ? [] : [.. TransitionLocator.Layers(members, options)],
            Reason = several ? $"{reason}; give a single --remedy" : reason,
            CollapseThreshold = options.CollapseThreshold,
        };
    }

    /// <summary>Writes <c>phase.json</c>, figures, pictures and the report.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">Settings of the run.</param>
    /// <param name="provenance">Where it came from.</param>
    /// <param name="data">Its data.</param>
    /// <param name="vae">Its first stack.</param>
    /// <param name="first">Results of the first stack; what diverged is not drawn.</param>
    /// <param name="result">All results.</param>
    public static void Write(
        RunFolder folder, RunSettings settings, Provenance provenance, RunData data, HierarchicalVae vae, MemberResult[] first, PhaseResult result)
    {
        AtomicFile.WriteText(folder.Phase, Json(result) + "\n");
        PhaseFigure.Write(folder.Path, result);
        if (CodeFigure.IsFor(result)) CodeFigure.Write(folder.Path, result);
        var content = RunReport.Of(folder, result, settings, provenance);
        vae = vae.OnProcessor();
        int[] members = [.. RunPictures.FirstSeed(vae).Where(member => first[member].IsOk)];
        if (data.Shape is { } shape && members.Length > 0)
        {
            content = content with
            {
                Samples = RunPictures.Samples(vae, shape, members, RunPictures.Columns, seed: 0),
                Reconstructions = RunPictures.Reconstructions(vae, data, shape, members),
            };
            Write(folder.File(RunReport.Samples), content.Samples);
            Write(folder.File(RunReport.Reconstructions), content.Reconstructions);
        }

        RunReport.Write(folder, content);
    }

    public static string Json<T>(T result) => JsonSerializer.Serialize(result, ResultJson.Indented);

    private static void Write(string path, byte[] content) => AtomicFile.Write(path, stream => stream.Write(content));
}
