using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Ornstein.Bench.Compare;
using Ornstein.Storage;

namespace Ornstein.Bench;

/// <summary>
/// `view`: how soon the page of `ornstein view` paints where a folder has many runs, in Chromium, by the script that tests the page. Fails where the median is over a second.
/// </summary>
internal static class ViewPage
{
    private const int Rounds = 7, Port = 7646;
    private const double Target = 1000; // milliseconds

    private const string Usage = "usage: view --modules NODE_MODULES [--runs N] [--json FILE]; NODE_MODULES has playwright-core, and Chromium and Node.js are on the path";

    public static int Run(IReadOnlyList<string> arguments)
    {
        if (Read(arguments) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("ornstein-view-");
        try
        {
            Fill(folder, options.Runs);
            using var server = Start("dotnet", [Program, "view", folder.FullName, "--port", $"{Port}"]);
            try
            {
                AwaitServer(server);
                return Report(Measure(folder, options), options);
            }
            finally
            {
                server.Kill(entireProcessTree: true);
            }
        }
        catch (OrnsteinException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Browser => ProgramPath.Find("chromium") ?? throw new OrnsteinException("there is no chromium on the path.");

    private static string Program => RepositoryPath.Find("src", "Ornstein.Cli", "bin", "Release", "net10.0", "Ornstein.Cli.dll");

    private static Options? Read(IReadOnlyList<string> arguments)
    {
        var options = new Options("", 1000, null);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count) return null;
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--modules": options = options with { Modules = value }; break;
                case "--json": options = options with { Json = value }; break;
                case "--runs" when int.TryParse(value, CultureInfo.InvariantCulture, out var runs) && runs > 0: options = options with { Runs = runs }; break;
                default: return null;
            }
        }

        return options.Modules.Length == 0 ? null : options;
    }

    // One run of a second, and copies of it.
    private static void Fill(DirectoryInfo folder, int runs)
    {
        var made = Path.Combine(folder.FullName, "made");
        string[] small =
        [
            "--data", "digits", "--train-limit", "256", "--test-limit", "100", "--validation", "50", "--latents", "6,4,3", "--hidden", "16,12,8",
            "--batch", "32", "--epochs", "12", "--rho", "0.2,1", "--seeds", "0,1", "--quiet", "--out", made,
        ];
        using var run = Start("dotnet", [Program, "phase", .. small]);
        var said = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        if (run.ExitCode != 0) throw new OrnsteinException($"no run could be made: {said}");
        for (var i = 0; i < runs; i++)
        {
            var copy = folder.CreateSubdirectory($"run-{i:D3}").FullName;
            foreach (var name in new[] { "config.json", "metrics.jsonl", "phase.json" }) File.Copy(Path.Combine(made, name), Path.Combine(copy, name));
        }

        Directory.Delete(made, recursive: true);
    }

    private static void AwaitServer(Process server)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30); Thread.Sleep(50))
        {
            if (server.HasExited) break;
            try
            {
                using var client = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new OrnsteinException($"'ornstein view' does not serve at port {Port}; is the port taken?");
    }

    // Milliseconds from the request to the first paint, round by round: a browser of its own in each.
    private static double[] Measure(DirectoryInfo folder, Options options)
    {
        var script = RepositoryPath.Find("tests", "Ornstein.Cli.Tests", "View", "view.cjs");
        var address = $"http://127.0.0.1:{Port}/?token={File.ReadAllText(Path.Combine(folder.FullName, ".ornstein-view"))}";
        return [.. Enumerable.Range(0, Rounds).Select(_ =>
        {
            using var browser = Start("node", [script, options.Modules, Browser, "many", address, folder.FullName, $"{options.Runs}"]);
            var said = browser.StandardOutput.ReadToEnd();
            browser.WaitForExit();
            var line = Array.Find(said.Split('\n'), line => line.StartsWith("first paint ", StringComparison.Ordinal));
            if (browser.ExitCode != 0 || line is null) throw new OrnsteinException($"the page could not be measured: {said.Trim()}");
            return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        })];
    }

    private static int Report(double[] paints, Options options)
    {
        var (first, all) = (paints[0], Quartiles.Of(paints));
        Console.WriteLine($"first paint of a list of {options.Runs} runs: {all.Median:F0} ms ({all.Lower:F0} to {all.Upper:F0}), {first:F0} ms the first time; target {Target:F0} ms");
        if (options.Json is { } file)
        {
            var document = new { machine = new Machine(), runs = options.Runs, viewFirstPaintMilliseconds = all.Median, quartiles = new[] { all.Lower, all.Upper }, firstTime = first };
            File.WriteAllText(file, JsonSerializer.Serialize(document, Comparison.Format));
        }

        return all.Median <= Target ? 0 : 1;
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new OrnsteinException($"{program} did not start.");
    }

    private sealed record Options(string Modules, int Runs, string? Json);
}
