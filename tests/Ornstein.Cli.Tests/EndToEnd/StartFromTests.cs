using System.Text.Json;
using System.Text.Json.Nodes;
using Ornstein.Results;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A run that begins with the weights of another.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class StartFromTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>At a learning rate below every float's half step weights stay, and the ELBO, which is of the unsmoothed model, at every rho.</summary>
    [Fact]
    public void Train_StartFrom_BeginsWithTheWeightsOfEverySeed()
    {
        tiny.CopyWhole(_folder);
        Train("new", "--start-from", "run", "--start-rho", "0.2", "--rho", "0.2,0.6", "--seeds", "1,0", "--epochs", "1", "--learning-rate", "1e-30").Expect(0);
        var stored = Members(_folder.File("run")).Where(member => member.Rho == 0.2).ToDictionary(member => member.Seed);
        var members = Members(_folder.File("new"));
        Assert.Equal([(0.2, 1L), (0.2, 0), (0.6, 1), (0.6, 0)], members.Select(member => (member.Rho, member.Seed)));
        Assert.All(members, member => Assert.Equal(stored[member.Seed].Elbo, member.Elbo));
        Assert.All(members.Where(member => member.Rho == 0.2), member => Assert.Equal(stored[member.Seed].Kl, member.Kl));
        Assert.All(members.Where(member => member.Rho == 0.6), member => Assert.NotEqual(stored[member.Seed].Kl[0], member.Kl[0]));

        var config = JsonNode.Parse(File.ReadAllText(_folder.File("new/config.json")))!;
        Assert.Equal(_folder.File("run"), (string?)config["startFrom"]);
        Assert.Equal(0.2, (double)config["startRho"]!);
        Assert.Contains("--start-from run --start-rho 0.2", (string?)config["provenance"]!["command"], StringComparison.Ordinal);
    }

    /// <summary>The optimizer is a new one: after one epoch the numbers are those of no run that went on.</summary>
    [Fact]
    public void Resume_OfARunThatStartedFromAnother_DoesNotReadItAgain()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        tiny.CopyWhole(_folder);
        string[] start = ["--start-from", "run", "--start-rho", "0.2", "--rho", "0.5", "--seeds", "0", "--epochs", "12"];
        Train("whole", start).Expect(0);
        using (var child = ChildProgram.Start(_folder.Path, ["train", .. TinyRun.Model, .. start, "--checkpoint-seconds", "0", "--out", "cut"]))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(_folder.File("cut")) >= 10), "the run ended before the signal");
            child.Signal("INT");
            child.Finish().Expect(ExitCodes.Interrupted);
        }

        Assert.InRange(TinyRun.CheckpointStep(_folder.File("cut")), 10, TinyRun.Steps - 1);
        Directory.Delete(_folder.File("run"), recursive: true);
        Train("cut", [.. start, "--resume"]).Expect(0);
        Assert.Equal(File.ReadAllText(_folder.File("whole/phase.json")), File.ReadAllText(_folder.File("cut/phase.json")));
    }

    /// <summary>The first checkpoint is written before the first step: the average of the weights in it was zero once, and a run that was killed then went on from there.</summary>
    [Fact]
    public void Resume_FromTheFirstCheckpoint_HasTheAverageOfTheWeightsThatItBeganWith()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        tiny.CopyWhole(_folder);
        string[] start = ["--start-from", "run", "--start-rho", "0.2", "--rho", "0.5", "--seeds", "0", "--epochs", "300", "--ema", "0.99"]; // so long that it is killed before its end
        Train("whole", start).Expect(0);
        using (var child = ChildProgram.Start(_folder.Path, ["train", .. TinyRun.Model, .. start, "--checkpoint-seconds", "1000", "--out", "cut"]))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(_folder.File("cut")) >= 0));
            child.Kill();
        }

        Train("cut", [.. start, "--resume"]).Expect(0);
        Assert.Equal(File.ReadAllText(_folder.File("whole/phase.json")), File.ReadAllText(_folder.File("cut/phase.json")));
    }

    [Theory]
    [InlineData("--start-from nosuch", "run folder '")]
    [InlineData("--start-from run", "has models of rho 0.2, 1; say with --start-rho which of them to take")]
    [InlineData("--start-from run --start-rho 0.5", "--start-rho 0.5 is no rho of --start-from ")]
    [InlineData("--start-from run --start-rho 1 --seeds 2", "has no model of seed 2; it has seeds 0, 1")]
    [InlineData("--start-from run --start-rho 1 --latents 6,4,2", "--latents 6,4,2 differs from 6,4,3 of --start-from ")]
    [InlineData("--start-from run --start-rho 1 --activation tanh", "--activation tanh differs from leaky-relu of --start-from ")]
    [InlineData("--start-from run --start-rho 1 --likelihood gaussian", "--likelihood gaussian differs from bernoulli of --start-from ")]
    [InlineData("--start-from run --start-rho 1 --train-limit 200", "is a run on other data: its training data were ")]
    [InlineData("--start-from run --start-rho 1 --rho 0.5,1 --refine 2", "--refine trains at rhos that are found later, and --start-from reads the other run once, at the start")]
    [InlineData("--start-rho 1", "--start-rho 1 says which models of --start-from to take, which is not given")]
    public void Train_StartFromWhatDoesNotFit_IsOneLineAndLeavesNothing(string options, string expected)
    {
        tiny.CopyWhole(_folder);
        Refused(expected, options.Split(' '));
    }

    [Fact]
    public void Train_StartFromAnUnfinishedRun_IsRefused()
    {
        tiny.CopyInterrupted(_folder);
        Refused("is not finished: it stands at step ", "--start-from", "run", "--start-rho", "1");
    }

    [Fact]
    public void Train_StartFromAModelThatDivergedOrIsNotFinite_IsRefusedAndOthersAreNot()
    {
        var run = tiny.CopyWhole(_folder);
        SpoiledWeights.Fill(run, float.NaN, 1);
        Refused("its model of seed 1 has weights that are not finite", "--start-from", "run", "--start-rho", "0.2", "--seeds", "0,1");
        var path = Path.Combine(run, "checkpoint", "state.json");
        var state = JsonNode.Parse(File.ReadAllText(path))!;
        state["divergedAt"]![2] = 7;
        File.WriteAllText(path, state.ToJsonString());
        Refused("its model of seed 0 diverged at step 7", "--start-from", "run", "--start-rho", "1");
        Train("new", "--start-from", "run", "--start-rho", "0.2", "--epochs", "1").Expect(0);
    }

    /// <summary>Of several remedies a model takes that of its own; of a single one any does.</summary>
    [Fact]
    public void Train_StartFromSeveralRemedies_TakesItsOwn()
    {
        Train("first", "--rho", "1", "--seeds", "0", "--epochs", "1", "--remedy", "beta:0.1,none").Expect(0);
        Train("second", "--start-from", "first", "--epochs", "1", "--remedy", "none,beta:0.1", "--learning-rate", "1e-30").Expect(0);
        Assert.Equal(
            Members(_folder.File("first")).Select(member => (member.Remedy, member.Elbo)).OrderBy(member => member.Elbo),
            Members(_folder.File("second")).Select(member => (member.Remedy, member.Elbo)).OrderBy(member => member.Elbo));
        Refused("has no model of remedy beta:2; it has beta:0.1, none", "--start-from", "first", "--remedy", "beta:2");
    }

    private Outcome Train(string name, params string[] options) => InProcess.Run(_folder.Path, ["train", .. Model(options), .. options, "--out", name]);

    // An option given twice is a mistake: those of the test take the place of the model's.
    private static IEnumerable<string> Model(string[] options) => TinyRun.Model.Chunk(2).Where(pair => !options.Contains(pair[0])).SelectMany(pair => pair);

    private void Refused(string expected, params string[] options)
    {
        Assert.Contains(expected, TinyRun.OneLine(Quiet(Train("refused", options))), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("refused")));
    }

    // Warnings and notes come before what stands in the way.
    private static Outcome Quiet(Outcome outcome) => outcome with { Error = outcome.ErrorLines[^1] };

    private static MemberResult[] Members(string run) =>
        JsonSerializer.Deserialize<PhaseResult>(File.ReadAllText(Path.Combine(run, "phase.json")), ResultJson.Indented)!.Members;
}
