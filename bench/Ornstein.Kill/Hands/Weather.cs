using Ornstein.Studies.Attempts;

namespace Ornstein.Kill.Hands;

/// <summary>Whom a lock holds back.</summary>
internal enum Locks
{
    /// <summary>Everybody.</summary>
    Kept,

    /// <summary>Processes of the same machine.</summary>
    Machine,

    /// <summary>Nobody.</summary>
    None,
}

/// <summary>What happens to a process.</summary>
internal enum Blow
{
    /// <summary>It is suspended for longer than its lease, and goes on.</summary>
    Stop,

    /// <summary>SIGKILL.</summary>
    Kill,

    /// <summary>The clock of its machine jumps.</summary>
    Jump,

    /// <summary>The clock of the server jumps.</summary>
    ServerJump,

    /// <summary>Everything stands still for hours, as machines that sleep do, and wakes at one moment: every sign of life is old then.</summary>
    Night,
}

/// <summary>What disturbs the processes of a case.</summary>
/// <param name="Rate">How many times faster time passes for them.</param>
/// <param name="Server">How far the server's clock is off.</param>
/// <param name="Machines">How far the clock of each machine is.</param>
/// <param name="Locks">Whom a lock holds back.</param>
/// <param name="Delay">How long a call to the server takes at most.</param>
/// <param name="Stale">For how long, by its own clock, a machine may see what it once saw.</param>
/// <param name="Blows">What happens while they work, one after another.</param>
/// <param name="Pause">Between two of them, on average.</param>
internal sealed record Weather(
    double Rate, TimeSpan Server, TimeSpan[] Machines, Locks Locks, TimeSpan Delay, TimeSpan Stale, IReadOnlyList<(Blow Blow, double Dice, double Size)> Blows, TimeSpan Pause)
{
    private const int MostMachines = 4;
    private const int MostBlows = 16;

    private static readonly double[] _rates = [20, 60, 100];
    private static readonly TimeSpan[] _offsets =
        [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(-2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(-5), TimeSpan.FromDays(1), TimeSpan.FromDays(-7)];

    private static readonly TimeSpan[] _delays = [TimeSpan.Zero, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20)];

    // Of a network file system that keeps the attributes of files for as long as it does where nobody says otherwise.
    private static readonly TimeSpan[] _stales = [TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)];

    /// <summary>Nothing.</summary>
    public static Weather Calm { get; } = new(1, TimeSpan.Zero, [TimeSpan.Zero], Locks.Kept, TimeSpan.Zero, TimeSpan.Zero, [], TimeSpan.Zero);

    /// <summary>Some of everything.</summary>
    /// <param name="random">Draws it.</param>
    /// <param name="locks">Whom a lock holds back; null to draw that too.</param>
    /// <param name="count">How many machines there are; null to draw that too.</param>
    public static Weather Draw(Random random, Locks? locks = null, int? count = null)
    {
        T Any<T>(T[] all) => all[random.Next(all.Length)];
        var machines = Enumerable.Range(0, count ?? random.Next(1, MostMachines + 1)).Select(_ => Any(_offsets)).ToArray();
        return new(
            Any(_rates), Any(_offsets), machines, locks ?? Any(Enum.GetValues<Locks>()), Any(_delays), Any(_stales),
            [.. Enumerable.Range(0, random.Next(MostBlows + 1)).Select(_ => (Any(Enum.GetValues<Blow>()), random.NextDouble(), random.NextDouble()))],
            TimeSpan.FromSeconds(0.2 + random.NextDouble()));
    }

    /// <summary>How long a process is suspended, as time passes outside.</summary>
    public TimeSpan Suspended(double size) => AttemptRecord.Patience * (1.1 + (2 * size)) / Rate;

    /// <summary>How long everything stands still: 4 to 12 hours.</summary>
    public static TimeSpan Slept(double size) => TimeSpan.FromHours(4 + (8 * size));

    /// <summary>How far a clock jumps: minutes, sometimes a day, and back.</summary>
    public static TimeSpan Jumped(double size) => (size < 0.5 ? -1 : 1) * TimeSpan.FromMinutes(Math.Exp(8 * Math.Abs((2 * size) - 1)) / 2);

    public string Text =>
        $"{Rate:0} times faster, server {Server}, machines {string.Join(' ', Machines)}, locks {Locks.ToString().ToLowerInvariant()}, delay {Delay.TotalMilliseconds} ms, stale {Stale.TotalSeconds} s, {Blows.Count} blows";
}
