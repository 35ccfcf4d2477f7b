namespace Ornstein.Storage;

/// <summary>Reads files of text that are small enough to be read as a whole.</summary>
internal static class TextFile
{
    /// <summary>The text; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="OrnsteinException">There is no such file, it is a folder, or it cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("read", path, error);
        }
    }
}
