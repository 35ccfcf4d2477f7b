namespace Ornstein.Kill;

/// <summary>What a process that was struck may do: end at once, or end with one clear line.</summary>
internal static class Judge
{
    private const string Begin = "ornstein: ";

    /// <summary>What is wrong with how it ended, in a line; null where nothing is.</summary>
    public static string? Fault(Way way, Ending ending)
    {
        if (ending.Hung) return $"no end within {Child.Longest.TotalSeconds} s";
        string[] lines = ending.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] said = [.. lines.Where(line => line.StartsWith(Begin, StringComparison.Ordinal))];
        // Where there is no memory to go on, the runtime ends the process by itself, and says so in its own words.
        var byRuntime = Ways.IsMemory(way) && ending.Code != 1;
        if (Defect(ending, byRuntime) is { } defect) return defect;
        if (ending.Code == 0 || byRuntime || Ways.SignalCodes(way).Contains(ending.Code)) return null;
        if (ending.Code != 1) return $"exit code {ending.Code}: {lines.LastOrDefault()}";
        if (said.Length != 1) return $"{said.Length} lines that say what is wrong, not one: {string.Join(" | ", lines.TakeLast(3))}";
        if (Ways.SignalCodes(way).Length > 0) return $"exit code 1: {said[0]}";
        return said[0] == lines[^1] ? null : $"the line that says what is wrong is not the last: {lines[^1]}";
    }

    /// <summary>What no process may say: a stack trace, or that it has a defect; in a line, or null where it does not.</summary>
    /// <param name="ending">How it ended.</param>
    /// <param name="byRuntime">Whether the runtime ended it, in words of its own.</param>
    public static string? Defect(Ending ending, bool byRuntime = false)
    {
        string[] lines = ending.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (!byRuntime && lines.Any(line => line.StartsWith("   at ", StringComparison.Ordinal))) return $"a stack trace, after: {lines[0]}";
        return lines.FirstOrDefault(line => line.StartsWith(Begin, StringComparison.Ordinal) && line.Contains("this is a defect", StringComparison.Ordinal));
    }
}
