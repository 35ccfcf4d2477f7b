using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ornstein.Storage;

/// <summary>
/// Writes a file whole or not at all: a reader, a crash or a full disk sees the old content or the new one, never a part.
/// </summary>
internal static partial class AtomicFile
{
    // O_CLOEXEC, with O_RDONLY, which is 0.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    // O_APPEND with O_WRONLY, which is 1.
    private static readonly int AppendOnly = OperatingSystem.IsMacOS() ? 0x8 | 1 : 0x400 | 1;

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
        UnfinishedFile.RemoveLeft(target);
        string temporary = UnfinishedFile.For(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            FolderLock.RequireFor(target);
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        FlushFolder(folder);
    }

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

    /// <summary>
    /// Writes bytes to the end of a file, which is made where there is none, and to the disk. Of several processes that do it at once each gets its own place, on file systems
    /// that know where the end is: a network's may write one over the other.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Append(string path, ReadOnlySpan<byte> bytes)
    {
        // .NET's own way of appending looks for the end first and writes there then.
        using var made = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        using var end = OperatingSystem.IsWindows() ? null : new SafeFileHandle(Open(path, CloseOnExec | AppendOnly), ownsHandle: true);
        var file = end is { IsInvalid: false } ? end : made.SafeFileHandle;
        RandomAccess.Write(file, bytes, RandomAccess.GetLength(file));
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Gives a file a name that no other has; of several processes that want the same name one gets it.</summary>
    /// <param name="file">The file, under a name of its own that it may keep. No other process has one of the same content.</param>
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
        // A server's answer can be lost: the second asking finds the name taken, by this file.
        return TryLink(file, name) || (File.Exists(name) ? IsSame(file, name) : TryCopy(file, name));
    }

    private static bool IsSame(string file, string other)
    {
        try
        {
            return File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(other));
        }
        catch (FileNotFoundException)
        {
            return false; // gone meanwhile: it was another's
        }
    }

    /// <summary>Gives a file a second name; false where that is taken, or the file system has no links.</summary>
    internal static bool TryLink(string file, string name) => Link(file, name) == 0;

    /// <summary>Opens a file to read it, without a lock that would keep out who writes it; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be told whether there is one: a server that does not answer, too many open files.</exception>
    internal static SafeFileHandle? OpenUnlocked(string path)
    {
        const int noEntry = 2, notADirectory = 20;
        var handle = new SafeFileHandle(Open(path, CloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid) return handle;
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error is noEntry or notADirectory ? null : throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'");
    }

    /// <summary>
    /// As <see cref="TryName"/>, for a file system without links, such as exFAT: of several processes one gets the name as well, but others may see the
    /// file before it is whole.
    /// </summary>
    internal static bool TryCopy(string file, string name)
    {
        // First, since it may be gone: then nobody is to see an empty file of that name.
        using var source = File.OpenRead(file);
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

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
