using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>
/// The right of this process to work on a cell. It gives a sign of life every so often, and is lost when another process began the next attempt.
/// </summary>
internal sealed class CellLease : IDisposable
{
    private readonly Lock _writing = new();
    private readonly CellAttempts _attempts;
    private readonly int _number;
    private readonly AttemptRecord _record;
    private readonly Func<bool> _mustStop;
    private readonly CancellationTokenSource _lost = new();
    private readonly Timer _timer;
    private bool _ended;

    private CellLease(CellAttempts attempts, int number, AttemptRecord record, Func<bool> mustStop)
    {
        (_attempts, _number, _record, _mustStop) = (attempts, number, record, mustStop);
        _timer = new Timer(_ => Beat(), null, AttemptRecord.Beat, AttemptRecord.Beat);
    }

    /// <summary>The run folder of this attempt.</summary>
    public RunFolder Folder => _attempts.FolderOf(_number);

    public int Number => _number;

    /// <summary>Cancelled when another attempt took the cell over, or when the work has to stop.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether no other attempt has begun since, as far as is known: where a server does not answer, nothing says that one has.</summary>
    public bool IsMine => Holds() ?? true;

    private bool IsLast => !FilePresence.IsAt(_attempts.RecordOf(_number + 1));

    /// <summary>Begins an attempt; null where another process is at work on the cell, or began one at the same moment.</summary>
    /// <param name="attempts">The attempts at the cell.</param>
    /// <param name="record">What this attempt writes of itself.</param>
    /// <param name="isDead">Whether a last attempt that gives signs of life is known to be none: such as one that its scheduler started anew.</param>
    /// <param name="mustStop">Asked at every sign of life; true ends the work.</param>
    public static CellLease? TryBegin(CellAttempts attempts, AttemptRecord record, Func<AttemptRecord, bool> isDead, Func<bool>? mustStop = null)
    {
        var last = attempts.Last();
        if (last is not null && !isDead(last.Record) && attempts.IsAlive(last)) return null;
        // The number after the one that was looked at: whoever looked at the same moment wants the same file.
        var number = (last?.Number ?? 0) + 1;
        return ExclusiveFile.TryCreate(attempts.RecordOf(number), record.Json()) ? new CellLease(attempts, number, record, mustStop ?? (() => false)) : null;
    }

    /// <summary>Ends the attempt without a result; what it trained stays for the next.</summary>
    public void End(AttemptStage stage, string? reason)
    {
        lock (_writing)
        {
            _ended = true;
            if (!IsMine) return;
            var (path, text) = (_attempts.RecordOf(_number), (_record with { Stage = stage, Reason = reason }).Json());
            try
            {
                AtomicFile.WriteText(path, text);
            }
            catch (OrnsteinException)
            {
                // A full disk may still take it in the old record's place, and a damaged record ends the attempt too. Else the silence of this process says it.
                ExclusiveFile.Try(() => File.WriteAllText(path, text));
            }
        }
    }

    /// <summary>Ends the attempt and removes everything of the attempts at this cell: it has a result.</summary>
    public void EndWithResult()
    {
        lock (_writing)
        {
            _ended = true;
            _attempts.Clear();
        }
    }

    /// <summary>
    /// Ends the attempt with a result that is of no use. Its record stays, so that a retry gets a higher number: the run folder of a lower one may be that of a process that
    /// sleeps, and wakes during the retry.
    /// </summary>
    public void EndWithoutModel(string reason)
    {
        End(AttemptStage.Failed, reason);
        if (IsMine) _attempts.ClearBefore(_number);
    }

    // Null where it cannot be told.
    private bool? Holds()
    {
        try
        {
            return IsLast && AttemptRecord.Read(_attempts.RecordOf(_number))?.Token == _record.Token;
        }
        catch (OrnsteinException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing) _ended = true;
        // Not the source: a sign of life that is on its way may still cancel it.
    }

    /// <summary>Gives a sign of life, or finds that it has lost the cell.</summary>
    internal void Beat()
    {
        lock (_writing)
        {
            if (_ended) return;
            try
            {
                if (Holds() is not { } holds) return; // the next beat looks again
                if (holds && !_mustStop()) AtomicFile.WriteText(_attempts.RecordOf(_number), _record.Json());
                else _lost.Cancel();
            }
            catch (Exception error) when (error is OrnsteinException || FileTrouble.IsTrouble(error))
            {
                // A full disk, or a server that does not answer: the next beat tries again.
            }
        }
    }
}
