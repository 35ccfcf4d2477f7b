using Ornstein.Shared;

namespace Ornstein.Fuzzing;

/// <summary>A folder for inputs; it goes away when it is disposed of.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

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

    public void Dispose() => _folder.Dispose();
}
