using System.Text.Json;
using Ornstein.Diagnosis;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Transitions;

namespace Ornstein.Cli.Runs;

/// <summary>Measures the shares of signal of a stored run's layers and sets what they predict beside what the run measured.</summary>
internal static class RunDiagnosis
{
    public static DiagnosisResult Measure(StoredRun run, CancellationToken stop)
    {
        var transition = new TransitionOptions();
        var rule = new ActivityRule(run.Vae.Smoothing, transition.CollapseThreshold);
        var evaluation = RunPlan.Evaluation(run.Settings);
        var shares = SignalShares.Of(run.Vae, run.Data.Test, evaluation, stop);
        var (all, results, reason) = Results(run);
        LinkDiagnosis Link(int member, int layer)
        {
            var below = run.State.DivergedAt[member] is { } step
                ? LayerShares.None(layer, $"the model diverged at step {step}")
                : shares[member][layer - 1];
            return rule.Judge(below, run.Vae.Members[member], results?[member].Kl[layer] ?? double.NaN);
        }

        var links = Enumerable.Range(1, run.Vae.Options.Layers - 1)
            .Select(layer => Enumerable.Range(0, run.Vae.Members.Count).Select(member => Link(member, layer)).ToArray()).ToArray();
        var located = all is null ? null : TransitionLocator.Layers(all, transition);
        return new DiagnosisResult
        {
            Data = run.Data.Name,
            Latents = run.Settings.Latents,
            MeasuredOn = run.Data.Test.Count,
            Draws = evaluation.Draws,
            CollapseThreshold = transition.CollapseThreshold,
            IsLinear = run.Vae.Options.IsLinear,
            Predictions = [.. links.Select(link =>
            {
                var prediction = CriticalRhoPrediction.Of(link, rule);
                var measured = located?[prediction.Layer - 2];
                return prediction with { Measured = measured?.Drop, MeasuredReason = measured is null ? reason : measured.Reason };
            })],
            Members = [.. links.SelectMany(link => link)],
        };
    }

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
            var all = JsonSerializer.Deserialize<PhaseResult>(File.ReadAllText(run.Folder.Phase), ResultJson.Indented)?.Members;
            if (!Array.TrueForAll(all ?? [], result => Fits(result, run.Settings.Latents))) all = null;
            var own = run.Vae.Members.Select(member => Array.Find(all ?? [], result =>
                result.Seed == member.Seed && (result.RhoPerLink ?? [result.Rho]).SequenceEqual(member.Rho))).ToArray();
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
