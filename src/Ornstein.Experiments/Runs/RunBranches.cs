using Ornstein.Experiments.Figures;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Reports;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Storage;
using Ornstein.Transitions;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// <c>--branches both</c>: a stack at the lowest rho, trained until its top layer is alive, and one at rho 1, until it is collapsed; then every rho from the
/// weights of each. Four ordinary runs in folders of this one, each of which every command can open.
/// </summary>
internal static class RunBranches
{
    /// <summary>Folders of the stacks.</summary>
    public const string RootAlive = "root-alive", RootCollapsed = "root-collapsed", FromAlive = "from-alive", FromCollapsed = "from-collapsed";

    /// <summary>Those of a run that there are, longer trained roots among them; none of an ordinary run.</summary>
    public static IReadOnlyList<RunFolder> StacksOf(RunFolder run) => !Directory.Exists(run.File(RootAlive)) ? [] :
    [
        .. Directory.EnumerateDirectories(run.Path).Where(path => Path.GetFileName(path) is var name
            && (name.StartsWith(RootAlive, StringComparison.Ordinal) || name.StartsWith(RootCollapsed, StringComparison.Ordinal) || name is FromAlive or FromCollapsed))
            .Order(StringComparer.Ordinal).Select(path => new RunFolder(path)),
    ];

    /// <summary>The file of the result.</summary>
    public const string ResultName = "branches.json";

    private const int MostRounds = 4;

    // Adam's first steps are as long as the learning rate, whatever the gradient, until it knows the gradients' size: they would put nats into a
    // collapsed layer that have nothing to do with its growth.
    private const int WarmupSteps = 300;

    /// <summary>Does what is left to do, and writes <c>branches.json</c>, figure and report.</summary>
    public static RunOutcome Run(
        RunFolder folder, RunSettings settings, RunData data, Provenance provenance, RunFacts facts, IRunProgress progress, CancellationToken stop)
    {
        if (!File.Exists(folder.Config)) AtomicFile.WriteText(folder.Config, SettingsJson.Write(settings, provenance, facts));
        var plain = settings with { Branches = BranchChoice.None, Out = null };
        var (roots, branches) = (new List<BranchRoot>(), new List<(PhaseResult Result, RunFolder Folder)>());
        foreach (var isAlive in new[] { true, false })
        {
            if (Root(isAlive) is not { } root) return Stopped();
            roots.Add(root);
        }

        foreach (var root in roots)
        {
            var own = Continued(plain, folder.File(root.Folder), RhoEntry.Of(root.Rho), data);
            if (Stack(root.IsAlive ? FromAlive : FromCollapsed, own) is not { } branch) return Stopped();
            branches.Add(branch);
        }

        var result = Compare(settings, roots, branches[0], branches[1]);
        AtomicFile.WriteText(folder.File(ResultName), RunResults.Json(result) + "\n");
        BranchFigure.Write(folder.Path, result);
        BranchReport.Write(folder.File("report.html"), result, provenance);
        return new(null, null, result);

        RunOutcome Stopped() => new(null, $"in {folder.Path}");

        // Rounds until every seed is in the state that the branch begins with.
        BranchRoot? Root(bool isAlive)
        {
            var (rho, name) = (isAlive ? settings.Rho.Min(entry => entry.Top) : 1, isAlive ? RootAlive : RootCollapsed);
            string? before = null;
            for (var round = 1; ; round++)
            {
                var own = plain with { Rho = [RhoEntry.Of(rho)] };
                var place = round == 1 ? name : FormattableString.Invariant($"{name}-{round}");
                if (before is not null) own = Continued(own, folder.File(before), RhoEntry.Of(rho), data);
                before = place;
                if (Stack(place, own) is not { } stack) return null;
                RequireNumbers(place, stack.Result);
                var byState = stack.Result.Members.ToLookup(member => IsInState(member, isAlive), member => member.Seed);
                if (byState[false].Any() && round < MostRounds)
                {
                    progress.Note($"{place}: the top layer of seed {string.Join(", ", byState[false])} is not {(isAlive ? "alive" : "collapsed")} yet; training on");
                    continue;
                }

                if (!byState[true].Any())
                {
                    throw new OrnsteinException(
                        $"{place}: after {round} x {settings.Epochs} epochs at rho {rho} no seed's top layer is {(isAlive ? "alive" : "collapsed")}: there is no "
                        + "branch to begin; train longer (--epochs), or a model whose top layer comes to that state.");
                }

                return new BranchRoot { IsAlive = isAlive, Rho = rho, Rounds = round, Folder = place, Seeds = [.. byState[true]], Others = [.. byState[false]] };
            }
        }

        // An ordinary run, from where it stands; null where it was stopped.
        (PhaseResult Result, RunFolder Folder)? Stack(string name, RunSettings own)
        {
            using var part = RunPart.Open(folder, name, own, provenance);
            if (!part.IsFresh && StoredResult.IsWhole(part.Folder)) return (StoredResult.Read(part.Folder), part.Folder);
            progress.Note($"{name}: rho {string.Join(", ", own.Rho)}");
            using var stack = new RunStack(own, data);
            var outcome = RunJob.Complete(part.Folder, own, data, stack, part.Provenance, facts, part.IsFresh, progress, stop);
            return outcome.Result is { } result ? (result, part.Folder) : null;
        }
    }

