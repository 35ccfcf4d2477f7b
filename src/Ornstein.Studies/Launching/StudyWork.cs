using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Settings;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Submissions;

namespace Ornstein.Studies.Launching;

/// <summary>How the work on an element ended, as a scheduler has to know it.</summary>
internal enum WorkEnd
{
    /// <summary>Every cell has a result or an error of its own, the submission was cancelled, or the scheduler goes on with it by itself.</summary>
    Done,

    /// <summary>Something is left to do, by a warning without Slurm or because another process is at work on it: start the element again.</summary>
    StartAgain,

    /// <summary>It was told to stop.</summary>
    Stopped,
}

/// <summary>Does the cells of one element. Started again, it goes on from the last checkpoint; a cell that failed is not tried again.</summary>
internal sealed class StudyWork
{
    private readonly StudyFile _study;
    private readonly StudyFolder _folder;
    private readonly SubmissionStore _store;
    private readonly Submission _submission;
    private readonly int _element;
    private readonly StudyLedger _ledger;
    private readonly IRunProgress _progress;
    private readonly WorkSignals _signals;
    private readonly AttemptWatch _watch;

    private StudyWork(StudyFile study, StudyFolder folder, SubmissionStore store, Submission submission, int element, IRunProgress progress, WorkSignals signals)
    {
        (_study, _folder, _store, _submission, _element, _progress, _signals) = (study, folder, store, submission, element, progress, signals);
        _ledger = store.LedgerOf(submission.Number, element);
        _watch = new AttemptWatch(folder.Path, signals.Token);
    }

    /// <summary>Does an element.</summary>
    /// <param name="study">The study.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="number">The submission; null for the last.</param>
    /// <param name="element">The element.</param>
    /// <param name="progress">Where it says how far it is.</param>
    public static WorkEnd Do(StudyFile study, StudyFolder folder, int? number, int element, IRunProgress progress)
    {
        using var signals = WorkSignals.Listen();
        var store = new SubmissionStore(folder.Path);
        var submission = store.Find(number);
        ElementCell[] asked = [.. store.CellsOf(submission.Number).Where(cell => cell.Element == element)];
        if (asked.Length == 0)
            throw UsageError.Because($"submission {submission.Number} has no element {element}; it has {submission.Elements}, from 0");
        StudyDifference.Refuse(study, submission, store, asked);
        var cells = study.Cells.ToDictionary(cell => cell.Hash, StringComparer.Ordinal);
        progress.Note($"element {element} of submission {submission.Number} on {AttemptRecord.ThisNode}, {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}");
        return new StudyWork(study, folder, store, submission, element, progress, signals).Do([.. asked.Select(cell => cells[cell.Hash])]);
    }

    private WorkEnd Do(StudyCell[] cells)
    {
        var worker = new CellWorker(_study, _folder, _ledger, _submission.Number, _element, IsDead, IsCancelled, _signals.Token);
        List<(StudyCell Cell, LastAttempt? Seen)> taken = [];
        var isReplaced = false;
        bool Goes(StudyCell cell)
        {
            if (_signals.Token.IsCancellationRequested || IsCancelled()) return false;
            if (HasFailed(cell)) return true;
            var outcome = worker.Do(cell, _progress);
            if (outcome != CellOutcome.Taken) return outcome != CellOutcome.Stopped;
            var other = new CellAttempts(_folder.Path, cell.Hash).Last();
            isReplaced = other is not null && IsOfThisElement(other.Record);
            if (isReplaced) return false;
            taken.Add((cell, other));
            return true;
        }

        for (var i = 0; i < cells.Length; i++)
        {
            _progress.Note($"cell {i + 1} of {cells.Length}: {cells[i].Id}");
            if (!Goes(cells[i])) return End(isReplaced);
        }

        // What others have in hand comes last: one that shows that it lives keeps it, one that stays silent loses it.
        var end = WorkEnd.Done;
        while (taken.Count > 0)
        {
            var (cell, seen) = taken[0];
            taken.RemoveAt(0);
            if (_watch.SignOfLife(cell.Hash, seen) is { } other)
            {
                _progress.Note($"{cell.Id}: {other} works on it; start this element again should that end without a result");
                end = WorkEnd.StartAgain;
            }
            else if (!Goes(cell))
            {
                return End(isReplaced);
            }
        }

        return end;
    }

    // Asked for again, it is in another submission.
    private bool HasFailed(StudyCell cell) => _ledger.Read().Any(entry => entry.Hash == cell.Hash && entry.Event == StudyEvent.Failed);

    private bool IsCancelled() => _store.IsCancelled(_submission);

    private bool IsDead(AttemptRecord other) => IsOfThisElement(other) || _watch.IsSilent(other);

    // The scheduler starts an element again where it holds the start before for dead: an orphan finds its lease lost.
    private bool IsOfThisElement(AttemptRecord other) => other.Submission == _submission.Number && other.Element == _element;

    // Requeues where there is time left to be had; a job that was told to stop, or that was cancelled, stays so.
    private WorkEnd End(bool isReplaced)
    {
        if (!_signals.IsToGoOn || IsCancelled())
        {
            _progress.Note("stopped; what is done is kept");
            if (_signals.IsToStop) return WorkEnd.Stopped;
            // Where nobody told it to stop and no later start of this element goes on, something is left to do.
            return isReplaced || IsCancelled() ? WorkEnd.Done : WorkEnd.StartAgain;
        }

        if (Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is not { } job) return WorkEnd.StartAgain;
        var task = $"{job}_{Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}";
        _progress.Note($"out of time; what is done is kept, and job {task} goes on later");
        var answer = SlurmProgram.Run("scontrol", "requeue", task);
        if (answer.Code == 0 || _signals.IsToStop) return WorkEnd.Done;
        throw new OrnsteinException($"Slurm does not requeue job {task}: {answer.Trouble}; 'study resume' submits it again.");
    }
}
