namespace Ornstein.Experiments.Settings;

/// <summary>Quotes an argument so that a POSIX shell passes it on unchanged.</summary>
internal static class ShellQuoting
{
    public static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,:=+@%".Contains(c))
            ? argument
            : "'" + argument.Replace("'", "'\\''") + "'";
}
