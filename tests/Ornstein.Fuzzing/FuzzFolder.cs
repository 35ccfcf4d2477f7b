namespace Ornstein.Fuzzing;

/// <summary>A folder for inputs, in memory where the system has a place for that; it goes away when it is disposed of.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    public FuzzFolder() => Path = Directory.Exists(InMemory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(InMemory, $"ornstein-fuzz-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("ornstein-fuzz-").FullName;

    public string Path { get; }

    /// <summary>Path of a file or folder in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, and the folder that it is in where that is missing.</summary>
    public string Write(string name, byte[] content)
    {
        var path = this[name];
        var folder = System.IO.Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder)) Directory.CreateDirectory(folder);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes a file that no input changes, the first time.</summary>
    public void Keep(string name, Func<byte[]> content)
    {
        if (!File.Exists(this[name])) Write(name, content());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
