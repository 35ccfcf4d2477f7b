namespace Ornstein.Cli.Tests.Packaging;

/// <summary><c>build/compatibility</c> finds what went from the public interface.</summary>
[Collection(PackageGroup.Name)]
public sealed class CompatibilityTests(PackageFeed packages) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-compatibility-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Explicit = true)]
    public void Compatibility_WithTheSameInterface_IsFineAndWithATypeThatWent_NamesItAndFails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build/compatibility is a bash script");
        (int code, string output) = Compare(packages.Folder);
        Assert.True(code == 0, output);
        Assert.Contains("compatibility: Ornstein.Experiments with Ornstein.Experiments." + packages.Version, output, StringComparison.Ordinal);

        // The same package again, with another one.
        AssertMissesATypeThatWent();
    }

    private void AssertMissesATypeThatWent()
    {
        File.WriteAllText(Path.Combine(_folder, "Gone.cs"), "namespace Ornstein; public static class Gone { public static int Number => 1; }\n");
        File.WriteAllText(Path.Combine(_folder, "earlier.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><AssemblyName>Ornstein</AssemblyName><PackageId>Ornstein.Core</PackageId><Version>0.0.1</Version></PropertyGroup>
            </Project>
            """);
        DotNet.Succeed(_folder, "pack", "earlier.csproj", "-c", "Release", "-o", "packages");
        (int code, string output) = Compare(Path.Combine(_folder, "packages"));
        Assert.NotEqual(0, code);
        Assert.Contains("CP0001", output, StringComparison.Ordinal);
        Assert.Contains("'Ornstein.Gone'", output, StringComparison.Ordinal);
    }

    // Under the version of the packages nothing is compiled again.
    private (int Code, string Output) Compare(string with) => DotNet.Run(
        Path.Combine(DotNet.Repository, "build", "compatibility"), DotNet.Repository,
        ["--with", with, "--", $"-p:Version={packages.Version}", .. PackageFeed.QuickBuild]);
}
