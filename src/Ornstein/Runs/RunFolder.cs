using System.Security.Cryptography;
using Ornstein.Storage;

namespace Ornstein.Runs;

/// <summary>The folder of a run and the files in it.</summary>
/// <param name="Path">The folder.</param>
internal sealed record RunFolder(string Path)
{
    private const int Tries = 20;

    /// <summary>Resolved settings and provenance.</summary>
    public string Config => File("config.json");

    /// <summary>A line per epoch.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>Weights, moments and state.</summary>
    public string Checkpoint => File("checkpoint");

    /// <summary>Results per member and the critical rho.</summary>
    public string Phase => File("phase.json");

    /// <summary>A file of this folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Makes the folder of a run to come and keeps all others out of it, before the work that leads to its first file: of several runs that want the
    /// same folder one gets it.
    /// </summary>
    /// <returns>The folder, held until disposed; if nothing was written to it by then it goes away again.</returns>
    /// <exception cref="OrnsteinException">It exists and is not empty, is held by another process, is a file, or cannot be written.</exception>
    public static RunReservation Reserve(string path) => TryReserve(path) ?? throw Begun(path);

    /// <summary>As <see cref="Reserve"/>; null where the run was begun already.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="say">As of <see cref="Hold"/>.</param>
    public static RunReservation? TryReserve(string path, Action<string>? say = null)
    {
        if (!IsFree(path)) return null;
        var folder = new RunFolder(path);
        var made = FirstMissing(path);
        var reservation = new RunReservation(folder, MakeAndHold(folder, say), made);
        try
        {
            if (IsFree(path)) return reservation;
        }
        catch
        {
            reservation.Dispose();
            throw;
        }

        reservation.Dispose(); // another had held it, and finished, meanwhile
        return null;
    }

    private static IDisposable MakeAndHold(RunFolder folder, Action<string>? say)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                Directory.CreateDirectory(folder.Path);
                return folder.Hold(say);
            }
            catch (OrnsteinException error) when (error.InnerException is DirectoryNotFoundException && i < Tries)
            {
                // Another had made it for a run that wrote nothing, and removed it.
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                throw FileTrouble.Cannot("write the run folder", folder.Path, error);
            }
        }
    }

    /// <summary>As <see cref="Reserve"/>, a folder of its own below another: the name and four random letters.</summary>
    /// <param name="parent">The folder above it.</param>
    /// <param name="name">How its name begins.</param>
    /// <exception cref="OrnsteinException">It cannot be written.</exception>
    public static RunReservation ReserveUnder(string parent, string name)
    {
        string path;
        do path = System.IO.Path.Combine(parent, $"{name}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
        while (System.IO.Path.Exists(path));
        return Reserve(path);
    }

    private static bool IsFree(string path)
    {
        try
        {
            if (new FileInfo(path) is { LinkTarget: { } target } link && !System.IO.Path.Exists(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName))
                throw new OrnsteinException($"run folder '{path}' is a link to '{target}', which does not exist; make that folder, or give another.");
            if (System.IO.File.Exists(path)) throw new OrnsteinException($"run folder '{path}' is a file; give a folder that does not exist yet.");
            return !IsBegun(path);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read the run folder", path, error);
        }
    }

    private static OrnsteinException Begun(string path) =>
        new($"run folder '{path}' exists and is not empty; give another --out, or --resume to continue the run in it.");

    // The highest of the folders that are to be made; null where none is.
    private static string? FirstMissing(string path)
    {
        string? missing = null;
        for (var at = System.IO.Path.GetFullPath(path); at is not null && !Directory.Exists(at); at = System.IO.Path.GetDirectoryName(at)) missing = at;
        return missing;
    }

    /// <summary>Keeps other processes out of this run until disposed; a process that is killed lets go.</summary>
    /// <param name="say">Told in one line where this waits for a sign of life of a process on another machine; null where nobody looks.</param>
    /// <exception cref="OrnsteinException">Another process is at work in it, or the folder cannot be written.</exception>
    public IDisposable Hold(Action<string>? say = null)
    {
        try
        {
            return FolderLock.TryTake(Path, say: say) ?? throw new OrnsteinException($"another process is at work in the run folder '{Path}'; wait for it, or stop it.");
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the run folder", Path, error);
        }
    }

    /// <summary>
    /// Whether a path is more than a folder to come: false where there is nothing, an empty folder, or only what a process left that was killed before it had written the
    /// first file.
    /// </summary>
    public static bool IsBegun(string path)
    {
        try
        {
            return System.IO.File.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any(entry => !FolderLock.IsPart(entry) && !UnfinishedFile.Is(entry));
        }
        catch (DirectoryNotFoundException)
        {
            return false; // also where another process removes it at this moment
        }
    }

    /// <summary>The folder of a run that exists.</summary>
    /// <exception cref="OrnsteinException">It does not exist or is no run folder.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        if (System.IO.File.Exists(path)) throw new OrnsteinException($"run folder '{path}' is a file; give the folder of a run.");
        if (!Directory.Exists(path)) throw new OrnsteinException($"run folder '{path}' does not exist.");
        if (!System.IO.File.Exists(folder.Config)) throw new OrnsteinException($"'{path}' is no run folder: it has no config.json.");
        return folder;
    }
}
