using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Licences;

/// <summary>The table of packages in <c>docs/licences.md</c>.</summary>
internal static class LicenceList
{
    private const string Head = "| package | version | licence | part of |\n|---|---|---|---|\n";

    /// <summary>The page that holds it.</summary>
    public static string Page { get; } = Path.Combine(DotNet.Repository, "docs", "licences.md");

    /// <summary>The rows: name, version, licence and what the package is part of.</summary>
    public static IReadOnlyList<string> Rows()
    {
        string text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        int start = text.IndexOf(Head, StringComparison.Ordinal);
        Assert.True(start >= 0, "docs/licences.md has no table of packages");
        return [.. text[(start + Head.Length)..].Split('\n').TakeWhile(line => line.StartsWith('|'))];
    }

    /// <summary>Writes other rows in their place.</summary>
    public static void Write(IEnumerable<string> rows)
    {
        string text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        string old = Head + string.Concat(Rows().Select(row => row + "\n"));
        File.WriteAllText(Page, text.Replace(old, Head + string.Concat(rows.Select(row => row + "\n")), StringComparison.Ordinal));
    }
}
