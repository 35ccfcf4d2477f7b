using Ornstein.Checkpoints;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// Rounds of refinement: each trains more models where layers collapse or begin to tell of the data, as an ordinary run in the folder <c>round-N</c> of the first one.
/// What a round trains follows from the results before it, so a resumed run finds the same rounds.
/// </summary>
internal static class RunRounds
{
    /// <summary>Trains and measures the rounds that the settings ask for.</summary>
    /// <param name="facts">What the run found out at its start.</param>
    /// <param name="members">Results of the first stack.</param>
    /// <returns>Results of all stacks by rho and then by seed, or null where it was stopped.</returns>
    public static MemberResult[]? Run(
        RunFolder folder, RunSettings settings, RunData data, Provenance provenance, RunFacts facts, MemberResult[] members, IRunProgress progress,
        CancellationToken stop)
    {
        for (var round = 1; round <= settings.Refine; round++)
        {
            var rhos = RhoRefinement.Next(members, new TransitionOptions());
            if (rhos.Length == 0)
            {
                // The top layer's KL may have no drop where a code has a transition, or a lower layer.
                var reason = RhoRefinement.Brackets(members, new TransitionOptions()).Count > 0 ? null : TransitionLocator.Locate(members, new TransitionOptions()).Reason;
                progress.Note($"no round {round}: {reason ?? "every transition that was located is resolved"}");
                break;
            }

            progress.Note($"round {round} of at most {settings.Refine}: rho {string.Join(", ", rhos)}");
            var own = settings with { Rho = [.. rhos.Select(rho => (RhoEntry)rho)], Refine = 0 };
            using var part = RunPart.Open(folder, $"round-{round}", own, provenance);
            using var stack = new RunStack(own, data);
            if (!stack.Train(part.Folder, part.Provenance, facts, part.IsFresh, progress, stop)) return null;
            members = Merge(members, stack.Measure(progress, stop));
        }

        return members;
    }

    /// <summary>The folders of a run's rounds, in order; none for a run without.</summary>
    public static IEnumerable<RunFolder> Of(RunFolder folder)
    {
        for (var round = 1; ; round++)
        {
            var place = new RunFolder(folder.File($"round-{round}"));
            if (!File.Exists(place.Config) || !Checkpoint.Exists(place.Checkpoint)) yield break;
            yield return place;
        }
    }

    /// <summary>Members of two stacks, by rho and then by seed.</summary>
    public static MemberResult[] Merge(IEnumerable<MemberResult> members, IEnumerable<MemberResult> more) =>
        [.. members.Concat(more).OrderBy(member => member.Rho).ThenBy(member => member.Seed)];
}
