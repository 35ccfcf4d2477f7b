using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ornstein.Storage;

/// <summary>
/// Writes a file whole or not at all: a reader, a crash or a full disk sees the old content or the new one, never a part.
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>How the names of temporary files begin.</summary>
    internal const string TemporaryPrefix = ".ornstein-";

    // Letters in the name of a temporary file that tell which file it is to be, and which machine makes it.
    private const int NameLetters = 8;

    // A file may be there for a moment before the process that makes it has locked it.
    private static readonly TimeSpan Young = TimeSpan.FromMilliseconds(100);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Creates or replaces <paramref name="path"/> with what <paramref name="write"/> puts into the stream. The bytes go to a
    /// temporary file of the same folder, reach the disk, and take the file's name in one step. If anything fails the temporary
    /// file is removed and the old file stands.
    /// </summary>
    /// <param name="path">The file; its folder must exist. A symbolic link is followed and stays a link.</param>
    /// <param name="write">Writes the content, in order; the stream is closed for it.</param>
    /// <exception cref="OrnsteinException">The file cannot be written: disk full, no permission, no such folder.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            Replace(Resolve(path), write);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", path, error);
        }
    }

    /// <summary>Creates or replaces <paramref name="path"/> with <paramref name="text"/> in UTF-8, as <see cref="Write"/> does.</summary>
    /// <exception cref="OrnsteinException">The file cannot be written: disk full, no permission, no such folder.</exception>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(Utf8.GetBytes(text)));
    }

    private static string Resolve(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : Path.GetFullPath(path);

    private static void Replace(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(target) ?? throw new IOException("it is the root of a file system");
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException();
        // Of this machine alone: between machines a file system may have no locks that tell whether a file is being written.
        string prefix = TemporaryPrefix + Convert.ToHexStringLower(SHA256.HashData(Utf8.GetBytes(Path.GetFileName(target) + "\n" + Environment.MachineName)))[..NameLetters] + "-";
        RemoveUnfinished(folder, prefix + "*");
        string temporary = Path.Combine(folder, prefix + Path.GetRandomFileName());
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                Touch(stream);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        FlushFolder(folder);
    }

    /// <summary>
    /// Removes temporary files of processes on this machine that were killed while they wrote: nobody has them locked. Windows, where no other process can rename or delete
    /// a file that is open, keeps them.
    /// </summary>
    /// <param name="folder">Their folder.</param>
    /// <param name="pattern">Their names, with <c>*</c>.</param>
    internal static void RemoveUnfinished(string folder, string pattern)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            foreach (string left in Directory.GetFiles(folder, pattern))
            {
                if (File.GetLastWriteTimeUtc(left) < DateTime.UtcNow - Young) RemoveUnlocked(left);
            }
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // They do no harm.
        }
    }

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

    /// <summary>Makes a temporary file young, right before it is closed and gets its name: unlocked for that moment, it is not taken for one that was left behind.</summary>
    internal static void Touch(FileStream stream) => File.SetLastWriteTimeUtc(stream.SafeFileHandle, DateTime.UtcNow);

    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // The first failure is the one to report.
        }
    }

    // The new name itself must reach the disk. Not every file system allows it, and then there is nothing better to do.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int descriptor = Open(folder, flags: 0);
        if (descriptor < 0) return;
        _ = FileSync(descriptor);
        _ = Close(descriptor);
    }

    /// <summary>Gives a file a name that no other has; of several processes that want the same name one gets it.</summary>
    /// <param name="file">The file, under a name of its own that it may keep.</param>
    /// <param name="name">The name, in the same folder.</param>
    /// <returns>False where the name is taken.</returns>
    /// <exception cref="IOException">The file system refuses for another reason.</exception>
    internal static bool TryName(string file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(file, name, overwrite: false);
            return true;
        }

        // Elsewhere File.Move looks first and renames then, which two can do at once; a link is refused where the name is taken.
        return Link(file, name) == 0 || (!File.Exists(name) && TryCopy(file, name));
    }

    /// <summary>
    /// As <see cref="TryName"/>, for a file system without links, such as exFAT: of several processes one gets the name as well, but others may see the
    /// file before it is whole.
    /// </summary>
    internal static bool TryCopy(string file, string name)
    {
        FileStream target;
        try
        {
            target = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }

        try
        {
            using (target)
            using (var source = File.OpenRead(file))
            {
                source.CopyTo(target);
                target.Flush(flushToDisk: true);
            }

            return true;
        }
        catch
        {
            TryDelete(name);
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
