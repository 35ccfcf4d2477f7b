using System.Text.RegularExpressions;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The documentation as a site: it is built without a warning, no link in it is dead, and reading it asks no other host.</summary>
public sealed partial class SiteTests(Site site) : IClassFixture<Site>
{
    [Fact(Explicit = true)]
    public void Site_OfTheRepository_HasFrontPageTutorialAndReference()
    {
        OnLinux();
        Assert.Contains("<h1 id=\"ornstein\">Ornstein</h1>", site.Read("index.html"), StringComparison.Ordinal);
        Assert.Contains("From MNIST to your own images", site.Read("docs/tutorial.html"), StringComparison.Ordinal);
        string type = site.Read("api/Ornstein.Smoothing.SmoothingOperator.html");
        Assert.Contains("Class SmoothingOperator", type, StringComparison.Ordinal);
        Assert.Contains("The Ornstein-Uhlenbeck (noise) operator", type, StringComparison.Ordinal); // From the source's comments.
        Assert.Contains("Class RunSettings", site.Read("api/Ornstein.Experiments.Settings.RunSettings.html"), StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Contents_BesideThePages_NameEveryPage()
    {
        OnLinux();
        string contents = site.Read("docs/toc.html");
        var named = Site.References(contents).Select(reference => reference.Target).ToHashSet(StringComparer.Ordinal);
        string[] pages = [.. Directory.EnumerateFiles(Path.Combine(DotNet.Repository, "docs"), "*.md").Select(file => Path.GetFileNameWithoutExtension(file) + ".html")];
        Assert.All([.. pages, "../index.html", "../CHANGELOG.html"], page => Assert.True(named.Contains(page), $"docs/site/pages.yml does not name {page}"));
    }

    /// <summary>Every href and src of every page, with what the scripts put beside it: the contents are pages of their own.</summary>
    [Fact(Explicit = true)]
    public void Links_OfAllPages_LeadToAFileAndAnAnchor()
    {
        OnLinux();
        Dictionary<string, string> pages = site.Pages.ToDictionary(page => page, site.Read, StringComparer.Ordinal);
        Dictionary<string, HashSet<string>> anchors = pages.ToDictionary(page => page.Key, page => Site.Anchors(page.Value), StringComparer.Ordinal);
        (string From, string Target)[] links =
        [
            .. pages.SelectMany(page => Site.References(page.Value).Select(reference => (page.Key, reference.Target))).Where(link => !OtherHost().IsMatch(link.Target)),
        ];
        string[] dead = [.. links.Where(link => !IsThere(link.From, link.Target)).Select(link => $"{link.From}: {link.Target}").Distinct(StringComparer.Ordinal)];
        Assert.True(dead.Length == 0, string.Join(Environment.NewLine, dead));
        Assert.InRange(links.Length, 5000, 1_000_000); // Else nothing was checked.

        bool IsThere(string from, string target)
        {
            string[] parts = target.Split('#');
            string path = Uri.UnescapeDataString(parts[0].Split('?')[0]);
            string file = path.Length == 0 ? from : Path.GetRelativePath(site.Folder, Path.GetFullPath(Path.Combine(site.Folder, Path.GetDirectoryName(from)!, path)));
            if (!File.Exists(Path.Combine(site.Folder, file))) return false;
            return parts.Length == 1 || parts[1].Length == 0 || anchors[file].Contains(Uri.UnescapeDataString(parts[1]));
        }
    }

    /// <summary>Links may lead elsewhere, to the reference of .NET; what a page shows and runs may not come from there.</summary>
    [Fact(Explicit = true)]
    public void Pages_WithStylesAndScripts_LoadNothingFromAnotherHost()
    {
        OnLinux();
        Assert.All(site.Pages, page => Assert.DoesNotContain(
            Site.References(site.Read(page)), reference => reference.Element is not "a" && OtherHost().IsMatch(reference.Target)));
        Assert.All(site.Files("*.css"), style => Assert.DoesNotMatch(LoadedByStyle(), site.Read(style)));
        Assert.All(site.Files("*.js"), script => Assert.DoesNotMatch(LoadedByScript(), site.Read(script)));
    }

    private static void OnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the site is made by a script of bash");

    // An address with a scheme, or one that takes the scheme of its page.
    [GeneratedRegex("^(?:[a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex OtherHost();

    // Pictures within the style itself are data: addresses.
    [GeneratedRegex("(?:url\\(|@import)\\s*[\"']?(?:https?:)?//", RegexOptions.IgnoreCase, 10_000)]
    private static partial Regex LoadedByStyle();

    // The ways a script loads, and the hosts that others' scripts usually come from; other addresses in scripts are names and licences.
    [GeneratedRegex("(?:import\\(?|from|fetch\\(|importScripts\\(|Worker\\()\\s*[\"'`](?:https?:)?//|//(?:cdn|unpkg|fonts)\\.", RegexOptions.None, 10_000)]
    private static partial Regex LoadedByScript();
}
