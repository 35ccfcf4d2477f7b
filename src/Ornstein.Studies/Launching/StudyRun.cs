using System.Diagnostics;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Experiments.Text;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Status;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Launching;

/// <summary>How the work on a study ended.</summary>
internal enum StudyRunEnd
{
    /// <summary>Every cell that was asked for has a result.</summary>
    Done,

    /// <summary>Of some the outcome is a failure, or another process has them.</summary>
    SomeUndone,

    /// <summary>It was stopped; what is done is kept.</summary>
    Stopped,
}

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
    /// <param name="show">Makes the display of one cell's progress.</param>
    /// <param name="stop">Ends the work with a checkpoint.</param>
    /// <param name="saysTime">Whether it says how long the cells take, which probes of some seconds find out.</param>
    public static StudyRunEnd Do(
        StudyFile study, StudyFolder folder, IReadOnlyList<StudyCell> cells, bool retry, Func<IRunProgress> show, CancellationToken stop, bool saysTime = true)
    {
        IDisposable Hold()
        {
            using var progress = show();
            return folder.Hold(progress.Warn);
        }

        using var hold = Hold();
        var states = StudyCellState.OfHeld(study, folder);
        StudyCell[] left = [.. cells.Where(cell => states[cell.Hash].Stage is var stage && stage != CellStage.Done && (retry || stage != CellStage.Failed))];
        var failed = cells.Count(cell => states[cell.Hash].Stage == CellStage.Failed && !retry);
        var watch = new AttemptWatch(folder.Path, stop);
        // Who holds the study knows that an earlier 'study run' on this machine is no more; a lock may mean nothing to another.
        var worker = new CellWorker(study, folder, folder.Ledger, 0, 0, other => other is { IsOfStudyRun: true, IsHere: true } || watch.IsSilent(other), () => false, stop);
        List<(StudyCell Cell, LastAttempt? Seen)> taken = [];
        StudyEntry[] submitted = [.. new SubmissionStore(folder.Path).Entries()];
        RemoveLeft(cells.Where(cell => states[cell.Hash].Stage == CellStage.Done), folder, worker, show);
        var estimate = saysTime ? Estimate(left, states, show, stop) : new StudyEstimate(new Dictionary<string, RunEstimate>());
        for (var i = 0; i < left.Length; i++)
        {
            using var progress = show();
            var number = cells.ToList().IndexOf(left[i]) + 1;
            var remaining = estimate.Left(left[i..]) ?? StudyPace.Remaining(left[i..], [.. submitted, .. folder.Ledger.Read()], study);
            progress.Note($"cell {number} of {cells.Count}: {left[i].Id}" + (remaining is { } time ? $" ({ProgressText.About(time)} left for all)" : ""));
            var clock = Stopwatch.StartNew();
            var outcome = worker.Do(left[i], progress);
            if (outcome == CellOutcome.Finished) estimate.Took(left[i], clock.Elapsed);
            if (stop.IsCancellationRequested && (outcome == CellOutcome.Stopped || i + 1 < left.Length))
            {
                progress.Warn($"interrupted; what is done is kept; continue with: {Continue(study, folder)}");
                return StudyRunEnd.Stopped;
            }

            if (outcome == CellOutcome.Failed) failed++;
            // One that stopped though nobody asked it to is undone as well, and nobody's.
            if (outcome is CellOutcome.Taken or CellOutcome.Stopped) taken.Add((left[i], new CellAttempts(folder.Path, left[i].Hash).Last()));
        }

        // What others have in hand comes last.
        var undone = 0;
        foreach (var (cell, seen) in taken)
        {
            using var progress = show();
            var isFree = watch.SignOfLife(cell.Hash, seen) is null && !stop.IsCancellationRequested;
            // It may have failed there meanwhile, which only --retry tries again.
            var outcome = !isFree ? CellOutcome.Taken
                : !retry && StudyCellState.OfHeld(study, folder)[cell.Hash].Stage == CellStage.Failed ? CellOutcome.Failed : worker.Do(cell, progress);
            if (stop.IsCancellationRequested && outcome is (CellOutcome.Taken or CellOutcome.Stopped))
            {
                progress.Warn($"interrupted; what is done is kept; continue with: {Continue(study, folder)}");
                return StudyRunEnd.Stopped;
            }

            if (outcome == CellOutcome.Failed) failed++;
            if (outcome is not (CellOutcome.Taken or CellOutcome.Stopped)) continue;
            undone++;
            progress.Warn(outcome == CellOutcome.Stopped ? $"{cell.Id}: undone; go on with: {Continue(study, folder)}"
                : $"{cell.Id}: {new CellAttempts(folder.Path, cell.Hash).Last()?.Text ?? "another process"} works on it; should that end without a result, do it with: {Continue(study, folder)}");
        }

        return failed + undone > 0 ? StudyRunEnd.SomeUndone : StudyRunEnd.Done;
    }

    // Of a cell whose process died after it had published the result, the attempts are left.
    private static void RemoveLeft(IEnumerable<StudyCell> done, StudyFolder folder, CellWorker worker, Func<IRunProgress> show)
    {
        var tried = CellAttempts.Hashes(folder.Path);
        foreach (var cell in done.Where(cell => tried.Contains(cell.Hash)))
        {
            using var progress = show();
            worker.Do(cell, progress);
        }
    }

    private static StudyEstimate Estimate(
        StudyCell[] left, IReadOnlyDictionary<string, StudyCellState> states, Func<IRunProgress> show, CancellationToken stop)
    {
        using var progress = show();
        try
        {
            var estimate = StudyEstimate.Of(left, cell => states[cell.Hash].Epochs, progress, stop);
            if (estimate.Text(left) is { Length: > 0 } text) progress.Note(text);
            return estimate;
        }
        catch (OperationCanceledException)
        {
            return new(new Dictionary<string, RunEstimate>()); // the first cell ends it, as whenever it is stopped
        }
    }

    private static string Continue(StudyFile study, StudyFolder folder) =>
        $"{Product.Name} study run {ShellQuoting.Quote(study.Path)}"
        + (folder.Path == StudyFolder.DefaultFor(study.Path) ? "" : $" --out {ShellQuoting.Quote(folder.Path)}");
}
