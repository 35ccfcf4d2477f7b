using System.Globalization;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies.Attempts;

/// <summary>
/// The attempts at one cell that have not ended in a result: <c>attempts/ab/abcdef0123/</c> with a record and a run folder each. No two attempts
/// write to one folder, so that a process that everybody thought dead does no harm.
/// </summary>
/// <param name="study">Folder of the study.</param>
/// <param name="hash">The cell's hash.</param>
internal sealed class CellAttempts(string study, string hash)
{
    private const string Name = "attempts";
    private const string AsidePrefix = "0-";
    private const string TrashPrefix = "trash-";

    private const int Tries = 20;

    /// <summary>The time that a file has which does not exist.</summary>
    internal static DateTime Never { get; } = DateTime.FromFileTimeUtc(0);

    public string Path { get; } = System.IO.Path.Combine(study, Name, hash[..2], hash);

    /// <summary>The run folder of an attempt.</summary>
    public RunFolder FolderOf(int number) => new(System.IO.Path.Combine(Path, Text(number)));

    /// <summary>The record of an attempt.</summary>
    public string RecordOf(int number) => System.IO.Path.Combine(Path, Text(number) + ".json");

    /// <summary>The last attempt; null where there is none.</summary>
    public LastAttempt? Last()
    {
        var number = Numbers().DefaultIfEmpty(0).Max();
        if (number == 0) return null;
        var sign = SignOf(RecordOf(number));
        // Records appear whole: one that cannot be read is damaged, and its process has to begin anew.
        var record = AttemptRecord.Read(RecordOf(number)) ?? AttemptRecord.Of(0, 0) with { Stage = AttemptStage.Stopped, Reason = "its record is damaged" };
        return new LastAttempt(number, record, sign);
    }

    /// <summary>
    /// Whether the process of an attempt lives, as far as can be told from its signs of life. They are dated by the server's clock, and so is the file that is made here
    /// to know what time it is: the clocks of machines may differ.
    /// </summary>
    public bool IsAlive(LastAttempt attempt)
    {
        if (attempt.Record.Stage != AttemptStage.Running) return false;
        var file = UnfinishedFile.For(RecordOf(attempt.Number));
        try
        {
            for (var i = 0; i < Tries; i++)
            {
                File.WriteAllBytes(file, []);
                // What another process removed has no time, and says nothing.
                if (SignOf(file) is var now && now != Never) return attempt.IsAliveAt(now);
            }

            return true; // nothing says that it is dead
        }
        catch (DirectoryNotFoundException)
        {
            return false; // the cell got its result, and its attempts are gone
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", RecordOf(attempt.Number), error);
        }
        finally
        {
            ExclusiveFile.Try(() => File.Delete(file));
            RemoveIfEmpty(); // the cell got its result, and this file was in the way of whoever removed its attempts
        }
    }

    /// <summary>Numbers of the attempts that there are, in order.</summary>
    public int[] Numbers()
    {
        if (!FilePresence.IsAt(Path)) return [];
        try
        {
            return
            [
                .. Directory.EnumerateFiles(Path, "*.json")
                    .Select(file => int.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var number) ? number : 0)
                    .Where(number => number > 0).Order(),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", Path, error);
        }
    }

    /// <summary>Removes what attempts before one left, but the numbers go on from there.</summary>
    public void ClearBefore(int number)
    {
        foreach (var old in Numbers().Where(other => other < number))
        {
            Discard(FolderOf(old).Path);
            ExclusiveFile.Try(() => File.Delete(RecordOf(old)));
        }

        RemoveTrash();
    }

    /// <summary>Removes the run folders that a process was removing when it died.</summary>
    public void RemoveTrash() => ExclusiveFile.Try(() =>
    {
        foreach (var left in FoldersIn(Path).Where(IsTrash)) Discard(left);
    });

    /// <summary>
    /// Removes a run folder. It loses its name first: a process that slept may wake while it is half removed, and must not find it where it left it, nor take it for whole.
    /// </summary>
    public void Discard(string folder) => ExclusiveFile.Try(() =>
    {
        if (!Directory.Exists(folder)) return;
        var trash = folder;
        if (!IsTrash(folder))
            Directory.Move(folder, trash = System.IO.Path.Combine(Path, TrashPrefix + System.IO.Path.GetRandomFileName()));
        Directory.Delete(trash, recursive: true);
    });

    /// <summary>Removes all attempts. What was moved aside stays (<see cref="CellPlace.Tidy"/>).</summary>
    public void Clear() => ExclusiveFile.Try(() =>
    {
        if (!Directory.Exists(Path)) return;
        foreach (var folder in Directory.GetDirectories(Path).Where(folder => !IsAside(folder))) Discard(folder);
        foreach (var file in Directory.GetFiles(Path)) ExclusiveFile.Try(() => File.Delete(file));
        RemoveIfEmpty();
    });

    /// <summary>Removes the folder of the attempts, and those above it that only held it, where nothing is left in it.</summary>
    public void RemoveIfEmpty() => ExclusiveFile.Try(() =>
    {
        foreach (var folder in new[] { Path, System.IO.Path.Combine(study, Name, hash[..2]), System.IO.Path.Combine(study, Name) })
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
    });

    /// <summary>A path for a run folder that is moved out of the cell's place.</summary>
    public string NewAside() => System.IO.Path.Combine(Path, AsidePrefix + System.IO.Path.GetRandomFileName());

    /// <summary>Run folders that were moved out of the cell's place.</summary>
    public string[] Asides() => [.. FoldersIn(Path).Where(IsAside)];

    /// <summary>Hashes of the cells of a study that have attempts.</summary>
    public static IReadOnlySet<string> Hashes(string study) =>
        FoldersIn(System.IO.Path.Combine(study, Name)).SelectMany(FoldersIn).Select(folder => System.IO.Path.GetFileName(folder)).ToHashSet(StringComparer.Ordinal);

    // Folders go while this looks.
    private static string[] FoldersIn(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>When a file was last written, by the server's clock; <see cref="Never"/> where there is no such file.</summary>
    /// <exception cref="OrnsteinException">It cannot be told.</exception>
    internal static DateTime SignOf(string file)
    {
        try
        {
            return File.GetLastWriteTimeUtc(file);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", file, error);
        }
    }

    /// <summary>Whether a run folder lost its name because it is being removed.</summary>
    public static bool IsTrash(string folder) => System.IO.Path.GetFileName(folder).StartsWith(TrashPrefix, StringComparison.Ordinal);

    private static bool IsAside(string folder) => System.IO.Path.GetFileName(folder).StartsWith(AsidePrefix, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
