using System.Text.RegularExpressions;
using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Architecture;

/// <summary>What docs/architecture.md says a part costs, counted again. That the examples work, <c>SampleTests</c> and the library's tests see.</summary>
public sealed partial class PartTests
{
    public static TheoryData<string, string, int, string, string> Rows
    {
        get
        {
            var table = File.ReadAllText(Path.Combine(DotNet.Repository, "docs", "architecture.md")).Split("| to add |")[1].Split("\n\n")[0];
            var rows = new TheoryData<string, string, int, string, string>();
            foreach (var row in Row().Matches(table).Cast<Match>())
                rows.Add(row.Groups[1].Value, row.Groups[2].Value, int.Parse(row.Groups[3].Value), row.Groups[4].Value, row.Groups[5].Value);
            return rows;
        }
    }

    [Fact]
    public void Table_OfParts_HasARowForEachInterface() => Assert.Equal(
        ["IDatasetSource", "ILikelihood", "IMeasure", "INetworkFamily", "IPrior", "IRemedy"],
        Rows.Select(row => row.Data.Item2).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Example_OfAPart_IsThatManyFilesWithOneCallThatMakesItKnown(string what, string type, int files, string call, string example)
    {
        var path = Path.GetFullPath(Path.Combine(DotNet.Repository, "docs", example));
        var code = File.ReadAllText(path);
        var isModules = type == "INetworkFamily" && code.Contains("new ModuleNetworks(", StringComparison.Ordinal);
        Assert.True(isModules || Regex.IsMatch(code, $@"\b(record|class) \w+(\([^)]*\))? : {type}\b", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{what}: {example} has no {type}");
        if (!example.Contains("/samples/", StringComparison.Ordinal)) return; // a class of the tests, which others stand beside

        // A sample's folder is all of it, and only public things can be used from there.
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!, "*.cs"));
        Assert.Equal(1, files);
        Assert.Contains($"{call}(", code, StringComparison.Ordinal);
        Assert.Single(typeof(Shape).Assembly.GetTypes(), candidate => candidate.Name == type && candidate.IsPublic);
    }

    /// <summary>What was given to others to see would be used by samples without anybody noticing.</summary>
    [Fact]
    public void Samples_AreNoFriendsOfTheLibrary()
    {
        string[] samples = [.. Directory.GetDirectories(Path.Combine(DotNet.Repository, "samples")).Select(Path.GetFileName).OfType<string>()];
        Assert.Equal(["convolutions", "open-run", "own-parts"], samples.Order(StringComparer.Ordinal));
        foreach (var project in Directory.GetFiles(Path.Combine(DotNet.Repository, "src"), "*.csproj", SearchOption.AllDirectories))
            Assert.DoesNotMatch("InternalsVisibleTo Include=\"(?!Ornstein)", File.ReadAllText(project));
    }

    [GeneratedRegex(@"^\| ([^|`]+) \| `(\w+)`[^|]* \| (\d) \| `([\w.]+)` \| \[[^\]]+\]\(([^)]+)\) \|", RegexOptions.Multiline, 1000)]
    private static partial Regex Row();
}
