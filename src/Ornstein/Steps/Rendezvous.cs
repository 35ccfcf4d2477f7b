namespace Ornstein.Steps;

/// <summary>
/// Where threads that work on one member wait for each other between the phases of its step, awake: a step may have dozens of
/// them. Each waits in a turn of <see cref="WorkerThreads.Run"/> of its own.
/// </summary>
internal sealed class Rendezvous
{
    private int _threads = 1, _arrived, _phase, _next;
    private Exception? _problem;

    /// <summary>Begins anew.</summary>
    /// <param name="threads">How many meet.</param>
    public void Begin(int threads) => (_threads, _arrived, _next, _problem) = (threads, 0, 0, null);

    /// <summary>Waits until all have come here; pieces are counted from 0 again then.</summary>
    /// <exception cref="OperationCanceledException">Another thread has failed.</exception>
    public void Wait()
    {
        var phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == _threads)
        {
            (_arrived, _next) = (0, 0);
            Volatile.Write(ref _phase, phase + 1);
            return;
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _phase) == phase)
        {
            if (Volatile.Read(ref _problem) is { } problem) throw new OperationCanceledException(problem.Message, problem);
            wait.SpinOnce(sleep1Threshold: -1); // yields to other programs
        }
    }

    /// <summary>The next piece of the work of a phase, from 0, for whoever asks.</summary>
    public int Take() => Interlocked.Increment(ref _next) - 1;

    /// <summary>Lets the others go, who would wait for ever.</summary>
    /// <param name="problem">Why; the first one is kept.</param>
    public void Break(Exception problem) => Interlocked.CompareExchange(ref _problem, problem, null);
}
