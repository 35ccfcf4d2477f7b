namespace Ornstein.Tests.Documents;

/// <summary>The remedy that docs/remedies.md writes is the one that is tested.</summary>
public class RemedyDocumentTests
{
    [Fact]
    public void OwnRemedy_OfTheDocument_IsTheClassOfTheTests()
    {
        var root = DocumentTests.Root();
        var code = File.ReadAllText(Path.Combine(root, "docs", "remedies.md")).ReplaceLineEndings("\n").Split("```csharp\n")[1].Split("```")[0];
        var file = File.ReadAllText(Path.Combine(root, "tests", "Ornstein.Tests", "Remedies", "Capacity.cs")).ReplaceLineEndings("\n");
        Assert.StartsWith("public sealed record Capacity", code, StringComparison.Ordinal);
        Assert.EndsWith(code, file, StringComparison.Ordinal);
    }
}
