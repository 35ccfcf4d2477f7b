using System.Globalization;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Stacks;
using Ornstein.Steps;
using Ornstein.Storage;
using Ornstein.Training;

namespace Ornstein.Experiments.Runs;

/// <summary>
/// A run from start to end: data, stack, training with checkpoints, results. Stopped by a signal it leaves a checkpoint; resumed, it
/// goes on to the numbers of an uninterrupted run.
/// </summary>
internal static class RunJob
{
    private const int LongestName = 60;

    /// <summary>The folder of a new run, held against other processes: the one that its settings name, or a new one under <c>runs</c>.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="name">How a folder without a name begins.</param>
    public static RunReservation Reserve(RunSettings settings, string name) =>
        settings.Out is { } path ? RunFolder.Reserve(path) : RunFolder.ReserveUnder("runs", NewName(name, settings));

    /// <summary>Does what of a run is left to do, and writes its results, in a folder that the caller holds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="provenance">Where it came from.</param>
    /// <param name="fresh">Whether it has no checkpoint yet.</param>
    /// <param name="progress">Where it says how far it is.</param>
    /// <param name="stop">Ends it with a checkpoint.</param>
    /// <param name="accept">Throws where its data will not do; null takes any.</param>
    /// <param name="saysTime">Whether it says how long it takes, which a probe of some seconds finds out: a study has said it of all its cells.</param>
    public static RunOutcome Complete(
        RunFolder folder, RunSettings settings, Provenance provenance, bool fresh, IRunProgress progress, CancellationToken stop,
        Action<RunFingerprint>? accept = null, bool saysTime = true)
    {
        // Of stored runs some have both, and are what they are.
        if (fresh && !File.Exists(folder.Config) && settings is { StartFrom: not null, Refine: > 0 })
            throw UsageError.Because("--refine trains at rhos that are found later, and --start-from reads the other run once, at the start; leave one of the two out, or give all rhos to --rho");
        RunThreads.Set(settings.Threads);
        Devices.Of(settings.Device); // refused before data are read
        using var data = RunData.Load(settings, new FetchProgress(progress.Note), stop);
        RequireSameData(folder, data);
        accept?.Invoke(data.Fingerprint);
        settings = data.Resolve(settings);
        // Before the first file: a mistake in data or settings leaves no folder behind.
        Trainer.RequireBatch(RunPlan.Model(settings, data.ModelShape, data.Likelihood), RunPlan.Training(settings), data.Train.Count);
        using var stack = new RunStack(settings, data);
        StepMemory.Require(stack.Vae, Math.Min(settings.Batch, data.Train.Count));
        var facts = new RunFacts(data.Fingerprint, [.. RunWarnings.Of(settings, data, stack.Vae)], Engine.For(stack.Vae));
        foreach (var warning in facts.Warnings) progress.Warn($"warning: {warning}");
        // A run of two branches has its checkpoints in folders of its own.
        var isBegun = !fresh || (settings.Branches == BranchChoice.Both && File.Exists(folder.Config));
        if (isBegun && RunWarnings.OfOtherVectors(provenance, facts.Engine!) is { } other) progress.Warn($"warning: {other}");
        RunEstimate? SayTime(long done)
        {
            if (!saysTime || progress is NoProgress or QuietProgress) return null;
            var estimate = RunEstimator.Of(settings, data, stack.Vae, done, stop, begin: () => progress.Busy($"timing a few steps first ({RunProbe.Length})"));
            progress.Note(RunEstimator.Text(settings, estimate));
            return estimate;
        }

        if (settings.Branches != BranchChoice.Both) return Complete(folder, settings, data, stack, provenance, facts, fresh, progress, stop, SayTime);
        if (!isBegun) SayTime(0); // of one that goes on it would be the time of all its stacks
        return RunBranches.Run(folder, settings, data, provenance, facts, progress, stop);
    }

    /// <summary>As above, of a stack whose data are loaded, and of which all is known that it says at its start.</summary>
    internal static RunOutcome Complete(
        RunFolder folder, RunSettings settings, RunData data, RunStack stack, Provenance provenance, RunFacts facts, bool fresh, IRunProgress progress,
        CancellationToken stop, Func<long, RunEstimate?>? begin = null)
    {
        if (!stack.Train(folder, provenance, facts, fresh, progress, stop, begin)) return new(null, $"at step {stack.State.Step:N0}");
        var first = stack.Measure(progress, stop);
        var members = RunRounds.Run(folder, settings, data, provenance, facts, first, progress, stop);
        if (members is null) return new(null, "in a round of refinement");
        members = StoredMeasures.Keep(folder, members, stack.State.Step);
        string[] bounds = [.. LongGradientWarnings.Of(folder, settings)];
        foreach (var warning in bounds) progress.Warn($"warning: {warning}");
        var result = RunResults.Of(settings, data, members, [.. facts.Warnings, .. bounds], stack.State.Step, stack.State.StepsPerEpoch);
        RunResults.Write(folder, settings, provenance, data, stack.Vae, first, result);
        return new(result, null);
    }

    // Also where nothing is left to train: what is measured anew would replace results of other data.
    private static void RequireSameData(RunFolder folder, RunData data)
    {
        if (!File.Exists(folder.Config) || SettingsJson.ReadFacts(folder.Config) is not { Fingerprint: { } own } facts) return;
        if (own.DifferenceTo(data.Fingerprint) is { } difference) throw StoredRun.DataHaveChanged(folder, data, difference);
        var stored = SettingsJson.Read(folder.Config, RunSettings.ForPhase);
        var place = RunData.PathOf(data.Name);
        if (stored.Data == place) return;
        // The same data, moved: whoever comes back to the run looks for them where they are now.
        AtomicFile.WriteText(folder.Config, SettingsJson.Write(stored with { Data = place }, SettingsJson.ReadProvenance(folder.Config), facts));
    }

    // Command (or preset), data and time; what follows it keeps runs of one second apart.
    private static string NewName(string name, RunSettings settings)
    {
        var data = string.Concat(Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Data)).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));
        return string.Create(
            CultureInfo.InvariantCulture, $"{name}-{(data.Length > LongestName ? data[..LongestName] : data)}-{DateTime.Now:yyyyMMdd-HHmmss}");
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Result">Its result; null where it was stopped, and of two branches.</param>
/// <param name="Stopped">Where it was stopped, in words; else null.</param>
/// <param name="Branches">The result of two branches; null where it was stopped, and of an ordinary run.</param>
internal sealed record RunOutcome(PhaseResult? Result, string? Stopped, BranchesResult? Branches = null);
