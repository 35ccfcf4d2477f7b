using System.Globalization;

namespace Ornstein.Kill;

/// <summary>
/// A small library that is loaded before the C library: it counts the calls that write below a folder, and makes one of them fail (faults.c). It is compiled here, and
/// there is none where there is no C compiler.
/// </summary>
internal sealed class FaultLibrary
{
    private readonly string _path;
    private readonly string _report;

    private FaultLibrary(string path) => (_path, _report) = (path, Path.ChangeExtension(path, ".report"));

    /// <summary>Compiles it into a folder; null where that cannot be.</summary>
    public static FaultLibrary? Build(string folder) => PreloadedLibrary.Build(folder, "faults") is { } path ? new FaultLibrary(path) : null;

    /// <summary>Environment variables under which a process fails so.</summary>
    /// <param name="folder">Calls on paths below it count.</param>
    /// <param name="word">eio, dead, kill or full; empty to count only.</param>
    /// <param name="at">At which call or byte.</param>
    public Dictionary<string, string> Variables(string folder, string word, long at)
    {
        File.Delete(_report);
        return new()
        {
            ["LD_PRELOAD"] = _path,
            ["FAULTS_FOLDER"] = folder,
            ["FAULTS_DO"] = word,
            ["FAULTS_AT"] = at.ToString(CultureInfo.InvariantCulture),
            ["FAULTS_REPORT"] = _report,
        };
    }

    /// <summary>What the last process did: calls, bytes, and whether it was struck.</summary>
    public (long Calls, long Bytes, bool Struck) Report()
    {
        if (!File.Exists(_report)) return (0, 0, false);
        long[] numbers = [.. File.ReadAllText(_report).Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1], numbers[2] > 0);
    }
}
