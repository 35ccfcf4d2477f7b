namespace Ornstein.Cli.Tests.Packaging;

/// <summary>Which version <c>build/compatibility</c> compares with, in a repository that has nothing else: its programs are stand-ins.</summary>
public sealed class EarlierVersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ornstein-versions-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Compatibility_OnTheCommitOfAVersion_ComparesWithTheOneBefore()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build/compatibility is a bash script");
        Assert.SkipUnless(DotNet.Run("git", _folder, "init", "--quiet", "repository").ExitCode == 0, "there is no git");
        Program("repository/build/compatibility", File.ReadAllText(Path.Combine(DotNet.Repository, "build", "compatibility")));
        Program("repository/build/pack", """
            #!/usr/bin/env bash
            mkdir -p "$2"
            for package in Ornstein.Core Ornstein.Experiments; do : > "$2/$package.$(cat "$(dirname "$0")/../version").nupkg"; done
            """);
        Program("bin/dotnet", "#!/bin/sh\n");
        Commit("1.0.0");
        Assert.Contains("no version has been released before this commit", Compare(), StringComparison.Ordinal);
        Commit("2.0.0");
        Assert.Contains("compatibility: Ornstein.Core with Ornstein.Core.1.0.0\n", Compare(), StringComparison.Ordinal);
        Commit(null);
        Assert.Contains("compatibility: Ornstein.Experiments with Ornstein.Experiments.2.0.0\n", Compare(), StringComparison.Ordinal);
    }

    private void Program(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Commit(string? version)
    {
        File.WriteAllText(Path.Combine(_folder, "repository", "version"), version ?? "next");
        Git("add", "build", "version");
        Git("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", version ?? "next");
        if (version is not null) Git("tag", "v" + version);
    }

    private void Git(params string[] arguments) => Assert.Equal((0, ""), DotNet.Run("git", Path.Combine(_folder, "repository"), arguments));

    private string Compare()
    {
        (int code, string output) = DotNet.Run(
            "env", Path.Combine(_folder, "repository"), $"PATH={Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}", "build/compatibility");
        Assert.True(code == 0, output);
        return output;
    }
}
