using System.Runtime.Intrinsics;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A run with AVX2 is one with AVX-512 where the fused engine trains it; elsewhere the program does not pretend so.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class VectorInstructionsTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Run_WithoutAvx512_GivesTheSameBits()
    {
        RequireAvx512();
        tiny.WholeOutcome.Expect(0);
        Narrow("phase", [.. TinyRun.Arguments, "--out", "run"]).Expect(0);
        tiny.AssertSame(_folder.File("run"));
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

    private static void RequireAvx512() =>
        Assert.SkipUnless(Vector512.IsHardwareAccelerated && OperatingSystem.IsLinux(), "the processor has no AVX-512 that could be left out");

    private ChildProgram Start(string command, string[] arguments) => ChildProgram.StartOther(
        _folder.Path, "env", ["--default-signal=INT,TERM", "DOTNET_EnableAVX512=0", "dotnet", ChildProgram.Dll, command, .. arguments]);

    private Outcome Narrow(string command, string[] arguments)
    {
        using var child = Start(command, arguments);
        return child.Finish();
    }
}
