using System.Globalization;

namespace Ornstein.Bench.Compare;

/// <summary>
/// Tells whether other programs took processor time while a turn was measured, so that it can be taken again. On Linux, from /proc; elsewhere
/// every turn counts as quiet.
/// </summary>
internal sealed class Quiet
{
    // Of the turn's processor time: beyond it, threads that wait for each other lose far more than was taken.
    private const double MostForeign = 0.03;

    // Clock ticks that are no more than how the counters are rounded.
    private const long Rounding = 3;

    private static readonly bool _isKnown = File.Exists("/proc/stat");

    private long _all, _own, _idle;

    /// <summary>Before a turn.</summary>
    public void Begin() => (_all, _own, _idle) = _isKnown ? Read() : default;

    /// <summary>After it: whether it had the machine to itself.</summary>
    public bool Was()
    {
        if (!_isKnown) return true;
        var (all, own, idle) = Read();
        var (foreign, total) = (all - _all - (own - _own), all - _all + idle - _idle);
        return foreign <= Rounding + (MostForeign * total);
    }

    // Ticks since the start of the machine: of all that ran, of this process and its children, and of nothing.
    private static (long All, long Own, long Idle) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var idle = ticks[3] + ticks[4];
        return (ticks.Sum() - idle, Own(), idle);
    }

    private static long Own()
    {
        var sum = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var id)) continue;
            try
            {
                // After the name in parentheses: state, parent, ..., user and system ticks.
                var text = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                if (id != Environment.ProcessId && int.Parse(fields[1]) != Environment.ProcessId) continue;
                sum += long.Parse(fields[11]) + long.Parse(fields[12]);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return sum;
    }
}
