using System.Diagnostics;

namespace Ornstein.Studies.Attempts;

/// <summary>Waits to learn whether the process that has a cell lives: one that shows that it does keeps it, one that stays silent loses it.</summary>
/// <param name="study">Folder of the study.</param>
/// <param name="stop">Ends the waiting.</param>
internal sealed class AttemptWatch(string study, CancellationToken stop)
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);

    /// <summary>Waits for news of the attempt that has a cell: its name where it lives, null where it ended or is silent for too long.</summary>
    /// <param name="hash">The cell.</param>
    /// <param name="seen">What was last known of the attempt; null for nothing.</param>
    public string? SignOfLife(string hash, LastAttempt? seen)
    {
        var (attempts, clock) = (new CellAttempts(study, hash), Stopwatch.StartNew());
        for (; !stop.IsCancellationRequested; stop.WaitHandle.WaitOne(_look))
        {
            try
            {
                if (attempts.Last() is not { } now || !attempts.IsAlive(now)) return null;
                if (seen is not null && (now.Number != seen.Number || now.LastSign != seen.LastSign)) return now.Text;
                seen = now;
                // By the clock of this process, whatever those of files say: nobody waits for a clock that was set back.
                if (clock.Elapsed <= AttemptRecord.Patience) continue;
                _silent.Add(now.Record.Token);
                return null;
            }
            catch (OrnsteinException) when (clock.Elapsed <= AttemptRecord.Patience)
            {
                // A server that does not answer says nothing about the process.
            }
        }

        return null;
    }

    /// <summary>Whether an attempt gave no sign of life for as long as one has to.</summary>
    public bool IsSilent(AttemptRecord attempt) => _silent.Contains(attempt.Token);
}
