using Ornstein.Checkpoints;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;
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
            RunThreads.Set(settings.Threads);
            using var data = RunData.Load(settings, new FetchProgress(progress.Note), interruption.Token);
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
            if (!stack.Train(folder, provenance, fresh, progress, interruption.Token))
                return Interrupted(folder, stack.State.Step, provenance, progress, interruption);
            var first = stack.Measure(progress, interruption.Token);
            var members = RunRounds.Run(folder, settings, data, provenance, first, progress, interruption.Token);
            if (members is null) return Interrupted(folder, step: null, provenance, progress, interruption);

            var result = RunResults.Of(settings, data, members, stack.State.Step, stack.State.StepsPerEpoch);
            RunResults.Write(folder, settings, provenance, data, stack.Vae, result);
            progress.Dispose();
            if (json) Console.Out.WriteLine(RunResults.Json(result));
            else PhaseTable.Write(result, folder.Path);
            return stack.State.Diverged == stack.Vae.Members.Count ? throw AllDiverged(folder) : ExitCodes.Success;
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            progress.Note(File.Exists(folder.Config)
                ? $"interrupted; continue with: {Continue(folder, provenance)}"
                : "interrupted before the training: nothing to continue");
            return interruption.ExitCode;
        }
    }

    private static int Interrupted(RunFolder folder, long? step, Provenance provenance, IRunProgress progress, Interruption interruption)
    {
        var where = step is null ? "in a round of refinement" : $"at step {step:N0}";
        progress.Note($"interrupted {where}, checkpoint written; continue with: {Continue(folder, provenance)}");
        return interruption.ExitCode;
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