    private static RunSettings Continued(RunSettings settings, string root, RhoEntry rho, RunData data)
    {
        var steps = (long)settings.Epochs * (data.Train.Count / Math.Min(settings.Batch, data.Train.Count));
        return settings with
        {
            StartFrom = StartingWeights.PathOf(root),
            StartRho = rho,
            WarmupSteps = settings.WarmupSteps > 0 ? settings.WarmupSteps : (int)Math.Min(WarmupSteps, steps / 4),
        };
    }

    private static void RequireNumbers(string place, PhaseResult root)
    {
        foreach (var member in root.Members)
        {
            if (!member.IsOk) throw new OrnsteinException($"{place}: the model of seed {member.Seed} {member.Status}, and there is nothing to go on from; try a lower --learning-rate.");
            if (member.Information is null) throw new OrnsteinException($"{place}: whether the top layer is alive is not known ({member.InformationReason}).");
        }
    }

    // A collapsed root has next to no KL either, or there is no growth from the collapsed state to be seen.
    private static bool IsInState(MemberResult member, bool isAlive)
    {
        if (!member.IsOk || member.Information is not { } information) return false;
        var tells = CodeLocator.IsAlive(information[^1]);
        return isAlive ? tells : !tells && member.TopKl < RunPlan.Rule.KlThreshold;
    }

    private static BranchesResult Compare(
        RunSettings settings, List<BranchRoot> roots, (PhaseResult Result, RunFolder Folder) alive, (PhaseResult Result, RunFolder Folder) collapsed)
    {
        var (rates, drifts) = (BranchRates.Of(collapsed.Folder), BranchRates.Of(alive.Folder));
        Estimate Information(PhaseResult of, int i, BranchRoot root) =>
            of.Members[i] is { IsOk: true, Information: { } information } member && root.Seeds.Contains(member.Seed) ? information[^1] : Estimate.None;
        var points = collapsed.Result.Members.Select((member, i) =>
        {
            var (fromAlive, fromCollapsed) = (Information(alive.Result, i, roots[0]), Information(collapsed.Result, i, roots[1]));
            var growth = double.IsFinite(fromCollapsed.Value) ? rates.FromCollapsed(i, RunPlan.Rule.KlThreshold) : Estimate.None;
            var drift = double.IsFinite(fromAlive.Value) ? drifts.AtTheEnd(i) : Estimate.None;
            return new BranchPoint
            {
                Rho = member.Rho,
                Seed = member.Seed,
                FromAlive = fromAlive,
                FromCollapsed = fromCollapsed,
                Growth = growth,
                Drift = drift,
                State = BranchComparison.StateOf(fromAlive, fromCollapsed, growth, drift),
            };
        });
        BranchPoint[] all = [.. points.OrderBy(point => point.Rho).ThenBy(point => point.Seed)];
        return new BranchesResult
        {
            Data = collapsed.Result.Data,
            Latents = settings.LatentUnits(),
            EvaluatedOn = collapsed.Result.EvaluatedOn,
            Epochs = settings.Epochs,
            Roots = [.. roots],
            Folders = [FromAlive, FromCollapsed],
            Points = all,
            Stability = BranchComparison.LimitOf(all),
        };
    }
}
