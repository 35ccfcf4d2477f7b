using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Rounds of refinement: further models where layers collapse.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class RefineTests : IDisposable
{
    private static readonly string[] _arguments =
    [
        "phase", "--data", "gaussian", "--eigenvalues", "20", "--latents", "1,1", "--hidden", "none", "--rho", "0.3,0.6,1", "--seeds", "0",
        "--epochs", "120", "--batch", "1000", "--refine", "2", "--threads", "1", "--test-limit", "500", "--importance-draws", "8", "--evaluation-draws", "2",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Refine_TwoRounds_AddModelsWithinTheDropAndResumeToTheSameNumbers()
    {
        var whole = InProcess.Run(_folder.Path, [.. _arguments, "--json", "--out", "whole"]).Expect(0);
        var phase = JsonNode.Parse(whole.Output)!;
        double[] rhos = [.. phase["members"]!.AsArray().Select(member => (double)member!["rho"]!)];
        Assert.Equal(rhos.Order(), rhos);
        Assert.Equal([0.7, 0.8, 0.9], rhos.Intersect([0.7, 0.8, 0.9]).Order()); // the gap from 0.6 to 1, halved and halved again
        Assert.InRange(rhos.Length, 8, 11);
        Assert.InRange((double)phase["criticalRho"]!["high"]! - (double)phase["criticalRho"]!["low"]!, 0.02, 0.1); // 0.4 before
        Assert.Contains("round 2 of at most 2: rho ", whole.Error, StringComparison.Ordinal);
        var evaluation = InProcess.Run(_folder.Path, "eval", "whole", "--json").Expect(0).Output;
        Assert.Equal(whole.Output, TinyRun.PhaseOf(evaluation));
        Assert.Equal(rhos, JsonNode.Parse(evaluation)!["models"]!.AsArray().Select(model => (double)model!["rho"]!));
        InProcess.Run(_folder.Path, "eval", "whole/round-1").Expect(0); // a round is a run of its own

        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        var cut = _folder.File("cut");
        using (var child = ChildProgram.Start(_folder.Path, [.. _arguments, "--checkpoint-seconds", "0", "--out", "cut"]))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(Path.Combine(cut, "round-1")) >= 10), "the round ended before the signal");
            child.Signal("INT");
            Assert.Contains("interrupted in a round of refinement", child.Finish().Expect(ExitCodes.Interrupted).Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(cut, "phase.json")));
        // A round that is not at its end is not measured as if it were.
        Assert.Contains("left out: ", InProcess.Run(_folder.Path, "eval", cut).Expect(0).Error, StringComparison.Ordinal);
        InProcess.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", cut).Expect(0);
        Assert.Equal(File.ReadAllText(_folder.File("whole/phase.json")), File.ReadAllText(Path.Combine(cut, "phase.json")));
    }

    [Fact]
    public void Refine_WithRhosPerLink_IsRefused() => Assert.Contains(
        "--refine needs one number per --rho",
        TinyRun.OneLine(InProcess.Run(_folder.Path, "phase", "--rho", "0.5:0.8,1", "--refine", "1", "--out", "run")), StringComparison.Ordinal);

    [Fact]
    public void Refine_WithASingleRho_IsRefused() => Assert.Contains(
        "--refine needs two rhos at least", TinyRun.OneLine(InProcess.Run(_folder.Path, "train", "--refine", "1", "--out", "run")),
        StringComparison.Ordinal);

    [Fact]
    public void Refine_WithoutATransition_TrainsNoMore()
    {
        var outcome = InProcess.Run(_folder.Path, [
            "phase", .. TinyRun.Model, "--rho", "0.2,1", "--seeds", "0", "--epochs", "1", "--refine", "1", "--out", "run"]).Expect(0);
        Assert.Contains("no round 1: no transition: the top layer's KL is ", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("run/round-1")));
    }
}
