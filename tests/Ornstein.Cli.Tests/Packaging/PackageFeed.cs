namespace Ornstein.Cli.Tests.Packaging;

/// <summary>All packages, made once by <c>build/pack</c> under a version of their own.</summary>
public sealed class PackageFeed : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-packages-").FullName;
    private readonly Lazy<string> _feed;

    public PackageFeed()
    {
        Version = "0.0.1-test." + Path.GetFileName(_folder).Split('-')[^1];
        _feed = new(Pack);
    }

    /// <summary>The version of all of them, which no other run of the tests has.</summary>
    public string Version { get; }

    /// <summary>The folder that holds them.</summary>
    public string Folder => _feed.Value;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a build needs not do: analyzers have seen the code before.</summary>
    public static string[] QuickBuild { get; } = ["-p:RunAnalyzers=false", "-nodeReuse:false"];

    /// <summary>Makes all packages of a checkout, under this version, in a folder.</summary>
    public string Make(string checkout, string feed)
    {
        (int code, string output) = DotNet.Run(
            Path.Combine(checkout, "build", "pack"), checkout,
            ["--out", feed, "--", $"-p:Version={Version}", .. QuickBuild]);
        Assert.True(code == 0, output);
        return feed;
    }

    private string Pack() => Make(DotNet.Repository, Path.Combine(_folder, "feed"));
}
