using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ornstein.Cli.Tests.Packaging;

/// <summary>The SDK's command line, and where this repository is.</summary>
internal static class DotNet
{
    public static string Repository { get; } = FindRepository();

    public static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>Runs a program and returns its exit code and all it printed.</summary>
    public static (int ExitCode, string Output) Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // What the test runner's own SDK process leaves in the environment would steer the one started here.
        string[] inherited = [.. start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))];
        foreach (string name in inherited)
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>Runs the SDK and fails the test if it fails.</summary>
    public static string Succeed(string folder, params string[] arguments)
    {
        (int exitCode, string output) = Run("dotnet", folder, [.. arguments, "-nodeReuse:false"]);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} gave {exitCode}:{Environment.NewLine}{output}");
        return output;
    }

    private static string FindRepository([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
