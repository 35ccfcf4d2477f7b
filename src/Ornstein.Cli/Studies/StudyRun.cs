using System.Diagnostics;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Studies.Launching;
using Ornstein.Cli.Tables;

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
        StudyCell[] left = [.. cells.Where(cell => states[cell.Hash].Stage is var stage && stage != CellStage.Done && (retry || stage != CellStage.Failed))];
        var failed = cells.Count(cell => states[cell.Hash].Stage == CellStage.Failed && !retry);
        for (var i = 0; i < left.Length; i++)
        {
            using var progress = RunProgress.OnStandardError();
            var number = cells.ToList().IndexOf(left[i]) + 1;
            var remaining = StudyPace.Remaining(left[i..], StudyCellState.Entries(folder), study);
            progress.Note($"cell {number} of {cells.Count}: {left[i].Id}" + (remaining is { } time ? $" (about {ProgressText.Time(time)} left for all)" : ""));
            var attempts = new CellAttempts(folder.Path, left[i].Hash);
            // Who holds the study knows that an earlier 'study run' is no more.
            using var lease = CellLease.TryBegin(attempts, AttemptRecord.Of(submission: 0, element: 0), other => other.IsInPlace);
            if (lease is null)
            {
                progress.Note($"{left[i].Id}: {attempts.Last()?.Text ?? "another process"} is at work on it");
                continue;
            }

            if (CellPlace.IsDone(folder.Of(left[i])) && !retry)
            {
                lease.EndWithResult();
                continue;
            }

            CellPlace.PrepareInPlace(attempts, lease, folder.Of(left[i]));
            var outcome = Do(left[i], folder, progress, interruption, lease);
            if (lease.IsMine) lease.EndWithResult();
            if (outcome == StudyEvent.Interrupted && !interruption.IsRequested)
            {
                progress.Note($"{left[i].Id}: another process took it over");
                continue;
            }

            if (outcome == StudyEvent.Interrupted)
            {
                progress.Note($"interrupted; what is done is kept; continue with: {Continue(study, folder)}");
                return interruption.ExitCode;
            }

            if (outcome == StudyEvent.Failed) failed++;
        }

        return failed > 0 ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static StudyEvent Do(StudyCell cell, StudyFolder folder, IRunProgress progress, Interruption interruption, CellLease lease)
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
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token, lease.Lost);
            var outcome = CellRun.Complete(cell, folder.Of(cell), progress, stop.Token);
            if (outcome.Result is not { } result) return End(StudyEvent.Interrupted, null);
            if (StudyCellState.WhyUseless(result) is { } useless) return End(StudyEvent.Failed, useless);
            progress.Note($"{cell.Name}: {PhaseWords.Critical(result)}");
            return End(StudyEvent.Finished, null);
        }
        catch (OperationCanceledException) when (interruption.IsRequested || lease.Lost.IsCancellationRequested)
        {
            return End(StudyEvent.Interrupted, null);
        }
        catch (Exception error)
        {
            // Whatever it was, the other cells do not depend on it; its line says whether it is a defect.
            return End(StudyEvent.Failed, Application.Explain(error).Message.ReplaceLineEndings(" "));
        }
    }

    private static string Continue(StudyFile study, StudyFolder folder) =>
        $"{Application.Name} study run {ShellQuoting.Quote(study.Path)}"
        + (folder.Path == StudyFolder.DefaultFor(study.Path) ? "" : $" --out {ShellQuoting.Quote(folder.Path)}");
}
