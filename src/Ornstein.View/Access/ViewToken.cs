using Ornstein.Storage;

namespace Ornstein.View.Access;

/// <summary>
/// The token of a folder's page. It is kept in the folder, where only its owner can read it, so that a server that is started again has the address that
/// an open page knows.
/// </summary>
internal static class ViewToken
{
    /// <summary>The file that holds it.</summary>
    public const string FileName = ".ornstein-view";

    /// <summary>
    /// The token of a folder: the one that it has, or a new one. In a folder that cannot be written, or whose files everybody can read whatever their mode, it is new each
    /// time and nowhere but in memory.
    /// </summary>
    public static string Of(string folder) => Of(folder, IsPrivate);

    /// <param name="folder">The folder.</param>
    /// <param name="isPrivate">Whether nobody but its owner can read a file.</param>
    internal static string Of(string folder, Predicate<string> isPrivate)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path) && isPrivate(path) && File.ReadAllText(path).Trim() is var known && LoopbackAccess.IsToken(known)) return known;
            var token = LoopbackAccess.NewToken();
            WritePrivate(path, token, isPrivate);
            return token;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return LoopbackAccess.NewToken();
        }
    }

    /// <summary>Writes a new file that only its owner can read.</summary>
    /// <exception cref="IOException">Others could read it, as where a file system keeps no modes; then there is none.</exception>
    public static void WritePrivate(string path, string text) => WritePrivate(path, text, IsPrivate);

    private static void WritePrivate(string path, string text, Predicate<string> isPrivate)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(path, options))
        {
            // Asked before there is anything in it.
            if (isPrivate(path))
            {
                file.Write(text);
                return;
            }
        }

        File.Delete(path);
        throw new IOException("its file system does not keep it from other users");
    }

    // One that others can read is no secret, and one that others wrote is theirs.
    private static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == UnixFileMode.None;
}
