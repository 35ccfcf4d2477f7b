namespace Ornstein.Steps;

/// <summary>
/// A few threads that share numbered pieces of work with the caller. They wait for it briefly awake, then asleep: a step hands out work
/// every few hundred microseconds, and waking a thread takes a good part of that.
/// </summary>
internal sealed class WorkerThreads : IDisposable
{
    // Turns of SpinWait before a thread sleeps; it yields to other programs meanwhile.
    private const int Spins = 400;

    private readonly ManualResetEventSlim[] _starts;
    private readonly ManualResetEventSlim _end = new(false, Spins);
    private Action<int, int> _work = static (_, _) => { };
    private Exception? _problem;
    private int _count, _next, _busy;
    private bool _disposed;

    /// <summary>A team of <paramref name="threads"/> threads, the caller's among them.</summary>
    public WorkerThreads(int threads)
    {
        Count = threads;
        _starts = [.. Enumerable.Range(1, threads - 1).Select(_ => new ManualResetEventSlim(false, Spins))];
        for (var i = 0; i < _starts.Length; i++)
        {
            var thread = i + 1;
            new Thread(() => Wait(thread)) { IsBackground = true, Name = $"Ornstein worker {thread}" }.Start();
        }
    }

    /// <summary>Threads of the team.</summary>
    public int Count { get; }

    /// <summary>Calls work(thread, piece) for pieces 0 to <paramref name="count"/> - 1, each once; returns when all are done.</summary>
    /// <exception cref="AggregateException">A piece failed on another thread.</exception>
    public void Run(int count, Action<int, int> work)
    {
        if (Count == 1 || count == 1)
        {
            for (var i = 0; i < count; i++) work(0, i);
            return;
        }

        (_work, _count, _next, _busy, _problem) = (work, count, -1, Count, null);
        _end.Reset();
        foreach (var start in _starts) start.Set();
        Share(0);
        _end.Wait();
        if (_problem is not null) throw new AggregateException(_problem);
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var start in _starts) start.Set();
    }

    private void Wait(int thread)
    {
        while (true)
        {
            _starts[thread - 1].Wait();
            _starts[thread - 1].Reset();
            if (_disposed) return;
            Share(thread);
        }
    }

    private void Share(int thread)
    {
        try
        {
            for (var i = Interlocked.Increment(ref _next); i < _count; i = Interlocked.Increment(ref _next)) _work(thread, i);
        }
#pragma warning disable CA1031 // Any failure must reach the caller, and a thread that never reports would hang it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _problem ??= problem; // what others say then comes of it
        }

        if (Interlocked.Decrement(ref _busy) == 0) _end.Set();
    }
}
