using Ornstein.Runs;

namespace Ornstein.View.Listing;

/// <summary>The folders below one that hold runs or studies. Links are not followed: they may lead out of it, or in a circle.</summary>
internal static class RunTree
{
    /// <summary>Folders that are looked into at most; beyond, the rest is left out and said to be.</summary>
    public const int MostFolders = 50_000;

    private const int Depth = 32;

    /// <summary>Walks down.</summary>
    /// <param name="root">The folder.</param>
    public static (IReadOnlyList<RunPlace> Runs, IReadOnlyList<string> Studies, bool IsCut) Under(string root)
    {
        var (runs, studies, seen) = (new List<RunPlace>(), new List<string>(), 0);
        void Walk(string folder, string id, string? study, int depth)
        {
            if (++seen > MostFolders) return;
            var isRun = File.Exists(new RunFolder(folder).Config);
            if (isRun) runs.Add(new RunPlace(id, folder, study));
            else if (File.Exists(Path.Combine(folder, "ledger.jsonl")) || Directory.Exists(Path.Combine(folder, "cells")))
            {
                studies.Add(id);
                study = id;
            }

            if (depth == Depth) return;
            foreach (var child in Children(folder))
            {
                var name = child.Name;
                // Rounds of refinement are part of their run.
                if (name.StartsWith('.') || child.LinkTarget is not null || (isRun && (name == "checkpoint" || name.StartsWith("round-", StringComparison.Ordinal)))) continue;
                Walk(child.FullName, id == "." ? name : $"{id}/{name}", study, depth + 1);
            }
        }

        Walk(root, ".", null, 0);
        return (runs, studies, seen > MostFolders);
    }

    // What one may not read, or what goes away meanwhile, has nothing to show.
    private static DirectoryInfo[] Children(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetDirectories();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>A run below the folder.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Study">The study whose cell it is; null for none.</param>
internal sealed record RunPlace(string Id, string Path, string? Study);
