using System.Diagnostics;
using Ornstein.Experiments.Progress;
using Ornstein.Experiments.Tables;
using Ornstein.Experiments.Text;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>How a process fared with a cell.</summary>
internal enum CellOutcome
{
    /// <summary>The cell has a result.</summary>
    Finished,

    /// <summary>It failed by itself; the ledger says why.</summary>
    Failed,

    /// <summary>The process has to stop; what it trained is kept.</summary>
    Stopped,

    /// <summary>Another process is at work on it, or took it over.</summary>
    Taken,
}

/// <summary>
/// Does cells for <c>study run</c> or for an element: each as an attempt in a folder of its own, which goes on from the furthest checkpoint there is
/// and becomes the cell's run folder, by a single renaming, when it has a result. So a process that was thought dead and wakes harms nothing.
/// </summary>
/// <param name="file">The study.</param>
/// <param name="study">Its folder.</param>
/// <param name="ledger">Where it says what it did.</param>
/// <param name="submission">Number of the submission; 0 for <c>study run</c>.</param>
/// <param name="element">Number of the element.</param>
/// <param name="isDead">Whether another attempt that gives signs of life is known to be none.</param>
/// <param name="mustStop">Asked at every sign of life; true ends the work.</param>
/// <param name="stop">Ends the work with a checkpoint.</param>
internal sealed class CellWorker(
    StudyFile file, StudyFolder study, StudyLedger ledger, int submission, int element, Func<AttemptRecord, bool> isDead, Func<bool> mustStop, CancellationToken stop)
{
    /// <summary>Does what is left of a cell.</summary>
    /// <exception cref="OrnsteinException">What the machine is to blame for, such as a full disk: the cell has no outcome.</exception>
    public CellOutcome Do(StudyCell cell, IRunProgress progress)
    {
        var (place, attempts) = (study.Of(cell), new CellAttempts(study.Path, cell.Hash));
        if (attempts.Last() is null && CellPlace.IsDone(place))
        {
            // What a process left that died while it removed the attempts.
            CellPlace.Tidy(attempts, place);
            attempts.RemoveTrash();
            attempts.RemoveIfEmpty();
            return CellOutcome.Finished;
        }

        using var lease = CellLease.TryBegin(attempts, AttemptRecord.Of(submission, element), isDead, mustStop);
        if (lease is null)
        {
            progress.Note($"{cell.Id}: {attempts.Last()?.Text ?? "another process"} is at work on it");
            return CellOutcome.Taken;
        }

        CellPlace.Tidy(attempts, place);
        if (!CellPlace.IsDone(place)) return Train(cell, attempts, lease, progress);
        // Its process died before it could say so, or right after that.
        TellFinished(cell);
        lease.EndWithResult();
        CellPlace.Tidy(attempts, place);
        return CellOutcome.Finished;
    }

    private CellOutcome Train(StudyCell cell, CellAttempts attempts, CellLease lease, IRunProgress progress)
    {
        var clock = Stopwatch.StartNew();
        CellOutcome Stop(string reason)
        {
            var (mine, seconds) = (lease.IsMine, clock.Elapsed.TotalSeconds);
            lease.End(AttemptStage.Stopped, reason);
            progress.Note($"{cell.Id}: {(mine ? reason : "another attempt took it over")}");
            if (mine) Tell(cell, StudyEvent.Interrupted, seconds);
            // What it wrote after the cell's attempts were removed.
            else if (attempts.Last() is null && CellPlace.IsDone(study.Of(cell))) attempts.Clear();
            return mine ? CellOutcome.Stopped : CellOutcome.Taken;
        }

        Tell(cell, StudyEvent.Started);
        try
        {
            if (lease.Number > 1) progress.Note($"{cell.Id}: attempt {lease.Number}");
            CellPlace.Prepare(attempts, lease.Number, study.Of(cell));
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lease.Lost);
            var outcome = CellRun.Complete(cell, lease.Folder, data => StudyData.RequireSame(file, study, cell, data), progress, end.Token);
            if (outcome.Result is not { } result) return Stop($"stopped {outcome.Stopped}, with a checkpoint");
            if (!lease.IsMine) return Stop("another attempt took it over");
            var useless = CellResult.WhyUseless(result);
            if (CellPlace.Publish(lease.Folder, study.Of(cell), attempts))
            {
                Tell(cell, useless is null ? StudyEvent.Finished : StudyEvent.Failed, clock.Elapsed.TotalSeconds, useless);
            }
            else
            {
                // A result of use is there, whatever this one is; who published it may have died before it could say so.
                useless = null;
                TellFinished(cell);
            }

            if (useless is null) lease.EndWithResult();
            else lease.EndWithoutModel(useless);
            CellPlace.Tidy(attempts, study.Of(cell));
            if (useless is null && !CellPlace.IsDone(study.Of(cell))) return CellOutcome.Taken; // moved aside by another that publishes now, or died meanwhile
            if (useless is not null) progress.Warn($"{cell.Id}: failed: {useless}");
            else progress.Note($"{cell.Id}: {(PhaseWords.AsksForCritical(result) ? PhaseWords.Critical(result) : "finished")}");
            return useless is null ? CellOutcome.Finished : CellOutcome.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || lease.Lost.IsCancellationRequested)
        {
            return Stop("stopped before its training");
        }
        catch (Exception error)
        {
            // Its line says whether it is a defect.
            var reason = FailureText.Of(error).ReplaceLineEndings(" ");
            if (!lease.IsMine) return Stop(reason);
            if (IsOfTheMachine(error) || FolderLock.IsLost(study.Path))
            {
                // Of a full disk the next cell would die as well, and a study that another process took over is that one's: nothing is wrong with the cell.
                Stop(reason);
                throw;
            }

            lease.End(AttemptStage.Failed, reason);
            Tell(cell, StudyEvent.Failed, clock.Elapsed.TotalSeconds, reason);
            progress.Warn($"{cell.Id} failed: {reason}");
            return CellOutcome.Failed;
        }
    }

    private void TellFinished(StudyCell cell)
    {
        if (ledger.Read().LastOrDefault(entry => entry.Hash == cell.Hash)?.Event != StudyEvent.Finished) Tell(cell, StudyEvent.Finished);
    }

    private void Tell(StudyCell cell, StudyEvent what, double? seconds = null, string? reason = null) =>
        ledger.Append(new StudyEntry(DateTimeOffset.Now, what, cell.Name, cell.Hash, seconds, reason));

    /// <summary>
    /// Whether an error would meet any other cell on this machine: a disk that is full or does not answer, a native library that does not load. A file
    /// that is missing, or one that is not to be read, is the cell's.
    /// </summary>
    internal static bool IsOfTheMachine(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is DllNotFoundException or BadImageFormatException or TypeInitializationException) return true;
            if (at is IOException and not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException or EndOfStreamException)) return true;
        }

        return false;
    }
}
