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
        var (results, reason) = Results(run);
        LinkDiagnosis Link(int member, int layer)
        {
            var below = run.State.DivergedAt[member] is { } step
                ? LayerShares.None(layer, $"the model diverged at step {step}")
                : shares[member][layer - 1];
            return rule.Judge(below, run.Vae.Members[member], results?[member].Kl[layer] ?? double.NaN);
        }

        var links = Enumerable.Range(1, run.Vae.Options.Layers - 1)
            .Select(layer => Enumerable.Range(0, run.Vae.Members.Count).Select(member => Link(member, layer)).ToArray()).ToArray();
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
                var (measured, why) = results is null ? (null, reason) : MeasuredOf(results, prediction.Layer, transition);
                return prediction with { Measured = measured, MeasuredReason = why };
            })],
            Members = [.. links.SelectMany(link => link)],
        };
    }

    // The critical rho of any layer: its KL in the place of the top layer's.
    private static (CriticalRho?, string?) MeasuredOf(MemberResult[] results, int layer, TransitionOptions options)
    {
        MemberResult[] own = [.. results.Select(member => member with { TopKl = member.Kl[layer - 1] })];
        var (critical, reason) = TransitionLocator.Locate(own, options);
        return (critical, reason?.Replace("the top layer", $"z{layer}", StringComparison.Ordinal));
    }

    // The run's own results, where they are there and fit the models.
    private static (MemberResult[]? Results, string? Reason) Results(StoredRun run)
    {
        const string Again = "ornstein eval measures";
        try
        {
            if (!File.Exists(run.Folder.Phase)) return (null, "cannot say: the run has no phase.json yet");
            var members = JsonSerializer.Deserialize<PhaseResult>(File.ReadAllText(run.Folder.Phase), ResultJson.Indented)?.Members;
            var fits = members is not null && members.Length == run.Vae.Members.Count && members.Zip(run.Vae.Members).All(pair =>
                pair.First is { Kl: not null } && pair.First.Kl.Length == run.Vae.Options.Layers
                && pair.First.Seed == pair.Second.Seed && pair.First.Rho == pair.Second.Rho[^1]);
            return fits ? (members, null) : (null, $"cannot say: phase.json does not fit the models of this run; {Again} them");
        }
        catch (JsonException)
        {
            return (null, $"cannot say: phase.json is damaged or of another version; {Again} again");
        }
    }
}
