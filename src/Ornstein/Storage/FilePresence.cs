namespace Ornstein.Storage;

/// <summary>Whether there is a file or a folder, by an answer of the system. <see cref="File.Exists"/> says no as well where a server does not answer.</summary>
internal static class FilePresence
{
    private const FileAttributes Nothing = (FileAttributes)(-1);

    /// <summary>Whether there is something at a path.</summary>
    /// <exception cref="OrnsteinException">It cannot be told.</exception>
    public static bool IsAt(string path)
    {
        try
        {
            return new FileInfo(path).Attributes != Nothing;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("look for", path, error);
        }
    }
}
