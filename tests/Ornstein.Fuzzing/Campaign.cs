using System.Diagnostics;

namespace Ornstein.Fuzzing;

/// <summary>A broken contract, with the first input that showed it.</summary>
/// <param name="Case">The input.</param>
/// <param name="Input">Its bytes.</param>
/// <param name="What">What was broken.</param>
internal sealed record Fault(FuzzCase Case, byte[] Input, string What);

/// <summary>What a parser came to over many inputs.</summary>
internal sealed class Tally(FuzzTarget target)
{
    private readonly Dictionary<string, (Fault First, long Count)> _faults = new(StringComparer.Ordinal);

    public FuzzTarget Target => target;

    public long Inputs { get; private set; }

    public long Read { get; private set; }

    public long Refused { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Time in the parser, seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>The longest that one input took, and its number.</summary>
    public (TimeSpan Elapsed, long Index) Slowest { get; private set; }

    /// <summary>The largest share of the allowed memory that one input took, and its number.</summary>
    public (double Share, long Index) Heaviest { get; private set; }

    /// <summary>The most bytes allocated for one input.</summary>
    public long MostAllocated { get; private set; }

    /// <summary>Faults, one of each kind, and how many inputs showed it.</summary>
    public IEnumerable<(Fault First, long Count)> Faults => _faults.Values;

    public void Add(FuzzCase @case, byte[] input, in Outcome reading)
    {
        Inputs++;
        Bytes += input.Length;
        Seconds += reading.Elapsed.TotalSeconds;
        if (reading.Elapsed > Slowest.Elapsed) Slowest = (reading.Elapsed, @case.Index);
        var share = (double)reading.Allocated / target.Memory.For(input.Length);
        if (share > Heaviest.Share) Heaviest = (share, @case.Index);
        MostAllocated = Math.Max(MostAllocated, reading.Allocated);
        if (reading.Fault is null)
        {
            if (reading.WasRead) Read++;
            else Refused++;
            return;
        }

        var (first, count) = _faults.GetValueOrDefault(reading.Kind!, (new Fault(@case, input, reading.Fault), 0));
        _faults[reading.Kind!] = (first, count + 1);
    }
}

/// <summary>Feeds a parser one input after another, on a thread of its own, so that one that never returns is noticed.</summary>
internal sealed class Campaign(FuzzTarget target, long seed)
{
    /// <summary>After this long an input counts as one that hangs.</summary>
    public static TimeSpan Hang { get; } = TimeSpan.FromSeconds(60);

    private long _at, _began;

    /// <summary>Feeds it.</summary>
    /// <param name="tally">Takes what it comes to.</param>
    /// <param name="first">Number of the first input.</param>
    /// <param name="count">Number of inputs.</param>
    /// <param name="until">When to stop all the same, as <see cref="Stopwatch.GetTimestamp"/> counts; null for never.</param>
    /// <returns>The input that hangs, whose thread is left behind; null for none.</returns>
    public FuzzCase? Run(Tally tally, long first, long count, long? until = null)
    {
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
        var thread = new Thread(() => Feed(tally, first, count, until)) { IsBackground = true };
        thread.Start();
        while (!thread.Join(500))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _began)) > Hang) return new FuzzCase(target, seed, Volatile.Read(ref _at));
        }

        return null;
    }

    private void Feed(Tally tally, long first, long count, long? until)
    {
        using var folder = new FuzzFolder();
        WarmUp(folder, first, count);
        for (var index = first; index < first + count && (until is null || Stopwatch.GetTimestamp() < until); index++)
        {
            var @case = new FuzzCase(target, seed, index);
            Volatile.Write(ref _at, index);
            Volatile.Write(ref _began, Stopwatch.GetTimestamp());
            var input = @case.Make();
            tally.Add(@case, input, Contract.Check(target, folder, input));
        }
    }

    // What .NET makes at the first call of everything belongs to no input.
    private void WarmUp(FuzzFolder folder, long first, long count)
    {
        for (var index = first; index < first + Math.Min(count, 20); index++)
        {
            try
            {
                target.Read(folder, new FuzzCase(target, seed, index).Make());
            }
#pragma warning disable CA1031 // It is read again, and then counts.
            catch (Exception)
#pragma warning restore CA1031
            {
                // As it is.
            }
        }
    }
}
