using Ornstein.Checkpoints;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;
using Ornstein.Results;
using Ornstein.Runs;
using Ornstein.Smoothing;
using Ornstein.Storage;

namespace Ornstein.Cli.Runs;

/// <summary>
/// A run from start to end: data, stack, training with checkpoints, results. Stopped by a signal it leaves a checkpoint; resumed, it
/// goes on to the numbers of an uninterrupted run.
/// </summary>
internal static class RunJob
{
    /// <summary>Starts a run in a new folder.</summary>
    public static int Start(string command, RunSettings settings, RunSettings defaults, bool json)
    {
        var folder = RunFolder.Reserve(settings.Out ?? DefaultFolder(command, settings));
        var line = $"{Application.Name} {command} {SettingsBinder.ToCommandLine(settings with { Out = null }, defaults)}".TrimEnd();
        var provenance = Provenance.Of(line, DateTimeOffset.Now);
        using var interruption = Interruption.Listen();
        return Run(folder, settings, provenance, json, interruption, fresh: true);
    }

    /// <summary>Goes on with the run of a folder.</summary>
    public static int Resume(RunFolder folder, RunSettings settings, bool json)
    {
        using var interruption = Interruption.Listen();
        var provenance = SettingsJson.ReadProvenance(folder.Config);
        return Run(folder, settings, provenance, json, interruption, fresh: !Checkpoint.Exists(folder.Checkpoint));
    }

    private static int Run(RunFolder folder, RunSettings settings, Provenance provenance, bool json, Interruption interruption, bool fresh)
    {
        using var progress = RunProgress.OnStandardError();
        try
        {
            var outcome = Complete(folder, settings, provenance, fresh, progress, interruption.Token);
            if (outcome.Result is not { } result)
            {
                progress.Note($"interrupted {outcome.Stopped}, checkpoint written; continue with: {Continue(folder, provenance)}");
                return interruption.ExitCode;
            }

            progress.Dispose();
            if (json) Console.Out.WriteLine(RunResults.Json(result));
            else PhaseTable.Write(result, folder.Path);
            return outcome.AllDiverged ? throw AllDiverged(folder) : ExitCodes.Success;
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            progress.Note(File.Exists(folder.Config)
                ? $"interrupted; continue with: {Continue(folder, provenance)}"
                : "interrupted before the training: nothing to continue");
            return interruption.ExitCode;
        }
    }

    /// <summary>Does what of a run is left to do, and writes its results.</summary>
    /// <param name="fresh">Whether it has no checkpoint yet.</param>
    public static RunOutcome Complete(
        RunFolder folder, RunSettings settings, Provenance provenance, bool fresh, IRunProgress progress, CancellationToken stop)
    {
        RunThreads.Set(settings.Threads);
        using var data = RunData.Load(settings, new FetchProgress(progress.Note), stop);
        settings = data.Resolve(settings);
        using var stack = new RunStack(settings, data);
        // Made no sooner: a mistake in data or settings leaves no folder behind.
        if (!File.Exists(folder.Config)) RunFolder.Create(folder.Path);
        using var hold = folder.Hold();
        if (settings.Draws == 1 && settings.Measure == ReferenceMeasure.Own && settings.Smooths())
        {
            progress.Note("--draws 1 does not smooth: a single draw has the law of z itself, so every rho trains the unsmoothed model");
        }

        if (settings.AnnealsNothing()) progress.Note("anneal changes nothing: every rho is at its end from the start; give a lower --rho");
        if (!stack.Train(folder, provenance, fresh, progress, stop)) return new(null, $"at step {stack.State.Step:N0}", AllDiverged: false);
        var first = stack.Measure(progress, stop);
        var members = RunRounds.Run(folder, settings, data, provenance, first, progress, stop);
        if (members is null) return new(null, "in a round of refinement", AllDiverged: false);
        var result = RunResults.Of(settings, data, members, stack.State.Step, stack.State.StepsPerEpoch);
        RunResults.Write(folder, settings, provenance, data, stack.Vae, result);
        return new(result, null, stack.State.Diverged == stack.Vae.Members.Count);
    }

    private static string Continue(RunFolder folder, Provenance provenance) =>
        $"{Application.Name} {provenance.Command.Split(' ')[1]} --resume --out {ShellQuoting.Quote(folder.Path)}";

    private static OrnsteinException AllDiverged(RunFolder folder) => new(
        $"every model diverged; try a lower --learning-rate or --clip-norm 100 (what there is lies in {folder.Path}).");

    /// <summary>A new folder under runs/: command (or preset), data and time.</summary>
    public static string DefaultFolder(string command, RunSettings settings)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Data));
        var path = Path.Combine("runs", $"{command}-{name}-{DateTime.Now:yyyyMMdd-HHmmss}");
        for (var i = 2; Directory.Exists(path); i++) path = Path.Combine("runs", $"{command}-{name}-{DateTime.Now:yyyyMMdd-HHmmss}-{i}");
        return path;
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Result">Its result; null where it was stopped.</param>
/// <param name="Stopped">Where it was stopped, in words; else null.</param>
/// <param name="AllDiverged">Whether no model of the first stack is left.</param>
internal sealed record RunOutcome(PhaseResult? Result, string? Stopped, bool AllDiverged);
