namespace Ornstein.Kill;

/// <summary>
/// The folders of a campaign. Every run works at the same path, <see cref="Run"/>, since results may hold paths; what is to stay is moved away from there.
/// </summary>
internal sealed class Place
{
    public Place(string root)
    {
        Root = Path.GetFullPath(root);
        Directory.CreateDirectory(Root);
        Run = Path.Combine(Root, "at");
        Library = FaultLibrary.Build(Root);
    }

    /// <summary>Ends processes that ask for more memory than they may have; null where no group can be made.</summary>
    public MemoryGroup? Group { get; } = MemoryGroup.Make();

    public string Root { get; }

    /// <summary>Where a run works.</summary>
    public string Run { get; }

    /// <summary>Makes calls fail; null where there is no compiler for it.</summary>
    public FaultLibrary? Library { get; }

    /// <summary>Makes the working folder anew, with a place for temporary files.</summary>
    public void Empty()
    {
        if (Directory.Exists(Run)) Directory.Delete(Run, recursive: true);
        Directory.CreateDirectory(Path.Combine(Run, "tmp"));
    }

    /// <summary>Makes the working folder a copy of another.</summary>
    public void Fill(string from)
    {
        if (Directory.Exists(Run)) Directory.Delete(Run, recursive: true);
        Child.Run(Root, ["cp", "-a", from, Run]);
    }

    /// <summary>Moves the working folder away; the path to which.</summary>
    public string Keep(string shelf, string name)
    {
        var to = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, shelf)).FullName, name);
        if (Directory.Exists(to)) Directory.Delete(to, recursive: true);
        Directory.Move(Run, to);
        return to;
    }
}
