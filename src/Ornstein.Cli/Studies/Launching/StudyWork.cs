using System.Diagnostics;
using Ornstein.Cli.CommandLine;
using Ornstein.Cli.Progress;
using Ornstein.Cli.Runs;
using Ornstein.Cli.Settings;
using Ornstein.Cli.Tables;
using Ornstein.Storage;

namespace Ornstein.Cli.Studies.Launching;

/// <summary>
/// Does the cells of one element, in order, each as an attempt in a folder of its own that becomes the cell's run folder when it has a result.
/// Started again, it goes on from the last checkpoint; a cell that failed is not tried again.
/// </summary>
internal sealed class StudyWork
{
    /// <summary>Ended by a warning without Slurm: start the element again.</summary>
    public const int StartAgain = 99;

    private readonly StudyFolder _folder;
    private readonly SubmissionStore _store;
    private readonly Submission _submission;
    private readonly int _element;
    private readonly StudyLedger _ledger;
    private readonly IRunProgress _progress;
    private readonly WorkSignals _signals;

    private StudyWork(StudyFolder folder, SubmissionStore store, Submission submission, int element, IRunProgress progress, WorkSignals signals)
    {
        (_folder, _store, _submission, _element, _progress, _signals) = (folder, store, submission, element, progress, signals);
        _ledger = store.LedgerOf(submission.Number, element);
    }

    /// <summary>Does an element.</summary>
    /// <param name="study">The study.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="number">The submission; null for the last.</param>
    /// <param name="element">The element.</param>
    /// <returns>The exit code: 0 where every cell has a result or an error of its own, or is another process's.</returns>
    public static int Do(StudyFile study, StudyFolder folder, int? number, int element)
    {
        using var signals = WorkSignals.Listen();
        using var progress = RunProgress.OnStandardError();
        var store = new SubmissionStore(folder.Path);
        var submission = store.Find(number);
        ElementCell[] asked = [.. store.CellsOf(submission.Number).Where(cell => cell.Element == element)];
        if (asked.Length == 0)
            throw UsageError.Because($"submission {submission.Number} has no element {element}; it has {submission.Elements}, from 0");
        StudyDifference.Refuse(study, submission, store, asked);
        var cells = study.Cells.ToDictionary(cell => cell.Hash, StringComparer.Ordinal);
        var work = new StudyWork(folder, store, submission, element, progress, signals);
        progress.Note($"element {element} of submission {submission.Number} on {AttemptRecord.ThisNode}, {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}");
        foreach (var cell in asked)
        {
            if (work.MustStop()) return work.End();
            if (!work.Do(cells[cell.Hash])) return work.End();
        }

        return ExitCodes.Success;
    }

    private bool MustStop() => _signals.Token.IsCancellationRequested || _store.IsCancelled(_submission.Number);

    // Requeues where there is time left to be had; a job that was told to stop, or that was cancelled, stays so.
    private int End()
    {
        if (!_signals.IsToGoOn || _store.IsCancelled(_submission.Number))
        {
            _progress.Note("stopped; what is done is kept");
            return _signals.IsToStop ? ExitCodes.Terminated : ExitCodes.Success;
        }

        if (Environment.GetEnvironmentVariable("SLURM_ARRAY_JOB_ID") is not { } job) return StartAgain;
        var task = $"{job}_{Environment.GetEnvironmentVariable("SLURM_ARRAY_TASK_ID")}";
        _progress.Note($"out of time; what is done is kept, and job {task} goes on later");
        var answer = SlurmProgram.Run("scontrol", "requeue", task);
        if (answer.Code == 0 || _signals.IsToStop) return ExitCodes.Success;
        throw new OrnsteinException($"Slurm does not requeue job {task}: {answer.Trouble}; 'study resume' submits it again.");
    }

    /// <summary>Does a cell; false where the element has to stop.</summary>
    private bool Do(StudyCell cell)
    {
        var place = _folder.Of(cell);
        if (CellPlace.IsDone(place)) return true;
        // Asked for again, it is in another submission.
        if (_ledger.Read().Any(entry => entry.Hash == cell.Hash && entry.Event == StudyEvent.Failed)) return true;
        var attempts = new CellAttempts(_folder.Path, cell.Hash);
        using var lease = CellLease.TryBegin(
            attempts, AttemptRecord.Of(_submission.Number, _element), IsEarlierStart, () => _store.IsCancelled(_submission.Number));
        if (lease is null)
        {
            _progress.Note($"{cell.Id}: {attempts.Last()?.Text ?? "another process"} is at work on it");
            return true;
        }

        if (!CellPlace.IsDone(place)) return Do(cell, attempts, lease);
        lease.EndWithResult();
        return true;
    }

    // The scheduler starts an element again where it holds the start before for dead: an orphan finds its lease lost.
    private bool IsEarlierStart(AttemptRecord other) => other.Submission == _submission.Number && other.Element == _element;

    private bool Do(StudyCell cell, CellAttempts attempts, CellLease lease)
    {
        var clock = Stopwatch.StartNew();
        void Tell(StudyEvent what, double? seconds, string? reason) =>
            _ledger.Append(new StudyEntry(DateTimeOffset.Now, what, cell.Name, cell.Hash, seconds, reason));
        bool Stop(string reason)
        {
            var (mine, seconds) = (lease.IsMine, clock.Elapsed.TotalSeconds);
            lease.End(AttemptStage.Stopped, reason);
            _progress.Note($"{cell.Id}: {(mine ? reason : "another attempt took it over")}");
            if (mine) Tell(StudyEvent.Interrupted, seconds, null);
            return false;
        }

        Tell(StudyEvent.Started, null, null);
        try
        {
            _progress.Note($"{cell.Id}: attempt {lease.Number}");
            CellPlace.Prepare(attempts, lease.Number, _folder.Of(cell));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_signals.Token, lease.Lost);
            var outcome = CellRun.Complete(cell, lease.Folder, _progress, stop.Token);
            if (outcome.Result is not { } result) return Stop($"stopped {outcome.Stopped}, with a checkpoint");
            if (!lease.IsMine) return Stop("another attempt took it over");
            var useless = StudyCellState.WhyUseless(result);
            if (CellPlace.Publish(lease.Folder, _folder.Of(cell), attempts))
                Tell(useless is null ? StudyEvent.Finished : StudyEvent.Failed, clock.Elapsed.TotalSeconds, useless);
            lease.EndWithResult();
            _progress.Note($"{cell.Id}: {useless ?? PhaseWords.Critical(result)}");
            return true;
        }
        catch (OperationCanceledException) when (_signals.Token.IsCancellationRequested || lease.Lost.IsCancellationRequested)
        {
            return Stop("stopped before its training");
        }
        catch (Exception error)
        {
            var reason = Application.Explain(error).Message.ReplaceLineEndings(" ");
            if (!lease.IsMine) return Stop(reason);
            if (IsOfTheMachine(error))
            {
                // Of a full disk the next cell would die as well; nothing is wrong with the cell.
                Stop(reason);
                throw;
            }

            lease.End(AttemptStage.Failed, reason);
            Tell(StudyEvent.Failed, clock.Elapsed.TotalSeconds, reason);
            _progress.Note($"{cell.Id} failed: {reason}");
            return true;
        }
    }

    private static bool IsOfTheMachine(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is OutOfMemoryException || (at is IOException && FileTrouble.IsDiskFull(at.HResult))) return true;
        }

        return false;
    }
}
