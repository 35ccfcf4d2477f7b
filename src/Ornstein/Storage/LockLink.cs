using System.Globalization;
using System.Text;

namespace Ornstein.Storage;

/// <summary>A file of a <see cref="FolderLock"/>: a process that has the folder, or had it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Token">Made up by the process.</param>
/// <param name="Machine">Its machine.</param>
/// <param name="Process">Its number there.</param>
/// <param name="Mark">Its <see cref="ProcessMark"/>.</param>
/// <param name="Beats">How many signs of life it gave.</param>
internal sealed record LockLink(string Path, string Token, string Machine, int Process, string Mark, long Beats)
{
    // Of a file that says nothing, as that of a version before this.
    private const string NoToken = "0";
    private const int TokenLength = 32;
    private const int Words = 5;
    private const int Longest = 1000;
    private const int Tries = 20;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private long _beats;

    /// <summary>Time between two signs of life.</summary>
    public static TimeSpan Beat { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The link of this process after another; after none, the first.</summary>
    public static LockLink Of(string folder, LockLink? last) =>
        new(NextOf(folder, last), Guid.NewGuid().ToString("N"), ProcessMark.Machine, Environment.ProcessId, ProcessMark.Own, 0);

    /// <summary>The last link of a folder; null where there is none.</summary>
    public static LockLink? Last(string folder)
    {
        LockLink? last = null;
        for (var i = 0; i < Longest && Read(NextOf(folder, last)) is { } next; i++) last = next;
        return last;
    }

    /// <summary>Reads a link; null where there is no such file.</summary>
    public static LockLink? Read(string path)
    {
        // Not by a stream, which would ask for a lock.
        using var file = AtomicFile.OpenUnlocked(path);
        if (file is null) return null;
        var bytes = new byte[Longest];
        var words = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == Words && words[0].Length == TokenLength && words[0].All(char.IsAsciiHexDigitLower) // it becomes part of a path
            && int.TryParse(words[2], CultureInfo.InvariantCulture, out var process) && long.TryParse(words[4], CultureInfo.InvariantCulture, out var beats)
            ? new LockLink(path, words[0], words[1], process, words[3], beats)
            : new LockLink(path, NoToken, ProcessMark.Machine, 0, "", 0);
    }

    /// <summary>Whether a process has a file locked; false where there is none.</summary>
    public static bool IsLocked(string path)
    {
        try
        {
            // Those that only look do not keep each other out.
            if (File.Exists(path)) new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Makes the file, locked; null where another process has made it.</summary>
    public FileStream? TryMake()
    {
        // By the first link's name for all of them: no later process makes another of this one's name, and so would find what a killed one left.
        var first = NextOf(System.IO.Path.GetDirectoryName(Path)!, null);
        UnfinishedFile.RemoveLeft(first);
        var temporary = UnfinishedFile.For(first);
        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                file.Write(Encoding.UTF8.GetBytes(Text));
                file.Flush(flushToDisk: true);
                // A server's answer can be lost, and the second asking finds the name taken: by this process.
                if (AtomicFile.TryLink(temporary, Path) || Read(Path)?.Token == Token) return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
            return !File.Exists(Path) && AtomicFile.TryCopy(temporary, Path) ? Reopen() : null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Says anew that its process lives.</summary>
    public void WriteBeat(FileStream file)
    {
        _beats++;
        file.Position = 0;
        file.Write(Encoding.UTF8.GetBytes(Text));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes the links of a folder, as the process that has it and is done.</summary>
    public static void Remove(string folder)
    {
        // Listed before the first goes: from then on others may begin a chain.
        var others = Directory.GetFiles(folder, FolderLock.Name + "-*");
        File.Delete(NextOf(folder, null));
        foreach (var other in others) File.Delete(other);
    }

    // Of one length, so that it is written over in one piece.
    private string Text => string.Create(CultureInfo.InvariantCulture, $"{Token} {Machine} {Process} {Mark} {_beats:D12}\n");

    private static string NextOf(string folder, LockLink? last) => System.IO.Path.Combine(folder, last is null ? FolderLock.Name : $"{FolderLock.Name}-{last.Token}");

    // On a file system without links. Who looks whether it is locked has it locked for that moment.
    private FileStream Reopen()
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, i < Tries ? FileShare.None : FileShare.ReadWrite, bufferSize: 0);
            }
            catch (IOException error) when (i < Tries && error is not FileNotFoundException)
            {
                Thread.Sleep(_pause);
            }
        }
    }
}
