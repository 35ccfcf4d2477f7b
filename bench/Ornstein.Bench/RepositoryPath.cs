namespace Ornstein.Bench;

/// <summary>What lies in the repository and not beside the program: found from the program upward, or from the working folder.</summary>
internal static class RepositoryPath
{
    /// <summary>The path of a folder or a file of the repository.</summary>
    /// <param name="parts">Its path from the repository's root.</param>
    /// <exception cref="OrnsteinException">It is not there.</exception>
    public static string Find(params string[] parts)
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Environment.CurrentDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var path = Path.Combine([folder.FullName, .. parts]);
                if (Path.Exists(path)) return path;
            }
        }

        throw new OrnsteinException($"{string.Join('/', parts)} is not above the program: run it from the repository, after 'dotnet build -c Release'.");
    }
}
