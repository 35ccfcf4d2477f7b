using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Cli.Tests.View;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The libraries as packages in a stranger's project, and the command line as it is installed and as an archive that needs no SDK.</summary>
[Collection(PackageGroup.Name)]
public sealed class PackagingTests(PackageFeed packages) : IDisposable
{
    private static readonly string[] _tinyRun =
    [
        "phase", "--rho", "0.5,1", "--seeds", "0", "--epochs", "1", "--train-limit", "64", "--test-limit", "20", "--latents", "3,2", "--hidden", "8,8", "--out", "run",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-packaging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Explicit = true)]
    public void Package_UsedByAStrangersProject_LoadsTorch()
    {
        OnLinux();
        Assert.Equal((0, "3 Ornstein.OrnsteinException"), Consume("Ornstein.Core", """
            using TorchSharp;
            System.Console.WriteLine($"{torch.ones(3).sum().item<float>()} {typeof(Ornstein.OrnsteinException)}");
            """));
    }

    /// <summary>A run of seconds from a program of one's own: what draws and what computes is there, by way of the one package.</summary>
    [Fact(Explicit = true)]
    public void PackageOfExperiments_UsedByAStrangersProject_TrainsAndDraws()
    {
        OnLinux();
        Assert.Equal((0, "2 0.5 True"), Consume("Ornstein.Experiments", """
            using Ornstein.Experiments;
            using Ornstein.Experiments.Settings;
            var run = Run.Start(RunSettings.ForPhase with
            {
                Rho = [0.5], Seeds = [0], Epochs = 1, TrainLimit = 64, TestLimit = 20, Latents = [3, 2], Hidden = [8, 8], Threads = 1, Out = "run",
            });
            run.Figure().Save("figure.svg");
            System.Console.WriteLine($"{run.Settings.Latents[^1]} {run.Result.Members[0].Rho} {System.IO.File.Exists("figure.svg")}");
            """));
    }

    /// <summary>The samples as a stranger has them: a script beside no checkout, and the packages.</summary>
    [Theory(Explicit = true)]
    [InlineData("convolutions")]
    [InlineData("open-run")]
    [InlineData("own-parts")]
    public void Sample_WithThePackagesInPlaceOfTheProjects_Builds(string name)
    {
        OnLinux();
        WriteSources(_folder);
        string sample = File.ReadAllText(Path.Combine(DotNet.Repository, "samples", name, name + ".cs")).ReplaceLineEndings("\n");
        const string project = "#:project ../../src/Ornstein.Experiments/Ornstein.Experiments.csproj\n";
        Assert.Contains(project, sample, StringComparison.Ordinal);
        string script = Path.Combine(_folder, name + ".cs");
        File.WriteAllText(script, sample.Replace(
            project,
            $"""
            #:package Ornstein.Experiments@{packages.Version}
            #:package libtorch-cpu-linux-x64@{Pinned("LibTorchVersion")}
            #:property RestorePackagesPath=packages
            #:property RestoreAdditionalProjectFallbackFolders={MachinePackages()}

            """, StringComparison.Ordinal));
        (int code, string output) = DotNet.Run("dotnet", _folder, "build", script, "-o", Path.Combine(_folder, "out"));
        Assert.True(code == 0, output);
        Assert.True(File.Exists(Path.Combine(_folder, "out", name + ".dll")));
    }

    /// <summary>What a page of packages shows, and what a debugger asks for.</summary>
    [Fact(Explicit = true)]
    public void Packages_OfAllLibraries_HavePageIconChangelogDocumentationAndSymbolsWithSource()
    {
        OnLinux();
        Assert.All([("Ornstein.Core", "Ornstein"), ("Ornstein.Experiments", "Ornstein.Experiments")], library =>
        {
            (string id, string assembly) = library;
            Assert.Superset(
                new HashSet<string> { "README.md", "CHANGELOG.md", "icon.png", $"lib/net10.0/{assembly}.dll", $"lib/net10.0/{assembly}.xml" }, Entries($"{id}.{packages.Version}.nupkg"));
            Assert.Contains($"lib/net10.0/{assembly}.pdb", Entries($"{id}.{packages.Version}.snupkg"));
        });
        Assert.Contains("licences/digits.md", Entries($"Ornstein.Core.{packages.Version}.nupkg"));
        Assert.Contains("Inter-LICENSE.txt", Entries($"Ornstein.Experiments.{packages.Version}.nupkg"));
        Assert.Superset(new HashSet<string> { "README.md", "CHANGELOG.md", "icon.png" }, Entries($"ornstein.{packages.Version}.nupkg"));

        // Nothing names the machine that built it.
        AssertNoPath($"Ornstein.Core.{packages.Version}.snupkg", "lib/net10.0/Ornstein.pdb");
        Assert.All(["", ".Experiments", ".Studies", ".View", ".Cli"], name => AssertNoPath($"ornstein.linux-x64.{packages.Version}.nupkg", $"tools/net10.0/linux-x64/Ornstein{name}.dll"));
    }

    /// <summary>In a checkout elsewhere, and later: whoever has the source can tell whether a package was made of it.</summary>
    [Fact(Explicit = true)]
    public void Packages_MadeAgainInAnotherFolder_AreTheSameBitForBit()
    {
        OnLinux();
        (int code, string files) = DotNet.Run("git", DotNet.Repository, "ls-files", "--cached", "--others", "--exclude-standard");
        Assert.SkipUnless(code == 0, "no git, or no checkout of it");
        string another = Path.Combine(_folder, "a", "checkout", "elsewhere");
        Assert.Equal((0, ""), DotNet.Run("git", _folder, "clone", "--quiet", "--no-checkout", DotNet.Repository, another));
        foreach (string file in files.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(DotNet.Repository, file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(another, file))!);
            File.Copy(Path.Combine(DotNet.Repository, file), Path.Combine(another, file));
        }

        string again = packages.Make(another, Path.Combine(_folder, "again"));
        static string[] Hashes(string feed) =>
            [.. Directory.GetFiles(feed).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}")];
        Assert.Equal(6, Hashes(again).Length);
        Assert.Equal(Hashes(packages.Folder), Hashes(again));
    }

    /// <summary>As the README says, into an empty folder and from the packages alone.</summary>
    [Fact(Explicit = true)]
    public void Tool_InstalledFromItsPackages_TrainsAndIsPatched()
    {
        OnLinux();
        string program = InstallTool();
        AssertPatched("tools");
        AssertLoadsOnUbuntu2204("tools");
        AssertHasNotices("tools");
        Assert.Equal((0, true), Is(DotNet.Run(program, _folder, "--version"), $"ornstein {packages.Version} ("));
        Assert.Equal((0, true), Is(DotNet.Run(program, _folder, _tinyRun), "run folder: run"));
        Assert.True(File.Exists(Path.Combine(_folder, "run", "report.html")));
    }

    /// <summary>In a browser, by a person's means: the slider of rho is moved, and another picture seen.</summary>
    [Fact(Explicit = true)]
    public void Tool_InstalledFromItsPackages_ShowsItsRun()
    {
        OnLinux();
        var browser = PageBrowser.Require();
        string program = InstallTool();
        Assert.Equal((0, true), Is(DotNet.Run(program, _folder, _tinyRun), "run folder: run"));
        int port = PageBrowser.FreePort();
        using var server = ChildProgram.StartOther(_folder, program, "view", "run", "--port", $"{port}");
        Assert.True(server.WaitFor(() => PageBrowser.IsServing(port)), "the server ended early");
        var page = ChildProgram.RunOther(_folder, "node", [.. browser.Arguments("slider", port, Path.Combine(_folder, "run"), _folder)]).Expect(0);
        Assert.Contains("ok the slider of rho changes the pictures", page.Output, StringComparison.Ordinal);
    }

    private string InstallTool()
    {
        File.WriteAllText(Path.Combine(_folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="under-test" value="{packages.Folder}" />
              </packageSources>
            </configuration>
            """);
        (int code, string output) = DotNet.Run("dotnet", _folder, "tool", "install", "ornstein", "--tool-path", "tools", "--version", packages.Version);
        Assert.True(code == 0, output);
        return Path.Combine(_folder, "tools", "ornstein");
    }

    [Fact(Explicit = true)]
    public void Archive_WithoutAnSdkOnThePath_Trains()
    {
        OnLinux();
        // Beside the packages, whose libraries are compiled already.
        Assert.NotEmpty(packages.Folder);
        DotNet.Succeed(
            DotNet.Repository,
            "publish", "src/Ornstein.Cli", "-c", "Release", "-r", "linux-x64", "--self-contained", "-o", Path.Combine(_folder, "ornstein"),
            "--artifacts-path", Path.Combine(DotNet.Repository, "artifacts", "pack"), $"-p:Version={packages.Version}", "-p:RunAnalyzers=false");
        AssertPatched("ornstein");
        AssertHasNotices("ornstein");
        Assert.Equal((0, true), Is(DotNet.Run("env", _folder, ["-i", $"HOME={_folder}", "ornstein/ornstein", .. _tinyRun]), "run folder: run"));
    }

    private static void OnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "packages are made by a script of bash, and patched for what only Linux loads");

    private static (int Code, bool Said) Is((int Code, string Output) outcome, string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Output);
        return (outcome.Code, outcome.Output.Contains(text, StringComparison.Ordinal));
    }

    private void AssertPatched(string folder)
    {
        string library = Assert.Single(Directory.GetFiles(Path.Combine(_folder, folder), "libLibTorchSharp.so", SearchOption.AllDirectories));
        Assert.True(ElfVersion.IsNeededWeakly(library, ElfVersion.Newest));
    }

    // The versions that Ubuntu 22.04 has: libc6 2.35, and libstdc++6 of GCC 12. Debian 12 has libc6 2.36 and the same libstdc++6.
    private void AssertLoadsOnUbuntu2204(string folder)
    {
        var there = new Dictionary<string, Version> { ["GLIBC"] = new(2, 35), ["GLIBCXX"] = new(3, 4, 30), ["CXXABI"] = new(1, 3, 13) };
        string[] libraries = [.. Directory.GetFiles(Path.Combine(_folder, folder), "*.so*", SearchOption.AllDirectories)];
        Assert.Contains(libraries, library => Path.GetFileName(library) == "libtorch_cpu.so");
        Assert.Contains(libraries, library => Path.GetFileName(library) == "libSkiaSharp.so");
        Assert.All(libraries, library => Assert.All(ElfVersion.Newests(library), need => Assert.True(
            !there.TryGetValue(need.Key, out var newest) || need.Value <= newest, $"{library} needs {need.Key}_{need.Value}")));
    }

    // For every package that the program is made of, what that one carries, or its name in our own text.
    private void AssertHasNotices(string folder)
    {
        string made = Assert.Single(Directory.GetFiles(Path.Combine(_folder, folder), "Ornstein.Cli.deps.json", SearchOption.AllDirectories));
        string licences = Path.Combine(Path.GetDirectoryName(made)!, "licences");
        string ours = File.ReadAllText(Path.Combine(licences, "NOTICES.txt"));
        string[] parts =
        [
            .. JsonDocument.Parse(File.ReadAllBytes(made)).RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() is "package" or "runtimepack")
                .Select(library => library.Name.Split('/')[0].Replace("runtimepack.", "", StringComparison.Ordinal)),
        ];
        Assert.Contains("TorchSharp", parts);
        Assert.All(parts, part => Assert.True(
            Directory.Exists(Path.Combine(licences, part.ToLowerInvariant())) || ours.Contains($"\n{part}\n", StringComparison.Ordinal), $"{part} is in {folder} without its licence"));
        Assert.All(["LICENSE", "digits/README.md", "inter/Inter-LICENSE.txt"], text => Assert.True(File.Exists(Path.Combine(licences, text))));
        Assert.Contains("\nuPlot,", ours, StringComparison.Ordinal);
    }

    private void AssertNoPath(string package, string entry)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(packages.Folder, package));
        using var bytes = new MemoryStream();
        using (Stream file = archive.GetEntry(entry)!.Open()) file.CopyTo(bytes);
        Assert.Equal(-1, bytes.GetBuffer().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(DotNet.Repository + "/")));
    }

    private HashSet<string> Entries(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(packages.Folder, package));
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }

    // What a program printed that uses a package, which brings those it stands on.
    private (int ExitCode, string Output) Consume(string package, string program)
    {
        string consumer = Path.Combine(_folder, "consumer");
        WriteConsumer(consumer, package, program);
        DotNet.Succeed(consumer, "build", "-o", Path.Combine(_folder, "out"));
        (int exitCode, string output) = DotNet.Run("dotnet", consumer, Path.Combine(_folder, "out", "Consumer.dll"));
        return (exitCode, output.Trim());
    }

    // A folder beside the machine's own is filled with the package under test; the machine's own serves all the rest.
    private void WriteConsumer(string folder, string package, string program)
    {
        Directory.CreateDirectory(folder);
        WriteSources(folder);
        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RestorePackagesPath>../packages</RestorePackagesPath>
                <RestoreAdditionalProjectFallbackFolders>{MachinePackages()}</RestoreAdditionalProjectFallbackFolders>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{packages.Version}" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="{Pinned("LibTorchVersion")}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
    }

    private void WriteSources(string folder) => File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
        <configuration>
          <packageSources>
            <add key="under-test" value="{packages.Folder}" />
          </packageSources>
        </configuration>
        """);

    private static string Pinned(string property) =>
        System.Xml.Linq.XDocument.Load(Path.Combine(DotNet.Repository, "Directory.Packages.props")).Descendants(property).Single().Value;

    private static string MachinePackages() =>
        DotNet.Succeed(Path.Combine(DotNet.Repository, "src", "Ornstein"), "msbuild", "-getProperty:NuGetPackageRoot").Trim();
}
