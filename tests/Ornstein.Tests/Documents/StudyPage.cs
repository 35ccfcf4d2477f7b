namespace Ornstein.Tests.Documents;

/// <summary>docs/study.md.</summary>
internal static class StudyPage
{
    /// <summary>The page has these lines, one after the other.</summary>
    public static void AssertHas(IEnumerable<string> lines)
    {
        var expected = string.Concat(lines.Select(line => line + "\n"));
        Assert.True(Text().Contains(expected, StringComparison.Ordinal), $"docs/study.md lacks\n{expected}");
    }

    public static string Text() => File.ReadAllText(Path.Combine(DocumentTests.Root(), "docs", "study.md")).ReplaceLineEndings("\n");
}
