using Ornstein.Data.Formats;

namespace Ornstein.Data.Folders;

/// <summary>
/// What lies in a folder and below it, three levels deep: enough for parts that hold classes that hold pictures, and to say what was seen. What is
/// hidden, and what archivers add (<c>__MACOSX</c>), is counted and not entered.
/// </summary>
internal sealed class FolderScan
{
    private const int Depth = 3;

    private FolderScan(string path, string shown) => (Path, Shown) = (path, shown);

    public string Path { get; }

    /// <summary>Its path below the folder that was asked for, with a slash at the end; empty for that folder itself.</summary>
    public string Shown { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Paths of the pictures directly in it, by name.</summary>
    public IReadOnlyList<string> Pictures { get; private init; } = [];

    /// <summary>Names of all other files directly in it, by name.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>The folders in it, by name.</summary>
    public IReadOnlyList<FolderScan> Folders { get; private init; } = [];

    /// <summary>Names of hidden files and folders in it.</summary>
    public IReadOnlyList<string> Hidden { get; private init; } = [];

    /// <summary>Names of folders in it that cannot be read, such as <c>lost+found</c> of a disk.</summary>
    public IReadOnlyList<string> Closed { get; private init; } = [];

    /// <summary>This folder and all below it.</summary>
    public IEnumerable<FolderScan> All => Folders.SelectMany(folder => folder.All).Prepend(this);

    /// <summary>Pictures in it and below it.</summary>
    public int PictureCount => All.Sum(folder => folder.Pictures.Count);

    /// <summary>Looks at a folder.</summary>
    /// <exception cref="OrnsteinException">It cannot be read.</exception>
    public static FolderScan Of(string path) => Of(path, "", Depth);

    private static FolderScan Of(string path, string shown, int depth) => Reading.Guard(path, () =>
    {
        var (visible, hidden) = Split(Directory.GetFiles(path));
        var (folders, hiddenFolders) = Split(Directory.GetDirectories(path));
        var below = depth == 0 ? [] : folders.Select(folder => (Name: System.IO.Path.GetFileName(folder), Scan: TryOf(folder, shown, depth - 1))).ToArray();
        return new FolderScan(path, shown)
        {
            Pictures = [.. visible.Where(IsPicture)],
            Others = [.. visible.Where(file => !IsPicture(file)).Select(file => System.IO.Path.GetFileName(file))],
            Folders = [.. below.Select(folder => folder.Scan).OfType<FolderScan>()],
            Closed = [.. below.Where(folder => folder.Scan is null).Select(folder => folder.Name)],
            Hidden = [.. hidden.Concat(hiddenFolders).Select(entry => System.IO.Path.GetFileName(entry))],
        };
    });

    // The folder that was asked for must be readable; one within it is passed over.
    private static FolderScan? TryOf(string path, string shown, int depth)
    {
        try
        {
            return Of(path, $"{shown}{System.IO.Path.GetFileName(path)}/", depth);
        }
        catch (OrnsteinException error) when (error.InnerException is UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsPicture(string file) => PictureFormats.Of(file) is not null;

    private static (string[] Visible, string[] Hidden) Split(string[] entries)
    {
        static bool IsHidden(string entry) => System.IO.Path.GetFileName(entry) is var name && (name.StartsWith('.') || name == "__MACOSX");
        Array.Sort(entries, StringComparer.Ordinal);
        return (Array.FindAll(entries, entry => !IsHidden(entry)), Array.FindAll(entries, IsHidden));
    }
}
