using System.Diagnostics;
using Ornstein.Checkpoints;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Runs;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;
using Ornstein.Runs;

namespace Ornstein.Cli.Studies;

/// <summary>
/// Does every cell that has no result, one after another in this process. Stopped at any moment, by Ctrl-C or by force, it goes on where it was
/// when it is run again; what is finished is never repeated.
/// </summary>
internal static class StudyRun
{
    /// <summary>Does the cells.</summary>
    /// <param name="study">The study.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cells">Those of its cells that are asked for.</param>
    /// <param name="retry">Whether cells that failed are tried again.</param>
    /// <returns>The exit code.</returns>
    public static int Do(StudyFile study, StudyFolder folder, IReadOnlyList<StudyCell> cells, bool retry)
    {
        using var interruption = Interruption.Listen();
        using var hold = folder.Hold();
        var states = StudyCellState.OfHeld(study, folder);
        StudyCell[] left = [.. cells.Where(cell => states[cell.Hash].Stage is var stage && (stage == CellStage.Waiting || (retry && stage == CellStage.Failed)))];
        var failed = cells.Count(cell => states[cell.Hash].Stage == CellStage.Failed && !retry);
        for (var i = 0; i < left.Length; i++)
        {
            using var progress = RunProgress.OnStandardError();
            var number = cells.ToList().IndexOf(left[i]) + 1;
            var remaining = StudyPace.Remaining(left[i..], folder.Ledger.Read(), study);
            progress.Note($"cell {number} of {cells.Count}: {left[i].Id}" + (remaining is { } time ? $" (about {ProgressText.Time(time)} left for all)" : ""));
            var outcome = Do(left[i], folder, progress, interruption);
            if (outcome == StudyEvent.Interrupted)
            {
                progress.Note($"interrupted; what is done is kept; continue with: {Continue(study, folder)}");
                return interruption.ExitCode;
            }

            if (outcome == StudyEvent.Failed) failed++;
        }

        return failed > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static StudyEvent Do(StudyCell cell, StudyFolder folder, IRunProgress progress, Interruption interruption)
    {
        var clock = Stopwatch.StartNew();
        StudyEvent End(StudyEvent what, string? reason)
        {
            folder.Ledger.Append(new StudyEntry(DateTimeOffset.Now, what, cell.Name, cell.Hash, clock.Elapsed.TotalSeconds, reason));
            if (reason is not null) progress.Note($"{cell.Name} failed: {reason}");
            return what;
        }

        folder.Ledger.Append(new StudyEntry(DateTimeOffset.Now, StudyEvent.Started, cell.Name, cell.Hash));
        try
        {
            var outcome = Complete(cell, folder.Of(cell), progress, interruption.Token);
            if (outcome.Result is not { } result) return End(StudyEvent.Interrupted, null);
            if (StudyCellState.WhyUseless(result) is { } useless) return End(StudyEvent.Failed, useless);
            progress.Note($"{cell.Name}: {PhaseWords.Critical(result)}");
            return End(StudyEvent.Finished, null);
        }
        catch (OperationCanceledException) when (interruption.IsRequested)
        {
            return End(StudyEvent.Interrupted, null);
        }
        catch (Exception error)
        {
            // Whatever it was, the other cells do not depend on it; its line says whether it is a defect.
            return End(StudyEvent.Failed, Application.Explain(error).Message.ReplaceLineEndings(" "));
        }
    }

    private static RunOutcome Complete(StudyCell cell, RunFolder folder, IRunProgress progress, CancellationToken stop)
    {
        StudyFolder.ClearUnmade(folder);
        if (!Checkpoint.Exists(folder.Checkpoint))
            return RunJob.Complete(folder, cell.Settings, Provenance.Of(cell.Command(folder: null), DateTimeOffset.Now), fresh: true, progress, stop);
        var stored = StoredRun.SettingsOf(folder);
        RequireSame(cell, stored, folder);
        var settings = stored with { Data = cell.Settings.Data, CheckpointSeconds = cell.Settings.CheckpointSeconds };
        return RunJob.Complete(folder, settings, SettingsJson.ReadProvenance(folder.Config), fresh: false, progress, stop);
    }

    // What a run resolves, as auto and all processors, is as the first start found it. Of another setting, a default of the program changed.
    private static void RequireSame(StudyCell cell, RunSettings stored, RunFolder folder)
    {
        foreach (var setting in SettingsSchema.Run)
        {
            if (setting.Property.Name is nameof(RunSettings.Out) or nameof(RunSettings.CheckpointSeconds) or nameof(RunSettings.Data)) continue;
            var (before, now) = (Text(setting, stored), Text(setting, cell.Settings));
            if (before == now || now == "auto" || (setting.Property.Name == nameof(RunSettings.Threads) && now == "0")) continue;
            throw new OrnsteinException(
                $"'{folder.Path}' was begun with {setting.Option} {before}, and its cell now asks for {now}: its config.json or this program changed; "
                + "delete that folder to train the cell anew.");
        }
    }

    private static string Text(Setting setting, RunSettings settings) => SettingText.Format(setting.Property.GetValue(settings));

    private static string Continue(StudyFile study, StudyFolder folder) =>
        $"{Application.Name} study run {ShellQuoting.Quote(study.Path)}"
        + (folder.Path == StudyFolder.DefaultFor(study.Path) ? "" : $" --out {ShellQuoting.Quote(folder.Path)}");
}
