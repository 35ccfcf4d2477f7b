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

    /// <summary>The token of a folder: the one that it has, or a new one. In a folder that cannot be written it is new each time.</summary>
    public static string Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path) && IsPrivate(path) && File.ReadAllText(path).Trim() is var known && LoopbackAccess.IsToken(known)) return known;
            var token = LoopbackAccess.NewToken();
            WritePrivate(path, token);
            return token;
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            return LoopbackAccess.NewToken();
        }
    }

    /// <summary>Writes a new file that only its owner can read.</summary>
    public static void WritePrivate(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.Write(text);
    }

    // One that others can read is no secret, and one that others wrote is theirs.
    private static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == UnixFileMode.None;
}
