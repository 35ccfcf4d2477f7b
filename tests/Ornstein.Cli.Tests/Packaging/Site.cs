using System.Net;
using System.Text.RegularExpressions;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The documentation as a site, made once by <c>build/site</c> from the libraries that these tests run with.</summary>
public sealed partial class Site : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-site-").FullName;
    private readonly Lazy<string> _site;

    public Site() => _site = new(Build);

    /// <summary>The folder that holds it.</summary>
    public string Folder => _site.Value;

    /// <summary>All pages, by their paths in the site.</summary>
    public IEnumerable<string> Pages => Files("*.html");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    public IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    /// <summary>What a page links to and what it loads: the element, and the value of its href or src.</summary>
    public static IEnumerable<(string Element, string Target)> References(string page) =>
        Reference().Matches(page).Select(match => (match.Groups["element"].Value, WebUtility.HtmlDecode(match.Groups["target"].Value)));

    /// <summary>The places in a page that a link may lead to.</summary>
    public static HashSet<string> Anchors(string page) => [.. Anchor().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private string Build()
    {
        // To compile the libraries again would take longer than all the rest.
        string site = Path.Combine(_folder, "site");
        (int code, string output) = DotNet.Run(
            Path.Combine(DotNet.Repository, "build", "site"), DotNet.Repository, "--out", site, "--assemblies", AppContext.BaseDirectory);
        Assert.True(code == 0, output);
        Assert.StartsWith($"site: {site}/index.html", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        return site;
    }

    [GeneratedRegex("<(?<element>[a-z]+)(?:\\s[^<>]*)?\\s(?:href|src)=\"(?<target>[^\"]*)\"", RegexOptions.None, 10_000)]
    private static partial Regex Reference();

    [GeneratedRegex("\\s(?:id|name)=\"([^\"]*)\"", RegexOptions.None, 10_000)]
    private static partial Regex Anchor();
}
