using Ornstein.Storage;

namespace Ornstein.Studies;

/// <summary>
/// A file that only one of several processes can make, whole from its first moment; also across machines on a shared folder, where a lock of the
/// operating system may hold back nobody.
/// </summary>
internal static class ExclusiveFile
{
    private const int Tries = 10;

    /// <summary>Makes the file and its folder; false where another process made it first.</summary>
    public static bool TryCreate(string path, string text)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return TryCreateOnce(path, text);
            }
            catch (OrnsteinException error) when (error.InnerException is DirectoryNotFoundException or FileNotFoundException && i < Tries)
            {
                // Another process removed the folder, which was empty a moment ago, or all that is in it, with what was to become this file.
            }
        }
    }

    private static bool TryCreateOnce(string path, string text)
    {
        var temporary = UnfinishedFile.For(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            UnfinishedFile.RemoveLeft(path);
            File.WriteAllText(temporary, text);
            return AtomicFile.TryName(temporary, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", path, error);
        }
        finally
        {
            Try(() => File.Delete(temporary));
        }
    }

    /// <summary>Does what is nice to have and no loss where it fails, such as removing what is of no more use.</summary>
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // It stays, and does no harm.
        }
    }
}
