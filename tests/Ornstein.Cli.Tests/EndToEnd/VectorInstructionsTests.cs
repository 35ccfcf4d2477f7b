using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A run with AVX2 has the weights of one with AVX-512 where the fused engine trains it; elsewhere the program does not pretend so.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class VectorInstructionsTests : IDisposable
{
    // Layers wide enough that libtorch sums in another order: of smaller ones its results are the same bits.
    private static readonly string[] _wide =
    [
        "--train-limit", "512", "--test-limit", "500", "--validation", "100", "--latents", "32,16,8", "--hidden", "128,64,32", "--batch", "64", "--threads", "1", "--draws", "3",
        "--rho", "0.2,1", "--seeds", "0", "--epochs", "4",
    ];

    // .NET's, and those of libtorch: its own kernels, and the two libraries that it calls.
    private static readonly string[] _avx2 = ["DOTNET_EnableAVX512=0", "ATEN_CPU_CAPABILITY=avx2", "MKL_ENABLE_INSTRUCTIONS=AVX2", "ONEDNN_MAX_CPU_ISA=AVX2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Run_WithoutAvx512_TrainsTheSameBitsAndMeasuresTheSameWithinRounding()
    {
        RequireAvx512();
        ChildProgram.Run(_folder.Path, ["phase", .. _wide, "--out", "whole"]).Expect(0);
        Narrow("phase", [.. _wide, "--out", "run"]).Expect(0);
        var tensors = Directory.GetFiles(_folder.File("whole/checkpoint"), "*.safetensors");
        Assert.Equal(2, tensors.Length);
        foreach (var file in tensors) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder.File($"run/checkpoint/{Path.GetFileName(file)}")));
        Assert.Equal(Trained("whole"), Trained("run"));
        foreach (var (whole, run) in Elbos("whole").Zip(Elbos("run"))) Assert.Equal(whole, run, 1e-8 * Math.Abs(whole));
    }

    [Fact(Explicit = true)]
    public void Resume_WithOtherInstructions_WarnsOfAutogradOnly()
    {
        RequireAvx512();
        foreach (var (prior, warns) in new[] { ("standard-normal", false), ("mixture", true) })
        {
            var run = _folder.File(prior);
            using (var child = ChildProgram.Start(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "0.5", "--seeds", "0", "--epochs", "2000", "--prior", prior, "--checkpoint-seconds", "0", "--out", run]))
            {
                Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(run) > 5), "the run ended early");
                child.Kill();
            }

            using var again = Start("phase", ["--resume", "--out", run]);
            var before = TinyRun.CheckpointStep(run);
            Assert.True(again.WaitFor(() => TinyRun.CheckpointStep(run) > before), "the run ended early");
            again.Signal("INT");
            Assert.Equal(warns, again.Finish().Error.Contains("warning: this run began with AVX-512 and goes on with AVX2: libtorch's results", StringComparison.Ordinal));
        }
    }

    // Epochs without what libtorch measures of the validation data.
    private string[] Trained(string run) =>
    [
        .. File.ReadLines(_folder.File($"{run}/metrics.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).Select(epoch =>
        {
            foreach (var name in epoch.Select(entry => entry.Key).Where(name => name == "imagesPerSecond" || name.StartsWith("validation", StringComparison.Ordinal)).ToArray()) epoch.Remove(name);
            return epoch.ToJsonString();
        }),
    ];

    private double[] Elbos(string run) =>
        [.. JsonNode.Parse(File.ReadAllText(_folder.File($"{run}/phase.json")))!["members"]!.AsArray().Select(member => (double)member!["elbo"]!)];

    private static void RequireAvx512() =>
        Assert.SkipUnless(Vector512.IsHardwareAccelerated && OperatingSystem.IsLinux(), "the processor has no AVX-512 that could be left out");

    private ChildProgram Start(string command, string[] arguments) => ChildProgram.StartOther(
        _folder.Path, "env", ["--default-signal=INT,TERM", .. _avx2, "dotnet", ChildProgram.Dll, command, .. arguments]);

    private Outcome Narrow(string command, string[] arguments)
    {
        using var child = Start(command, arguments);
        return child.Finish();
    }
}
