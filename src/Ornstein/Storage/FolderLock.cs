using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ornstein.Storage;

/// <summary>
/// The right of one process to work in a folder, also on a file system whose locks hold back nobody, or only processes of the same machine. <c>.lock</c> says who has
/// it, and <c>.lock-TOKEN</c> who took over from the process of that token, which had died. So those who had it are a chain, its last has it, and of all that want to
/// follow one, one can make the file.
/// </summary>
/// <remarks>
/// Whether the last still lives: it has its file locked; or it is a process of this machine that is there; or, of another machine, it goes on changing its file.
/// One of another machine that was suspended for longer than <see cref="Silence"/> has lost its right where locks are forgotten, and finds that out before it
/// gives a file of the folder its name (<see cref="RequireFor"/>).
/// </remarks>
internal sealed class FolderLock : IDisposable
{
    /// <summary>How its files begin.</summary>
    public const string Name = ".lock";

    private const int Tries = 20;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(25);
    private static readonly ConcurrentDictionary<string, FolderLock> _own = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly LockLink _link;
    private readonly FileStream _file;
    private readonly Timer? _timer;
    private readonly Lock _writing = new();
    private bool _ended;

    private FolderLock(string folder, LockLink link, FileStream file)
    {
        (_folder, _link, _file) = (folder, link, file);
        if (!OperatingSystem.IsWindows()) _timer = new Timer(_ => Beat(), null, LockLink.Beat, LockLink.Beat);
        _own[_folder] = this;
    }

    /// <summary>How long the process of another machine or container has to be silent to be taken for dead.</summary>
    public static TimeSpan Silence { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Takes the folder; null where another process has it.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <param name="silence">Another than <see cref="Silence"/>; null for that.</param>
    /// <param name="say">Told in one line before it waits for a sign of life; null where nobody looks.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FolderLock? TryTake(string folder, TimeSpan? silence = null, Action<string>? say = null)
    {
        folder = Path.GetFullPath(folder);
        if (OperatingSystem.IsWindows()) return TryTakeOnWindows(folder);
        for (var i = 0; i < Tries; i++)
        {
            if (i > 0) Thread.Sleep(_pause);
            var last = LockLink.Last(folder);
            if (last is not null && IsAlive(last, silence ?? Silence, say)) return null;
            var link = LockLink.Of(folder, last);
            if (link.TryMake() is not { } file) continue; // another was faster
            // The one before may have ended well meanwhile and taken the chain with it.
            if (LockLink.Last(folder)?.Token == link.Token) return new FolderLock(folder, link, file);
            File.Delete(link.Path);
            file.Dispose();
        }

        return null;
    }

    /// <summary>Whether a process has the folder, as far as can be told at once.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsTaken(string folder) => OperatingSystem.IsWindows()
        ? LockLink.IsLocked(Path.Combine(folder, Name))
        : IsTakenByLink(Path.GetFullPath(folder));

    // What cannot be read, as in a folder of another user, tells nothing.
    private static bool IsTakenByLink(string folder)
    {
        try
        {
            return LockLink.Last(folder) is { } last && IsAlive(last, TimeSpan.Zero, say: null);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether a file is one of a lock.</summary>
    /// <param name="path">The file.</param>
    public static bool IsPart(string path) =>
        Path.GetFileName(path) is var name && (name == Name || name.StartsWith(Name + "-", StringComparison.Ordinal));

    /// <summary>To be asked before a file gets its name: throws where it lies in a folder that this process had, and that another took over while it was suspended.</summary>
    /// <param name="path">The file, in full.</param>
    /// <exception cref="OrnsteinException">The folder is another's.</exception>
    public static void RequireFor(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var (folder, own) in _own)
        {
            if (path.Length > folder.Length && path[folder.Length] == Path.DirectorySeparatorChar && path.StartsWith(folder, StringComparison.Ordinal) && !own.IsMine)
                throw new OrnsteinException($"another process took over '{folder}' while this one gave no sign of life; what it wrote until then is kept.");
        }
    }

    /// <summary>Whether this process had a folder that another took over.</summary>
    /// <param name="folder">The folder.</param>
    public static bool IsLost(string folder) => !OperatingSystem.IsWindows() && _own.TryGetValue(Path.GetFullPath(folder), out var own) && !own.IsMine;

    // Where it cannot be read, nothing says that it is another's.
    private bool IsMine
    {
        get
        {
            try
            {
                return LockLink.Last(_folder)?.Token == _link.Token;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            if (_ended) return;
            _ended = true;
        }

        _timer?.Dispose();
        _own.TryRemove(KeyValuePair.Create(_folder, this));
        try
        {
            // Where another took over, this link is part of its chain; where nothing can be read, it may be.
            if (!OperatingSystem.IsWindows() && LockLink.Last(_folder)?.Token == _link.Token) LockLink.Remove(_folder);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // Whoever comes next finds that this process is no more.
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static bool IsAlive(LockLink last, TimeSpan patience, Action<string>? say)
    {
        if (LockLink.IsLocked(last.Path)) return true;
        if (last.Machine == ProcessMark.Machine && ProcessMark.IsOfTheseNumbers(last.Mark)) return ProcessMark.Of(last.Process) is { } mark && mark == last.Mark && OperatingSystem.IsLinux();
        say?.Invoke($"'{Path.GetDirectoryName(last.Path)}' was left by a process on {PrintableText.Of(ProcessMark.NameOf(last.Machine))}; waiting up to {patience.TotalSeconds:0} s for a sign of life from it");
        // By its own clock: those of two machines may differ.
        IOException? trouble = null;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience; Thread.Sleep(LockLink.Beat / 10))
        {
            try
            {
                if (LockLink.Read(last.Path) is not { } now || now.Token != last.Token) return false;
                if (now.Beats != last.Beats) return true;
                trouble = null;
            }
            catch (IOException error)
            {
                trouble = error; // a server that does not answer says nothing about the process
            }
        }

        return trouble is null ? false : throw trouble;
    }

    private void Beat()
    {
        lock (_writing)
        {
            if (_ended) return;
            try
            {
                _link.WriteBeat(_file);
            }
            catch (Exception error) when (FileTrouble.IsTrouble(error))
            {
                // A full disk, or a server that does not answer: the next beat tries again.
            }
        }
    }

    // There, a file that is open has no second name, and goes with its process.
    private static FolderLock? TryTakeOnWindows(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            return new FolderLock(folder, LockLink.Of(folder, null), new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
