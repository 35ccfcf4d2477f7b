using System.Text.Json;
using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Licences;

/// <summary>A package that something here is built with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="PartOf">What it is needed for first, in the order of <see cref="LockedPackages.Uses"/>.</param>
internal sealed record LockedPackage(string Name, string Version, string PartOf);

/// <summary>All packages that the lock files and the lists of tools name.</summary>
internal static class LockedPackages
{
    /// <summary>What packages are needed for, and whose lock files say so: what is shipped first.</summary>
    public static IReadOnlyList<(string PartOf, string Project)> Uses { get; } =
    [
        ("Ornstein.Core", "src/Ornstein"),
        ("Ornstein.Experiments", "src/Ornstein.Experiments"),
        (Tool, "src/Ornstein.Studies"),
        (Tool, "src/Ornstein.View"),
        (Tool, "src/Ornstein.Cli"),
        ("tests", "tests/Ornstein.Tests"),
        ("tests", "tests/Ornstein.Cli.Tests"),
        ("tests", "tests/Ornstein.Fuzzing"),
        ("benchmarks", "bench/Ornstein.Bench"),
        ("benchmarks", "bench/Ornstein.Fuzz"),
        ("benchmarks", "bench/Ornstein.Kill"),
    ];

    private const string Tool = "ornstein", Building = "building";

    /// <summary>Whether a package that is needed for something comes to whoever uses Ornstein.</summary>
    public static bool IsShipped(string partOf) => partOf.Contains("rnstein", StringComparison.Ordinal);

    /// <summary>Every version of every package once, by name.</summary>
    public static IReadOnlyList<LockedPackage> Read() =>
    [
        .. Uses.SelectMany(use => Locked(use.Project).Select(package => package with { PartOf = IsForBuilding(package) ? Building : use.PartOf }))
            .Concat(Tools())
            .DistinctBy(package => (package.Name.ToUpperInvariant(), package.Version))
            .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase).ThenBy(package => package.Version, StringComparer.Ordinal),
    ];

    private static IEnumerable<LockedPackage> Locked(string project) =>
        from file in Directory.EnumerateFiles(Path.Combine(DotNet.Repository, project), "packages*.lock.json").Order(StringComparer.Ordinal)
        from framework in Json(file).GetProperty("dependencies").EnumerateObject()
        from package in framework.Value.EnumerateObject()
        where package.Value.GetProperty("type").GetString() is not "Project"
        select new LockedPackage(package.Name, package.Value.GetProperty("resolved").GetString()!, "");

    private static IEnumerable<LockedPackage> Tools() =>
        from file in new[] { Path.Combine(DotNet.Repository, ".config", "dotnet-tools.json"), Path.Combine(DotNet.Repository, "tests", ".config", "dotnet-tools.json") }
        from tool in Json(file).GetProperty("tools").EnumerateObject()
        select new LockedPackage(tool.Name, tool.Value.GetProperty("version").GetString()!, Building);

    // Analyzers are locked with every project and go into no program.
    private static bool IsForBuilding(LockedPackage package) => package.Name.EndsWith("Analyzer", StringComparison.Ordinal) || package.Name.EndsWith("Analyzers", StringComparison.Ordinal);

    private static JsonElement Json(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file));
}
