namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The library as a package in a stranger's project, and the command line as it is published.</summary>
public sealed class PackagingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-packaging-").FullName;

    private string Artifacts => Path.Combine(_folder, "artifacts");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Package_UsedByAStrangersProject_LoadsTorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the package patches what only Linux loads");
        Assert.Equal((0, "3 Ornstein.OrnsteinException"), Consume(["Ornstein"], """
            using TorchSharp;
            System.Console.WriteLine($"{torch.ones(3).sum().item<float>()} {typeof(Ornstein.OrnsteinException)}");
            """));
    }

    /// <summary>A run of seconds from a program of one's own: what draws and what computes is there, by way of the one package.</summary>
    [Fact]
    public void PackageOfExperiments_UsedByAStrangersProject_TrainsAndDraws()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the package patches what only Linux loads");
        Assert.Equal((0, "2 0.5 True"), Consume(["Ornstein", "Ornstein.Experiments"], """
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

    [Fact]
    public void Publish_CommandLine_RunsAndHoldsThePatchedLibrary()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the command line is patched where it deploys what only Linux loads");
        string output = Path.Combine(_folder, "published");
        DotNet.Succeed(
            DotNet.Repository, "publish", "src/Ornstein.Cli", "-c", DotNet.Configuration, "-o", output, "--artifacts-path", Artifacts);

        string library = Assert.Single(Directory.GetFiles(output, "libLibTorchSharp.so", SearchOption.AllDirectories));
        Assert.True(ElfVersion.IsNeededWeakly(library, ElfVersion.Newest));
        Assert.Equal(0, DotNet.Run("dotnet", output, "Ornstein.Cli.dll", "--help").ExitCode);
    }

    // What a program printed that uses the last of the packages, which stand on those before.
    private (int ExitCode, string Output) Consume(string[] packages, string program)
    {
        string version = "0.0.1-test." + Path.GetFileName(_folder).Split('-')[^1];
        string feed = Path.Combine(_folder, "feed"), consumer = Path.Combine(_folder, "consumer");
        foreach (string package in packages)
        {
            DotNet.Succeed(
                DotNet.Repository, "pack", $"src/{package}", "-c", DotNet.Configuration, "-o", feed, "--artifacts-path", Artifacts,
                $"-p:PackageVersion={version}");
        }

        WriteConsumer(consumer, packages[^1], version, program);
        DotNet.Succeed(consumer, "build", "-o", Path.Combine(_folder, "out"));
        (int exitCode, string output) = DotNet.Run("dotnet", consumer, Path.Combine(_folder, "out", "Consumer.dll"));
        return (exitCode, output.Trim());
    }

    // A folder beside the machine's own is filled with the package under test; the machine's own serves all the rest.
    private static void WriteConsumer(string folder, string package, string version, string program)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), """
            <configuration>
              <packageSources>
                <add key="under-test" value="../feed" />
              </packageSources>
            </configuration>
            """);
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
                <PackageReference Include="{package}" Version="{version}" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="{Pinned("LibTorchVersion")}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), program);
    }

    private static string Pinned(string property) =>
        System.Xml.Linq.XDocument.Load(Path.Combine(DotNet.Repository, "Directory.Packages.props")).Descendants(property).Single().Value;

    private static string MachinePackages() =>
        DotNet.Succeed(Path.Combine(DotNet.Repository, "src", "Ornstein"), "msbuild", "-getProperty:NuGetPackageRoot").Trim();
}
