using Ornstein.Storage;

namespace Ornstein.Runs;

/// <summary>The folder of a run and the files in it.</summary>
/// <param name="Path">The folder.</param>
public sealed record RunFolder(string Path)
{
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

    /// <summary>The folder of a run to come, which need not exist: checked before the work that leads to it, and not made yet.</summary>
    /// <exception cref="OrnsteinException">It exists and is not empty, or is a file.</exception>
    public static RunFolder Reserve(string path)
    {
        try
        {
            if (System.IO.File.Exists(path)) throw new OrnsteinException($"run folder '{path}' is a file; give a folder that does not exist yet.");
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new OrnsteinException(
                    $"run folder '{path}' exists and is not empty; give another --out, or --resume to continue the run in it.");
            }
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read the run folder", path, error);
        }

        return new RunFolder(path);
    }

    /// <summary>Makes the folder of a new run.</summary>
    /// <exception cref="OrnsteinException">It exists and is not empty, or cannot be written.</exception>
    public static RunFolder Create(string path)
    {
        var folder = Reserve(path);
        try
        {
            Directory.CreateDirectory(path);
            var probe = System.IO.Path.Combine(path, ".probe");
            System.IO.File.WriteAllText(probe, string.Empty);
            System.IO.File.Delete(probe);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the run folder", path, error);
        }

        return folder;
    }

    /// <summary>Keeps other processes out of this run until disposed; a process that is killed lets go.</summary>
    /// <exception cref="OrnsteinException">Another process is at work in it, or the folder cannot be written.</exception>
    public IDisposable Hold()
    {
        try
        {
            return new FileStream(File(".lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (System.IO.File.Exists(File(".lock")))
        {
            throw new OrnsteinException($"another process is at work in the run folder '{Path}'; wait for it, or stop it.", error);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write the run folder", Path, error);
        }
    }

    /// <summary>The folder of a run that exists.</summary>
    /// <exception cref="OrnsteinException">It does not exist or is no run folder.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path);
        if (!Directory.Exists(path)) throw new OrnsteinException($"run folder '{path}' does not exist.");
        if (!System.IO.File.Exists(folder.Config)) throw new OrnsteinException($"'{path}' is no run folder: it has no config.json.");
        return folder;
    }
}
