using System.Reflection;
using System.Text.RegularExpressions;

namespace Ornstein.Tests.Documents;

/// <summary>What the documents say of the code: the tests they name exist, links lead somewhere, no character was lost.</summary>
public partial class DocumentTests
{
    private static readonly string _root = Root();

    public static TheoryData<string> Documents => [.. Files().Select(file => Path.GetRelativePath(_root, file).Replace('\\', '/'))];

    [Fact]
    public void Documents_OfTheRepository_AreFound()
    {
        string[] found = [.. Documents.Select(row => row.Data)];
        Assert.All(new[] { "README.md", "CONTRIBUTING.md", "docs/theory.md" }, document => Assert.Contains(document, found));
        // Else a changed way of naming tests would leave nothing to check.
        Assert.InRange(Named("docs/theory.md").Count(), 30, 1000);
        Assert.InRange(Named("docs/harmonics.md").Count(), 15, 1000);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Tests_ThatADocumentNames_Exist(string document)
    {
        var tests = typeof(DocumentTests).Assembly.GetTypes().Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal))
            .ToLookup(type => type.Name, type => type.GetMethods().Where(IsTest).Select(method => method.Name).ToArray());
        var methods = tests.SelectMany(type => type).SelectMany(names => names).ToHashSet(StringComparer.Ordinal);
        Assert.All(Named(document), test =>
        {
            if (test.Class.Length > 0) Assert.True(tests.Contains(test.Class), $"{document} names {test.Class}, and there is none");
            if (test.Method.Length == 0) return;
            var among = test.Class.Length > 0 ? tests[test.Class].SelectMany(names => names) : methods;
            // `Of_TwoDraws_...` stands for any test that begins so.
            var isThere = test.Method.EndsWith("...", StringComparison.Ordinal)
                ? among.Any(name => name.StartsWith(test.Method[..^3], StringComparison.Ordinal))
                : among.Contains(test.Method);
            Assert.True(isThere, $"{document} names {test.Class}.{test.Method}, and there is none");
        });
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_LeadToAFileAndAHeading(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(_root, document))!;
        Assert.All(LinkTarget().Matches(WithoutCode(Read(document))).Select(match => match.Groups[1].Value), link =>
        {
            if (link.Contains("://", StringComparison.Ordinal)) return;
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = path.Length == 0 ? Path.Combine(_root, document) : Path.GetFullPath(Path.Combine(folder, path));
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{document} links to {link}, and there is no {path}");
            var isThere = anchor is null || Anchors(target).Contains(anchor);
            Assert.True(isThere, $"{document} links to {link}, and there is no such heading");
        });
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_ThatADocumentNames_Exist(string document) => Assert.All(
        Code().Matches(WithoutFences(Read(document))).Select(match => match.Groups[1].Value).Where(name => RepositoryPath().IsMatch(name)),
        path => Assert.True(Path.Exists(Path.Combine(_root, path)), $"{document} names {path}, and there is none"));

    /// <summary>A rewrapping once turned the operators of a formula into U+0001.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public void Characters_OfADocument_AreTextAndLineEnds(string document)
    {
        var text = Read(document);
        Assert.DoesNotContain('\uFFFD', text);
        var index = text.ToList().FindIndex(c => char.IsControl(c) && c is not ('\n' or '\r'));
        if (index >= 0) Assert.Fail($"{document} holds U+{(int)text[index]:X4} in line {text.AsSpan(0, index).Count('\n') + 1}");
    }

    /// <summary>The tests that a document names in backticks: <c>XTests</c>, <c>XTests.Method</c>, or a bare method.</summary>
    private static IEnumerable<(string Class, string Method)> Named(string document) => Code().Matches(WithoutFences(Read(document)))
        .Select(match => TestName().Match(match.Groups[1].Value))
        .Where(match => match.Success && !match.ValueSpan.SequenceEqual("Method_Condition_Expectation"))
        .Select(match => (match.Groups["class"].Value, match.Groups["method"].Value));

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes().Any(attribute => attribute is Xunit.v3.IFactAttribute);

    // As the usual renderers make them: lower case, without punctuation, spaces to hyphens.
    private static HashSet<string> Anchors(string file) =>
    [
        .. Heading().Matches(WithoutFences(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value.Trim().ToLowerInvariant())
            .Select(title => string.Concat(title.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-')),
    ];

    private static string WithoutFences(string text) => Fence().Replace(text, "");

    private static string WithoutCode(string text) => Code().Replace(WithoutFences(text), "");

    private static string Read(string document) => File.ReadAllText(Path.Combine(_root, document));

    private static IEnumerable<string> Files() =>
        new[] { "README.md", "CONTRIBUTING.md" }.Select(name => Path.Combine(_root, name))
            .Concat(Directory.EnumerateFiles(Path.Combine(_root, "docs"), "*.md").Order(StringComparer.Ordinal));

    internal static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Ornstein.slnx"))) return folder;
        }

        throw new InvalidOperationException("The tests run outside of the repository: there is no Ornstein.slnx above them.");
    }

    [GeneratedRegex("`([^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Code();

    [GeneratedRegex(
        @"^(?:(?<class>[A-Z]\w*Tests)(?:\.(?<method>[A-Z]\w*(?:\.\.\.)?))?|(?<method>[A-Z][a-z][A-Za-z0-9]*_\w*(?:\.\.\.)?))$",
        RegexOptions.None, 1000)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^(?:src|tests|docs|build|bench|samples)/[\w./-]+$", RegexOptions.None, 1000)]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex Fence();
}
