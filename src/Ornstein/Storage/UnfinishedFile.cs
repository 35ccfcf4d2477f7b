using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ornstein.Storage;

/// <summary>
/// The file that is to take another's name when it is whole. Its own name tells which file it is to be, on which machine, and which process writes it; so it can be
/// told from one whose process died, on file systems without locks and with clocks that differ.
/// </summary>
internal static class UnfinishedFile
{
    /// <summary>How all such names begin.</summary>
    public const string Prefix = ".ornstein-";

    private const int NameLetters = 8;

    /// <summary>A new name beside a file.</summary>
    /// <param name="target">The file that it is to be.</param>
    public static string For(string target) =>
        Path.Combine(FolderOf(target), $"{PrefixOf(target)}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{Path.GetRandomFileName()}");

    /// <summary>Whether a path is that of an unfinished file.</summary>
    public static bool Is(string path) => Path.GetFileName(path).StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Removes what processes of this machine left that were killed while they wrote this file. Windows, where no other process can rename or delete a file that is open,
    /// keeps it.
    /// </summary>
    /// <param name="target">The file.</param>
    public static void RemoveLeft(string target)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            foreach (var left in Directory.GetFiles(FolderOf(target), PrefixOf(target) + "*"))
            {
                var parts = Path.GetFileName(left)[Prefix.Length..].Split('-');
                if (parts.Length < 2 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var process) || ProcessMark.Of(process) is null) RemoveUnlocked(left);
            }
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // They do no harm.
        }
    }

    // Of this machine alone: nobody can tell whether a process of another one lives.
    private static string PrefixOf(string target) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(target) + "\n" + ProcessMark.Machine)))[..NameLetters] + "-";

    private static string FolderOf(string target) => Path.GetDirectoryName(target) ?? throw new IOException("it is the root of a file system");

    // Processes of another container may have numbers of their own, and the same name of the machine.
    private static void RemoveUnlocked(string left)
    {
        try
        {
            using var locked = new FileStream(left, FileMode.Open, FileAccess.Write, FileShare.None);
            File.Delete(left);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // Another process writes it, or was faster.
        }
    }
}
