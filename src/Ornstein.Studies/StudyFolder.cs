using Ornstein.Experiments.Settings;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Studies;

/// <summary>
/// The folder of a study: <c>cells/</c> with a run folder per cell, the ledger, and the report. Runs are known by the hash at the end of their
/// folder's name, so that the study folder can be moved, and entries of the study file renamed.
/// </summary>
internal sealed class StudyFolder
{
    private const string CellsName = "cells";
    private readonly Dictionary<string, string> _found = new(StringComparer.Ordinal);

    /// <param name="path">The folder; need not exist.</param>
    public StudyFolder(string path)
    {
        Path = path;
        if (File.Exists(path)) throw UsageError.Because($"study folder '{path}' is a file; give another --out");
        try
        {
            if (Directory.Exists(FileIn(CellsName))) Find(FileIn(CellsName), StudyFile.Axes.Count);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read the study folder", path, error);
        }
    }

    public string Path { get; }

    public StudyLedger Ledger => new(FileIn("ledger.jsonl"));

    /// <summary>The folder beside a study file, of the same name.</summary>
    public static string DefaultFor(string file)
    {
        var folder = System.IO.Path.ChangeExtension(file, null);
        return folder == file ? file + "-study" : folder;
    }

    /// <summary>A file of this folder.</summary>
    public string FileIn(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The run folder of a cell, which need not exist.</summary>
    public RunFolder Of(StudyCell cell) => new(_found.GetValueOrDefault(cell.Hash) ?? PlaceOf(cell));

    /// <summary>Run folders of no cell of the study, which its file had once.</summary>
    public IEnumerable<string> Others(StudyFile study)
    {
        var hashes = study.Cells.Select(cell => cell.Hash).ToHashSet(StringComparer.Ordinal);
        return _found.Where(entry => !hashes.Contains(entry.Key)).Select(entry => entry.Value).Order(StringComparer.Ordinal);
    }

    /// <summary>Makes the folder and keeps other processes out of it until disposed; a process that is killed lets go.</summary>
    /// <param name="say">Told in one line where this waits for a sign of life of a process on another machine; null where nobody looks.</param>
    public IDisposable Hold(Action<string>? say = null)
    {
        try
        {
            Directory.CreateDirectory(Path);
            return FolderLock.TryTake(Path, say: say) ?? throw new OrnsteinException($"another process is at work on the study in '{Path}'; wait for it, or stop it.");
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the study folder", Path, error);
        }
    }

    /// <summary>Whether a process is at work on the study now.</summary>
    public bool IsHeld() => FolderLock.IsTaken(Path);

    /// <summary>Removes what a process that was killed while it made a run folder left there: a folder with no more than that is new.</summary>
    public static void ClearUnmade(RunFolder folder)
    {
        if (!Directory.Exists(folder.Path) || File.Exists(folder.Config)) return;
        foreach (var file in Directory.EnumerateFiles(folder.Path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (name is ".probe" || FolderLock.IsPart(name) || UnfinishedFile.Is(name)) File.Delete(file);
        }
    }

    private string PlaceOf(StudyCell cell) =>
        System.IO.Path.Combine([FileIn(CellsName), .. cell.Id.Split('/')]);

    private void Find(string folder, int depth)
    {
        foreach (var child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (StudyCell.HasHash(System.IO.Path.GetFileName(child), out var hash)) _found.TryAdd(hash, child);
            else if (depth > 1) Find(child, depth - 1);
        }
    }
}
