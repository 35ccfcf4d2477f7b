using System.Text.Json;
using Ornstein.Experiments.Settings;
using Ornstein.Diagnosis;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Stacks;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Runs;

/// <summary>Measures the shares of signal of a stored run's layers and sets what they predict beside what the run measured.</summary>
internal static class RunDiagnosis
{
    /// <param name="run">The run.</param>
    /// <param name="unusable">Which of its models are none.</param>
    /// <param name="stop">Ends the measurement.</param>
    public static DiagnosisResult Measure(StoredRun run, UnusableModel?[] unusable, CancellationToken stop)
    {
        var transition = new TransitionOptions();
        var rule = new ActivityRule(run.Vae.Smoothing, transition.CollapseThreshold);
        var evaluation = RunPlan.Evaluation(run.Settings);
        var shares = run.Data.IsTestConstant
            ? SignalShares.Nothing(run.Vae, RunEvaluation.SameTestData)
            : MomentOnsets.AddTo(SignalShares.Of(run.Vae, run.Data.Test, evaluation, stop), run.Vae, run.Data.Test, evaluation, stop);
        var (all, results, reason) = Results(run);
        // What the run found when it measured holds as well: it saw all data.
        string? Against(int member) => unusable[member]?.Why("the model", "the model's")
            ?? (results?[member] is { IsOk: false } result ? $"the model's status in phase.json is '{result.Status}'" : null);
        LinkDiagnosis Link(int member, int layer)
        {
            var below = Against(member) is { } why ? LayerShares.None(layer, why) : shares[member][layer - 1];
            // The rule speaks of rho as it is now; results are told apart by the one that the training began with.
            var (own, end) = (run.Vae.Members[member], run.RhosOf(member));
            return rule.Judge(below, new Member(end, own.Seed), results?[member].Kl[layer] ?? double.NaN) with
            {
                Rho = own.RhoOf(layer - 1),
                RhoPerLink = own.Rho.Count > 1 ? [.. own.Rho] : null,
                Remedy = RemedyEntry.NameOf(own),
                Verdict = results?[member].Verdicts?[layer],
            };
        }

        var links = Enumerable.Range(1, run.Vae.Options.Layers - 1)
            .Select(layer => Enumerable.Range(0, run.Vae.Members.Count).Select(member => Link(member, layer)).ToArray()).ToArray();
        var unclear = Unclear(run);
        var codes = all is null || unclear is not null || all.All(result => result.Information is null) ? [] : CodeLocator.All(all, transition.Resolution);
        var located = all is null || unclear is not null ? null : TransitionLocator.Layers(all, transition);
        return new DiagnosisResult
        {
            Data = run.Data.Name,
            OtherData = run.OtherData,
            Latents = run.Settings.LatentUnits(),
            MeasuredOn = run.Data.Test.Count,
            Draws = evaluation.Draws,
            CollapseThreshold = transition.CollapseThreshold,
            IsLinear = run.Vae.Options.IsLinear,
            Predictions = [.. links.Select(link =>
            {
                var layer = link[0].Below.Layer + 1;
                if (unclear is { } why)
                {
                    var none = new CriterionPrediction { FromCollapsedReason = why, FixedPointReason = why };
                    return new LayerPrediction
                    {
                        Layer = layer, FromCollapsedReason = why, FixedPointReason = why, MeasuredReason = why, LinearReadOut = none, CodesInWidths = none,
                    };
                }

                var prediction = CriticalRhoPrediction.Of(link, rule);
                var measured = located?[layer - 2];
                CodeTransition? Code(CodePart part) => codes.FirstOrDefault(code => code.Layer == layer && code.Part == part);
                return prediction with
                {
                    MeasuredMeans = Code(CodePart.Means),
                    MeasuredWidths = Code(CodePart.Widths),
                    Measured = measured?.Drop,
                    MeasuredReason = measured is null ? reason : measured.Reason,
                };
            })],
            Members = [.. links.SelectMany(link => link)],
        };
    }

    // Why there is no critical rho to predict or to set beside it; null where there is nothing in its way.
    private static string? Unclear(StoredRun run) =>
        run.Settings.Prior != PriorEntry.StandardNormal ? $"cannot say: the theory of critical rhos is of a standard normal prior, and that of this run is {run.Settings.Prior}"
        : run.Settings.MeanNorm is not null ? "cannot say: the theory of critical rhos is of codes that can vanish, and --mean-norm keeps their size"
        : run.Settings.HasSeveralRemedies() || !run.Settings.Remedy[0].Remedy.MovesRho(run.Vae.Options.Layers - 1) ? null // of several remedies the library says so itself
        : "cannot say: rho was annealed, so what a model was trained with is not one rho";

    private static bool Fits(MemberResult? result, int[] latents) =>
        result is { Kl: not null, Rho: >= 0 and <= 1 } && result.Kl.Length == latents.Length
        && (result.UnitKl is null || (result.UnitKl.Length == latents.Length && result.UnitKl.Zip(latents).All(pair => pair.First?.Length == pair.Second)));

    // The run's own results: all of them, with rounds of refinement, and those of this stack in its order.
    private static (MemberResult[]? All, MemberResult[]? Own, string? Reason) Results(StoredRun run)
    {
        const string Again = "ornstein phase --resume --out RUN measures";
        try
        {
            if (!File.Exists(run.Folder.Phase)) return (null, null, "cannot say: the run has no phase.json yet");
            var all = StoredResult.Document(run.Folder).Members;
            if (!Array.TrueForAll(all ?? [], result => Fits(result, run.Settings.LatentUnits()))) all = null;
            var own = run.Vae.Members.Select(member => Array.Find(all ?? [], result =>
                result.Seed == member.Seed && result.Remedy == RemedyEntry.NameOf(member)
                && (result.RhoPerLink ?? [result.Rho]).SequenceEqual(member.Rho))).ToArray();
            return Array.TrueForAll(own, result => result is not null)
                ? (all, own.OfType<MemberResult>().ToArray(), null)
                : (null, null, $"cannot say: phase.json does not fit the models of this run; {Again} them");
        }
        catch (JsonException)
        {
            return (null, null, $"cannot say: phase.json is damaged or of another version; {Again} again");
        }
    }
}
