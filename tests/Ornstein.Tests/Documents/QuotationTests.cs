using System.Text.RegularExpressions;

namespace Ornstein.Tests.Documents;

/// <summary>
/// Tests of documents quote in their comments the sentence whose numbers they check. The quotation has to stand in the document that the class names, so that a changed number in the text
/// fails as one in the data does.
/// </summary>
public partial class QuotationTests
{
    private static readonly string _tests = Path.Combine(DocumentTests.Root(), "tests", "Ornstein.Tests", "Documents");

    public static TheoryData<string> Classes => [.. Directory.EnumerateFiles(_tests, "*DocumentTests.cs").Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => name != nameof(DocumentTests)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Quotations_OfAllTests_AreFound() => Assert.InRange(Classes.Sum(row => Quotations(Read(row.Data)).Count()), 70, 10_000);

    [Theory]
    [MemberData(nameof(Classes))]
    public void Quotations_OfATest_StandInItsDocument(string name)
    {
        var source = Read(name);
        var text = string.Concat(PageName().Matches(source[..source.IndexOf("class ", StringComparison.Ordinal)]).Select(match => match.Value).Distinct()
            .Select(page => Plain(File.ReadAllText(Path.Combine(DocumentTests.Root(), page)))));
        Assert.True(text.Length > 0, $"the summary of {name} names no document");
        Assert.All(Quotations(source), quotation => Assert.True(text.Contains(quotation, StringComparison.Ordinal), $"{name} quotes \"{quotation}\", and its document does not say so"));
    }

    // An ellipsis stands for what is between two parts.
    private static IEnumerable<string> Quotations(string source) =>
        from line in source.Split('\n')
        let comment = Comment().Match(line)
        where comment.Success
        from quotation in Quoted().Matches(comment.Groups[1].Value)
        from part in quotation.Groups[1].Value.Split(" ... ")
        select Plain(part);

    private static string Plain(string text) => Spaces().Replace(Link().Replace(text, "$1").Replace("**", "", StringComparison.Ordinal), " ");

    private static string Read(string name) => File.ReadAllText(Path.Combine(_tests, name + ".cs"));

    [GeneratedRegex(@"docs/[\w-]+\.md")]
    private static partial Regex PageName();

    [GeneratedRegex(@"^\s*//(.*)")]
    private static partial Regex Comment();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
