using Ornstein.Checkpoints;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;

namespace Ornstein.View.Documents;

/// <summary>A model of a run: where its weights lie, and what is known of it.</summary>
/// <param name="Stack">The folder of its stack: that of the run, or of a round of refinement; null where that is not there, as in a run that was copied without its checkpoints.</param>
/// <param name="Round">The round, from 1; 0 for the run's own stack, null without one.</param>
/// <param name="Place">Its place in the stack; null without one.</param>
/// <param name="Label">Its rho as it is written, such as <c>0.5</c> or <c>0.5:0.8</c>.</param>
/// <param name="Rho">The number to draw it at: the top link's.</param>
/// <param name="Remedy">Its remedy as it is written; null for none.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Result">What it came to; null before it was measured.</param>
internal sealed record RunModel(RunFolder? Stack, int? Round, int? Place, string Label, double Rho, string? Remedy, long Seed, MemberResult? Result)
{
    /// <summary>Whether its weights are there.</summary>
    public bool HasWeights => Stack is not null && Checkpoint.Exists(Stack.Checkpoint);

    /// <summary>All models of a run by rho, remedy and seed, those of its rounds among them, also where only the results know of them.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="result">Its results; null before there are any.</param>
    public static IReadOnlyList<RunModel> Of(RunFolder folder, PhaseResult? result)
    {
        RunFolder[] stacks = [folder, .. RunRounds.Of(folder)];
        RunModel[] models =
        [
            .. stacks.SelectMany((stack, round) => RunPlan.Members(StoredRun.ShownSettingsOf(stack)).Select((member, place) =>
            {
                var remedy = RemedyEntry.NameOf(member);
                var found = result?.Members.FirstOrDefault(each => each.Seed == member.Seed && each.Remedy == remedy && (each.RhoPerLink ?? [each.Rho]).SequenceEqual(member.Rho));
                return new RunModel(stack, round, place, string.Join(':', member.Rho), member.Rho[^1], remedy, member.Seed, found);
            })),
        ];
        MemberResult[] others = result is null ? [] : [.. result.Members.Where(member => !Array.Exists(models, model => ReferenceEquals(model.Result, member)))];
        return
        [
            .. models.Concat(others.Select(Stackless))
                .OrderBy(model => model.Rho).ThenBy(model => model.Label, StringComparer.Ordinal).ThenBy(model => model.Remedy, StringComparer.Ordinal).ThenBy(model => model.Seed),
        ];
    }

    private static RunModel Stackless(MemberResult member) =>
        new(Stack: null, Round: null, Place: null, string.Join(':', member.RhoPerLink ?? [member.Rho]), member.Rho, member.Remedy, member.Seed, member);
}
