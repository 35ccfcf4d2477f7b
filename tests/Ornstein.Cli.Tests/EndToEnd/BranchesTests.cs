using System.Text.Json;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A top layer taken to every rho from an alive and from a collapsed beginning.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class BranchesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A linear model of one direction with variance 5 and decoder variance 1: z2 leaves zero continuously at rho = 1 - 1/5 = 0.8 (docs/theory.md, "Two
    /// levels"), so that there is one state at every rho, and the collapsed one is left up to there.
    /// </summary>
    [Fact(Explicit = true)]
    public void Phase_BranchesOfTwoLinearLevels_HaveTheLimitOfTheoryAndNoHysteresis()
    {
        string[] options =
        [
            "--data", "gaussian", "--eigenvalues", "5", "--latents", "1,1", "--hidden", "none", "--sampler", "antithetic", "--draws", "2", "--batch", "2250",
            "--learning-rate", "0.03", "--epochs", "200", "--rho", "0.5,0.7,0.9,1", "--seeds", "0,1", "--threads", "1",
        ];
        var outcome = InProcess.Run(_folder.Path, ["phase", "--branches", "both", .. options, "--json", "--out", "run"]);
        outcome.Expect(0);
        var result = JsonSerializer.Deserialize<BranchesResult>(outcome.Output, ResultJson.Indented)!;
        Assert.Equal(outcome.Output, File.ReadAllText(_folder.File("run/branches.json")));
        Assert.All(result.Points, point => Assert.Equal(point.Rho < 0.8 ? BranchState.Alive : BranchState.Collapsed, point.State));
        Assert.Equal((0.7, 0.9), (result.Stability.Low, result.Stability.High));
        Assert.All(result.Roots, root => Assert.Equal([0, 1], root.Seeds));
        foreach (var file in new[] { "branches.png", "branches.svg", "report.html", "from-alive/phase.json", "from-collapsed/report.html" })
            Assert.True(File.Exists(_folder.File($"run/{file}")), file);
    }

    [Fact]
    public void Resume_OfTwoBranches_GoesOnToTheSameNumbers()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        string[] run = ["phase", "--branches", "both", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "40", "--learning-rate", "0.003"];
        InProcess.Run(_folder.Path, [.. run, "--out", "whole"]).Expect(0);
        using (var child = ChildProgram.Start(_folder.Path, [.. run, "--checkpoint-seconds", "0", "--out", "cut"]))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(_folder.File("cut/from-alive")) >= 10), "the run ended before the signal");
            child.Signal("INT");
            var stopped = child.Finish();
            stopped.Expect(ExitCodes.Interrupted);
            Assert.Contains("continue with: ornstein phase --resume --out cut", stopped.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder.File("cut/from-collapsed")));
        // Moved in between: where the roots lie follows from the run's own folder.
        Directory.Move(_folder.File("cut"), _folder.File("moved"));
        InProcess.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", "moved").Expect(0);
        Assert.Equal(File.ReadAllText(_folder.File("whole/branches.json")), File.ReadAllText(_folder.File("moved/branches.json")));

        // Its stacks are ordinary runs; it is none itself.
        InProcess.Run(_folder.Path, "eval", "moved/from-collapsed").Expect(0);
        foreach (var command in new[] { "eval", "diagnose", "compare" })
        {
            Assert.Contains(
                "is a run of two branches (--branches both); name one of its stacks: moved/from-alive", TinyRun.OneLine(InProcess.Run(_folder.Path, command, "moved")),
                StringComparison.Ordinal);
        }
    }

    /// <summary>Killed between phase.json of a stack, which comes first, and its report, which comes last.</summary>
    [Fact(Explicit = true)]
    public void Resume_StackWithoutItsReport_WritesWhatIsMissing()
    {
        InProcess.Run(
            _folder.Path, ["phase", "--branches", "both", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "40", "--learning-rate", "0.003", "--out", "run"]).Expect(0);
        string[] Files() => [.. Directory.EnumerateFiles(_folder.File("run"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var (all, result) = (Files(), File.ReadAllText(_folder.File("run/branches.json")));
        foreach (var file in new[] { "from-alive/report.html", "from-alive/phase.png", "root-collapsed/report.html", "branches.json", "report.html" }) File.Delete(_folder.File($"run/{file}"));
        InProcess.Run(_folder.Path, "phase", "--resume", "--out", "run").Expect(0);
        Assert.Equal(all, Files());
        Assert.Equal(result, File.ReadAllText(_folder.File("run/branches.json")));
    }

    [Theory]
    [InlineData("--rho 1", "give a rho below 1 as well")]
    [InlineData("--rho 0:0.5,1", "--rho 0:0.5 has several")]
    [InlineData("--refine 1", "--refine adds others")]
    [InlineData("--start-from run", "--start-from brings another beginning")]
    [InlineData("--remedy none,beta:0.5", "give a single one")]
    [InlineData("--remedy warm-up:5", "whose KL weight moves while it trains")]
    [InlineData("--remedy anneal", "whose rho moves while it trains")]
    [InlineData("--latents 8 --hidden 16", "a single layer has no rho")]
    public void Phase_BranchesThatCannotBe_AreOneLineAndLeaveNothing(string options, string expected)
    {
        Assert.Contains(
            expected, TinyRun.OneLine(InProcess.Run(_folder.Path, ["phase", "--branches", "both", .. options.Split(' '), "--out", "refused"])), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("refused")));
    }

    [Fact]
    public void Phase_BranchesOfATopLayerThatNeverCollapses_SayWhichRootIsMissing()
    {
        // A KL that costs next to nothing keeps every layer alive at any rho.
        var outcome = InProcess.Run(
            _folder.Path, ["phase", "--branches", "both", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "30", "--learning-rate", "0.003", "--remedy", "beta:0.01", "--out", "run"]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains("no seed's top layer is collapsed", outcome.ErrorLines[^1], StringComparison.Ordinal);
    }
}
