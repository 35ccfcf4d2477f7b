namespace Ornstein.Storage;

/// <summary>Programs of the system, by the variable PATH.</summary>
internal static class ProgramPath
{
    /// <summary>Where a program lies; null where it is in no folder of the path.</summary>
    /// <param name="name">Its file name, such as <c>npm</c>, or <c>npm.cmd</c> on Windows.</param>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
