using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Ornstein.Kill.Hands;

/// <summary>
/// The clocks of the machines and of their server, in a file that every process maps (hands.c): all run so many times faster than time passes, and each is off by some
/// time that may change at any moment.
/// </summary>
internal sealed class Clocks : IDisposable
{
    // Places in the file, as struct control has them.
    private const int RateAt = 0, RealAt = 8, MonoAt = 16, OffsetsAt = 24, Machines = 16, CountAt = OffsetsAt + (8 * Machines), JumpsAt = CountAt + 8, Jumps = 64, SleptAt = JumpsAt + (16 * Jumps);
    private const long NanosecondsPerTick = 100;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly double _rate;
    private readonly long _began = Stopwatch.GetTimestamp();
    private TimeSpan _jumped;

    /// <param name="path">The file, which is made anew.</param>
    /// <param name="rate">How many times faster.</param>
    /// <param name="server">How far the server's clock is off.</param>
    /// <param name="machines">How far those of the machines are.</param>
    public Clocks(string path, double rate, TimeSpan server, IReadOnlyList<TimeSpan> machines)
    {
        const int size = SleptAt + 8;
        File.WriteAllBytes(path, new byte[size]);
        (_rate, _file) = (rate, MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, size));
        _view = _file.CreateViewAccessor();
        _view.Write(RealAt, (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsPerTick);
        _view.Write(MonoAt, Monotonic);
        _view.Write(RateAt, rate);
        AddJump(0, server);
        for (var i = 0; i < machines.Count; i++) Put(i + 1, machines[i]);
    }

    /// <summary>Nanoseconds of the clock that the processes' logs have.</summary>
    public static long Monotonic => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>How long it has been, by the server's clock.</summary>
    public TimeSpan Passed => (Stopwatch.GetElapsedTime(_began) * _rate) + _jumped;

    /// <summary>Moves the clock of a machine; of number 0, the server.</summary>
    public void Jump(int machine, TimeSpan by)
    {
        if (machine > 0)
        {
            Put(machine, by + TimeSpan.FromTicks(_view.ReadInt64(OffsetsAt + (8 * machine)) / NanosecondsPerTick));
            return;
        }

        if (by > TimeSpan.Zero) _jumped += by;
        AddJump((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * NanosecondsPerTick, by);
    }

    /// <summary>Everything stands still for so long, the server too, and all clocks go on.</summary>
    public void Sleep(TimeSpan by)
    {
        // Files get the time of their server.
        Jump(0, by);
        _view.Write(SleptAt, _view.ReadInt64(SleptAt) + (by.Ticks * NanosecondsPerTick));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void Put(int machine, TimeSpan offset) => _view.Write(OffsetsAt + (8 * machine), offset.Ticks * NanosecondsPerTick);

    private void AddJump(long at, TimeSpan by)
    {
        var count = _view.ReadInt64(CountAt);
        if (count == Jumps) return;
        _view.Write(JumpsAt + (16 * count), at);
        _view.Write(JumpsAt + (16 * count) + 8, by.Ticks * NanosecondsPerTick);
        Thread.MemoryBarrier();
        _view.Write(CountAt, count + 1);
    }
}
