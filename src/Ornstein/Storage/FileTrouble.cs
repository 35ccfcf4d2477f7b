namespace Ornstein.Storage;

/// <summary>Turns a failure of the operating system into one line about one file.</summary>
internal static class FileTrouble
{
    private const int LongestQuote = 200;
    private const int BrokenDisk = 5; // EIO; on Windows no HResult is as small

    /// <summary>The error for a file that cannot be read, written or the like.</summary>
    internal static OrnsteinException Cannot(string verb, string path, Exception cause) =>
        new($"Cannot {verb} {Quote(path)}: {Reason(path, cause)}.", cause);

    /// <summary>True for what a file operation throws when the machine, not the program, is at fault.</summary>
    internal static bool IsTrouble(Exception error) => error is IOException or UnauthorizedAccessException || IsTooLarge(error);

    /// <summary>A path or a name from a file between quotes, kept to one line and a sensible length.</summary>
    internal static string Quote(string text)
    {
        string shown = text.Length <= LongestQuote ? text : string.Concat(text.AsSpan(0, LongestQuote), "…");
        return "'" + PrintableText.Of(shown) + "'";
    }

    /// <summary>
    /// Whether a name that does not exist is one that the system has but that cannot be asked for: bytes that are not UTF-8 become
    /// U+FFFD when a folder is read.
    /// </summary>
    internal static bool IsNotUtf8(string text) => text.Contains('\uFFFD');

    private static string Reason(string path, Exception cause) => cause switch
    {
        IOException { HResult: BrokenDisk } => "the disk or its server reports an error", // also of a folder
        IOException when IsDiskFull(cause.HResult) => "the disk is full", // of a folder's lock
        _ when Directory.Exists(path) => "it is a folder",
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException or FileNotFoundException when IsNotUtf8(path) => "its name is not valid UTF-8; rename it",
        DirectoryNotFoundException => "its folder does not exist",
        FileNotFoundException => "there is no such file",
        PathTooLongException => "the path is too long",
        _ when IsTooLarge(cause) => "it becomes larger than a file may be here",
        _ => PrintableText.Of(cause.Message).TrimEnd('.'),
    };

    // EFBIG: a limit of the user's shell or of the file system, which .NET blames on an argument named value that nobody gave.
    private static bool IsTooLarge(Exception error) => error is ArgumentOutOfRangeException { ParamName: "value" };

    /// <summary>Whether the disk is full or broken, which looking again does not change.</summary>
    internal static bool IsOfTheDisk(IOException error) => error.HResult == BrokenDisk || IsDiskFull(error.HResult);

    /// <summary>
    /// Whether an <see cref="Exception.HResult"/> is the operating system's own number for a full disk: ENOSPC and EDQUOT (Linux, macOS),
    /// ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL (Windows).
    /// </summary>
    internal static bool IsDiskFull(int number) =>
        number == 28
        || (OperatingSystem.IsLinux() && number == 122)
        || (OperatingSystem.IsMacOS() && number == 69)
        || number == unchecked((int)0x80070027)
        || number == unchecked((int)0x80070070);
}
