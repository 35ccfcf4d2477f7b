using System.Diagnostics;
using System.Text;

namespace Ornstein.Kill;

/// <summary>What a process left behind.</summary>
/// <param name="Code">Its exit code, with 128 and the signal's number for a signal.</param>
/// <param name="Error">What it said on standard error.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Hung">Whether it had to be ended because it did not end.</param>
internal sealed record Ending(int Code, string Error, double Seconds, bool Hung);

/// <summary>The built program as a process.</summary>
internal static class Child
{
    /// <summary>The program that is killed.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Ornstein.Cli.dll");

    /// <summary>How long a process of a second or two may take on a busy machine.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The words that start the program. Under a parent that ignores signals, as a shell's background job does Ctrl-C, it would too: env undoes that.
    /// </summary>
    public static string[] Words(IEnumerable<string> arguments) => ["env", "--default-signal=INT,TERM", "dotnet", Program, .. arguments];

    /// <summary>Runs a program to its end.</summary>
    /// <param name="folder">Where it works.</param>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="variables">Environment variables beside those that all get.</param>
    /// <param name="strike">Called once it runs, on another thread, to end it.</param>
    public static Ending Run(string folder, string[] words, IReadOnlyDictionary<string, string>? variables = null, Action<Process>? strike = null)
    {
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Surroundings(folder).Concat(variables ?? new Dictionary<string, string>())) start.Environment[name] = value;
        start.Environment.Remove("ORNSTEIN_TRACE");
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var striking = strike is null ? Task.CompletedTask : Task.Run(() => strike(process));
        var hung = !process.WaitForExit(Longest);
        if (hung) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        Task.WaitAll(output, error, striking);
        return new Ending(process.ExitCode, error.Result, clock.Elapsed.TotalSeconds, hung);
    }

    /// <summary>Runs a program that has to end well.</summary>
    public static void Expect(string folder, params string[] arguments)
    {
        var ending = Run(folder, Words(arguments));
        if (ending.Code != 0) throw new OrnsteinException($"'{string.Join(' ', arguments)}' ended with {ending.Code}: {ending.Error}");
    }

    /// <summary>Sends a signal by its name, unless the process has ended.</summary>
    public static void Signal(Process process, string name)
    {
        try
        {
            if (process.HasExited) return;
            using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", $"{process.Id}"]) { RedirectStandardError = true, UseShellExecute = false });
            kill!.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended and is gone.
        }
    }

    // All that a run keeps outside of its folder lies below the folder too, so that what it leaves there is seen.
    private static Dictionary<string, string> Surroundings(string folder) => new()
    {
        ["TMPDIR"] = Path.Combine(folder, "tmp"),
        ["XDG_CACHE_HOME"] = Path.Combine(folder, "cache"),
        ["DOTNET_EnableDiagnostics"] = "0", // sockets of the runtime, which a kill leaves behind
    };
}
