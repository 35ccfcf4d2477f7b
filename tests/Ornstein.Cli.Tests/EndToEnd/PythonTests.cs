using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Ornstein.Batching;
using Ornstein.Cli.Tests.Packaging;
using Ornstein.Data;
using Ornstein.Experiments;
using Ornstein.Randomness;
using Ornstein.Stacks;
using static TorchSharp.torch;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What <c>interop/ornstein_torch.py</c> makes of runs: the numbers and the samples that the program gives.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class PythonTests : IDisposable
{
    private const int Data = 300, Samples = 5;

    // Numbers of float32 here, of float64 there: a hundredth of what is promised.
    private const double Tolerance = 1e-4;

    private const string Script = """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        import numpy, torch, ornstein_torch
        run = ornstein_torch.Run("run")
        x = torch.from_numpy(numpy.fromfile("data", dtype="<f4").reshape(int(sys.argv[2]), -1))
        results = []
        for rho, remedy, seed in run.members:
            model = run.model(rho=rho, seed=seed, remedy=remedy)
            terms = model.evaluate(x)
            results.append({name: value.tolist() if hasattr(value, "tolist") else value for name, value in terms.items()} | {"samples": model.sample(int(sys.argv[3])).flatten().tolist()})
        print(json.dumps(results))
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Explicit = true)]
    [InlineData("")]
    [InlineData("--ladder --batch-norm --sampler antithetic --draws 3")]
    [InlineData("--skip both --smooth pq --activation silu --measure standard")]
    [InlineData("--data gaussian --hidden none --latents 4,2 --decoder-sigma learned")]
    public void Run_OpenedInPython_GivesTheNumbersAndSamplesOfTheProgram(string options)
    {
        var python = TorchPython.Find();
        InProcess.Run(
            _folder.Path,
            [
                "train", "--rho", "0.5,1", "--seeds", "0,1", "--epochs", "2", "--train-limit", "2000", "--test-limit", $"{Data}", "--evaluation-draws", "2", "--out", "run",
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]).Expect(0);
        var test = DatasetCatalog.Load(options.Contains("gaussian", StringComparison.Ordinal) ? "gaussian" : "digits").Test;
        float[] rows = test.Reals ?? Array.ConvertAll(test.Bytes!, pixel => pixel / 255f);
        File.WriteAllBytes(_folder.File("data"), MemoryMarshal.AsBytes(rows.AsSpan(0, Data * test.Features)));
        var theirs = JsonNode.Parse(Say(python))!.AsArray();
        var ours = JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!["members"]!.AsArray();
        Assert.Equal(4, theirs.Count);
        for (var member = 0; member < 4; member++)
        {
            if (options.Contains("--skip", StringComparison.Ordinal)) Assert.Null(theirs[member]!["elbo"]); // the sum of KLs is no bound there
            else AssertNear(ours[member]!["elbo"]!, theirs[member]!["elbo"]!);
            AssertNear(ours[member]!["reconstruction"]!, theirs[member]!["reconstruction"]!);
            foreach (var (name, other) in new[] { ("kl", "kl"), ("unsmoothedKl", "unsmoothed_kl") })
                Assert.All(ours[member]![name]!.AsArray().Zip(theirs[member]![other]!.AsArray()), pair => AssertNear(pair.First!, pair.Second!));
        }

        var opened = Run.Open(_folder.File("run"));
        using var models = opened.LoadModels();
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var samples = models.Stack.Sample(Samples, StackNoise.Shared(RandomKey.FromSeed(0).At("samples"))).reshape(4, -1);
        for (var member = 0; member < 4; member++)
        {
            var their = theirs[member]!["samples"]!.AsArray().Select(value => (float)value!);
            Assert.All(samples[member].data<float>().ToArray().Zip(their), pair => Assert.InRange(pair.First - pair.Second, -Tolerance, Tolerance));
        }
    }

    [Theory(Explicit = true)]
    [InlineData("--prior mixture:3", "prior is 'mixture:3'; this module knows standard-normal")]
    [InlineData("--remedy warm-up:1+anneal --rho 0.5", "the remedy 'warm-up:1+anneal' has anneal; this module knows none, warm-up, ")]
    [InlineData("--remedy committed-rate:0.1", "the remedy 'committed-rate:0.1' has committed-rate:0.1; this module knows none, warm-up, ")]
    [InlineData("--networks convolution --latents 2x14x14,4 --hidden 4,4", "networks is 'convolution'; this module knows perceptron")]
    public void Run_OfWhatTheModuleDoesNotKnow_IsRefusedByName(string options, string message)
    {
        var python = TorchPython.Find();
        InProcess.Run(
            _folder.Path, ["train", "--seeds", "0", "--epochs", "1", "--train-limit", "200", "--test-limit", "20", "--out", "run", .. options.Split(' ')]).Expect(0);
        File.WriteAllBytes(_folder.File("data"), []);
        Outcome outcome = Start(python);
        Assert.NotEqual(0, outcome.Code);
        Assert.StartsWith($"ValueError: {message}", outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Model_ThatDiverged_IsRefusedByName()
    {
        var python = TorchPython.Find();
        InProcess.Run(
            _folder.Path, "train", "--seeds", "0", "--epochs", "1", "--train-limit", "200", "--test-limit", "20", "--out", "run").Expect(0);
        var state = JsonNode.Parse(File.ReadAllText(_folder.File("run/checkpoint/state.json")))!;
        state["divergedAt"]![0] = 7;
        File.WriteAllText(_folder.File("run/checkpoint/state.json"), state.ToJsonString());
        File.WriteAllBytes(_folder.File("data"), []);
        Assert.Equal("ValueError: the model with rho 1, remedy none, seed 0 diverged at step 7", Start(python).ErrorLines[^1]);
    }

    /// <summary>More than one block of rows, each of which has draws of its own.</summary>
    [Fact(Explicit = true)]
    public void Binarized_GreyPixels_AreThoseThatTheProgramDrawsOnce()
    {
        var python = TorchPython.Find();
        var pixels = new byte[5000 * 7];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 37 % 256);
        File.WriteAllBytes(_folder.File("pixels"), pixels);
        Outcome outcome = ChildProgram.RunOther(
            _folder.Path, python, "-c", """
                import sys
                sys.path.insert(0, sys.argv[1])
                import numpy, ornstein_torch
                drawn = ornstein_torch.binarized(numpy.fromfile("pixels", dtype="u1").reshape(-1, 7))
                drawn.numpy().astype("u1").tofile("drawn")
                """, Path.Combine(DotNet.Repository, "interop"));
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        using var rows = DataRows.FromPixels(pixels, 7, Binarization.Dynamic, training: false);
        var ours = new float[pixels.Length];
        rows.Read(0, ours);
        Assert.Equal(ours, Array.ConvertAll(File.ReadAllBytes(_folder.File("drawn")), pixel => (float)pixel));
    }

    private static void AssertNear(JsonNode ours, JsonNode theirs)
    {
        var (a, b) = ((double)ours, (double)theirs);
        Assert.True(Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(a)), $"{a} here and {b} in Python");
    }

    private string Say(string python) => Start(python).Expect(0).Output;

    private Outcome Start(string python) =>
        ChildProgram.RunOther(_folder.Path, python, "-c", Script, Path.Combine(DotNet.Repository, "interop"), $"{Data}", $"{Samples}");
}
