using System.Globalization;

namespace Ornstein.Kill.Hands;

/// <summary>The library that gives a process a machine, a clock and a network file system of its own (hands.c).</summary>
/// <param name="path">Where it is.</param>
/// <param name="folder">The folder that lies on the server.</param>
internal sealed class HandsLibrary(string path, string folder)
{
    /// <summary>Environment variables under which a process has them.</summary>
    /// <param name="weather">How they are.</param>
    /// <param name="control">The file of the clocks.</param>
    /// <param name="machine">Its machine, from 1.</param>
    /// <param name="log">A file for what it writes.</param>
    public Dictionary<string, string> Variables(Weather weather, string control, int machine, string log) => new()
    {
        ["LD_PRELOAD"] = path,
        ["HANDS_FOLDER"] = folder,
        ["HANDS_CONTROL"] = control,
        ["HANDS_MACHINE"] = Text(machine),
        ["HANDS_LOG"] = log,
        ["HANDS_LOCKS"] = weather.Locks.ToString().ToLowerInvariant(),
        ["HANDS_DELAY"] = Text((long)weather.Delay.TotalMicroseconds),
        ["HANDS_STALE"] = Text((long)weather.Stale.TotalMilliseconds),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
