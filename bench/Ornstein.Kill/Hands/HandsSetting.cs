namespace Ornstein.Kill.Hands;

/// <summary>What a process that ended is to do.</summary>
internal enum Next
{
    /// <summary>It has what it wants.</summary>
    Content,

    /// <summary>It was told that another is at work, and that was all.</summary>
    Refused,

    /// <summary>It was told that another is at work, and tries again later.</summary>
    Later,

    /// <summary>It was ended, and is begun again.</summary>
    Again,
}

/// <summary>Many processes on one thing.</summary>
/// <param name="Name">Its name in tables and options.</param>
/// <param name="Prepare">Makes what they begin with, in the folder in which they work.</param>
/// <param name="Alone">Commands that come to the same in one process after another.</param>
/// <param name="Words">The command of a process, by its number.</param>
/// <param name="Judge">What a process is to do that ended with a code and said so much on standard error; null where it should not have ended so.</param>
/// <param name="FolderOf">The run folder that a path lies in; null for none.</param>
internal sealed record HandsSetting(
    string Name, Action<string> Prepare, string[][] Alone, Func<int, string[]> Words, Func<int, int, string, Next?> Judge, Func<string, string?> FolderOf)
{
    /// <summary>The folder that lies on the server, from the one in which they work; empty for that itself.</summary>
    public string Served { get; init; } = "";

    /// <summary>A last command that removes what dead processes left; null for none.</summary>
    public string[]? Last { get; init; }

    /// <summary>Where a result is published by a renaming, for a path; null where it is none.</summary>
    public Func<string, bool> IsPublished { get; init; } = _ => false;

    /// <summary>Whether a file or folder belongs to what has to be the same in the end.</summary>
    public Func<string, bool> Counts { get; init; } = _ => true;

    /// <summary>Something else that is wrong in the end, in a line; null where nothing is.</summary>
    public Func<string, string?> Check { get; init; } = _ => null;
}
