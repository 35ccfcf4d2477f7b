using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ornstein.Storage;

/// <summary>Tells a process of this machine from another that gets its number later.</summary>
internal static class ProcessMark
{
    // On systems that say no more than that there is a process of this number.
    private const string Unknown = "-";
    private const int IdLetters = 8;
    private const int Parts = 3;

    // Fields of /proc/N/stat after the name in brackets: the state, and when it started.
    private const int State = 0, Started = 19;

    // Names the container, as its processes' numbers are its own: the last part of a mark. Another container may have the name of this machine.
    private static readonly Lazy<string> _numbers = new(() =>
    {
        try
        {
            return File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false) is { } link ? Path.GetFileName(link.FullName) : Unknown;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return Unknown;
        }
    });

    private static readonly Lazy<string> _boot = new(() =>
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return Unknown;
        }
    });

    /// <summary>
    /// The name of this machine, with letters that tell it from another of the same name: of its <c>machine-id</c>, or where it has none, of its start.
    /// </summary>
    public static string Machine { get; } = $"{Environment.MachineName}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(MachineId())))[..IdLetters]}";

    /// <summary>The name alone, as people know it.</summary>
    public static string NameOf(string machine) => machine.Split('/')[0];

    /// <summary>The mark of this process.</summary>
    public static string Own { get; } = Of(Environment.ProcessId) ?? Unknown;

    /// <summary>The mark of a process; null where there is none, or none that lives.</summary>
    /// <param name="process">Its number.</param>
    public static string? Of(int process)
    {
        if (!OperatingSystem.IsLinux()) return Exists(process) ? Unknown : null;
        try
        {
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            // A dead process that nobody has asked about yet is still listed.
            return fields[State] is "Z" or "X" ? null : $"{_boot.Value}:{fields[Started]}:{_numbers.Value}";
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return null;
        }
    }

    /// <summary>Whether a process of this machine has its number here. Of a container that has numbers of its own, nothing can be told from here.</summary>
    /// <param name="mark">Its mark.</param>
    public static bool IsOfTheseNumbers(string mark) => mark.Split(':', Parts) is not { Length: Parts } parts || parts[^1] == _numbers.Value;

    private static string MachineId()
    {
        try
        {
            if (File.Exists("/etc/machine-id") && File.ReadAllText("/etc/machine-id").Trim() is { Length: > 0 } id) return id;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // As where there is none.
        }

        return _boot.Value;
    }

    private static bool Exists(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
