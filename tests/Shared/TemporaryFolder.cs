namespace Ornstein.Shared;

/// <summary>
/// A folder that lasts as long as its test. Where the system keeps files in memory it lies there: a checkpoint waits until the disk has it, some 10 ms each time, and with one at
/// every step tests did little else.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Enough = 4L << 30;

    public string Path { get; } = Create();

    public string File(string name, string? content = null)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (content is not null) System.IO.File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Create() => HasRoom()
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"ornstein-test-{Guid.NewGuid():N}")).FullName
        : Directory.CreateTempSubdirectory("ornstein-test-").FullName;

    private static bool HasRoom() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Enough;
}
