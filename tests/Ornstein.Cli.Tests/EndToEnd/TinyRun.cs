using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>
/// A run of a second or two: two rhos with two seeds, 96 steps. It is made once whole and once stopped at its first checkpoint;
/// tests that change a folder take a copy.
/// </summary>
public sealed class TinyRun : IDisposable
{
    public const int Steps = 96;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Outcome> _interrupted;

    public TinyRun()
    {
        Whole = _folder.File("whole");
        WholeOutcome = ChildProgram.Run(_folder.Path, ["phase", .. Arguments, "--json", "--out", Whole]);
        _interrupted = new(Interrupt);
    }

    public static string[] Model { get; } =
    [
        "--train-limit", "256", "--test-limit", "100", "--validation", "50", "--latents", "6,4,3", "--hidden", "16,12,8",
        "--batch", "32", "--threads", "1", "--draws", "3",
    ];

    public static string[] Arguments { get; } = [.. Model, "--rho", "0.2,1", "--seeds", "0,1", "--epochs", "12"];

    /// <summary>The folder of the uninterrupted run; nobody changes it, but eval stores there what it says.</summary>
    public string Whole { get; }

    internal Outcome WholeOutcome { get; }

    /// <summary>What the run said that was stopped by Ctrl-C.</summary>
    internal Outcome InterruptedOutcome => _interrupted.Value;

    /// <summary>A copy of the uninterrupted run's folder.</summary>
    internal string CopyWhole(TemporaryFolder into)
    {
        WholeOutcome.Expect(0);
        return Copy(Whole, into.File("run"));
    }

    /// <summary>A copy of the folder of the run that was stopped by Ctrl-C at its first checkpoint.</summary>
    internal string CopyInterrupted(TemporaryFolder into, string name = "run")
    {
        InterruptedOutcome.Expect(ExitCodes.Interrupted);
        return Copy(_folder.File("interrupted"), into.File(name));
    }

    /// <summary>Same results, metrics but for the speed, and weights, bit for bit.</summary>
    internal void AssertSame(string run)
    {
        Assert.Equal(File.ReadAllText(Path.Combine(Whole, "phase.json")), File.ReadAllText(Path.Combine(run, "phase.json")));
        Assert.Equal(Metrics(Whole), Metrics(run));
        var weights = Path.Combine("checkpoint", $"weights-{Steps:D8}.safetensors");
        Assert.Equal(File.ReadAllBytes(Path.Combine(Whole, weights)), File.ReadAllBytes(Path.Combine(run, weights)));
    }

    /// <summary>Every file and folder below one, with the hash of its content.</summary>
    internal static string[] Snapshot(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => path + " " + (Directory.Exists(path) ? "" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))))];

    /// <summary>The content that phase.json would have, out of what <c>eval --json</c> printed.</summary>
    internal static string PhaseOf(string evaluation) => JsonSerializer.Serialize(
        JsonSerializer.Deserialize<EvaluationResult>(evaluation, ResultJson.Indented)!.Phase, ResultJson.Indented) + Environment.NewLine;

    /// <summary>The step of the checkpoint of a run; -1 without one.</summary>
    internal static long CheckpointStep(string run)
    {
        try
        {
            return (long)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "checkpoint", "state.json")))!["step"]!;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return -1; // also of an attempt that is published between a look and a read
        }
    }

    /// <summary>The one line of a child that failed with nothing on standard output.</summary>
    internal static string OneLine(Outcome outcome)
    {
        Assert.NotEqual(0, outcome.Code);
        Assert.Equal("", outcome.Output);
        var line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith("ornstein: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("this is a defect", line, StringComparison.Ordinal);
        return line["ornstein: ".Length..];
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Interrupt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        var run = _folder.File("interrupted");
        using var child = ChildProgram.Start(_folder.Path, ["phase", .. Arguments, "--json", "--checkpoint-seconds", "0", "--out", run]);
        Assert.True(child.WaitFor(() => CheckpointStep(run) >= 10), "the run ended before the signal");
        child.Signal("INT");
        return child.Finish();
    }

    private static string[] Metrics(string run) =>
    [
        .. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
        {
            var epoch = JsonNode.Parse(line)!.AsObject();
            Assert.True(epoch.Remove("imagesPerSecond"));
            return epoch.ToJsonString();
        }),
    ];

    private static string Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }
}

/// <summary>Tests that start processes run one after another, beside the other tests.</summary>
[CollectionDefinition(Name)]
public sealed class EndToEndGroup : ICollectionFixture<TinyRun>
{
    public const string Name = "end to end";
}
