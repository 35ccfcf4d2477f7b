using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A run whose data are no longer what they were, or lie elsewhere now.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class DataChangeTests : IDisposable
{
    private static readonly string[] _tiny =
        ["--latents", "3,2", "--hidden", "6,5", "--batch", "16", "--draws", "2", "--seeds", "0", "--evaluation-draws", "2", "--validation", "5"];

    private readonly TemporaryFolder _folder = new();

    public DataChangeTests() => IdxFolder.Write(_folder.File("data"), train: 60, test: 20, side: 4);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(90, Explicit = true)] // more of them
    [InlineData(60)] // as many, all black
    public void Resume_DataReplaced_IsRefusedWithBothFingerprints(int count)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using (var child = ChildProgram.Start(_folder.Path, ["train", "--data", "data", .. _tiny, "--epochs", "30000", "--checkpoint-seconds", "0", "--out", "run"]))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(_folder.File("run")) > 3));
            child.Signal("INT");
            child.Finish().Expect(ExitCodes.Interrupted);
        }

        Replace(count, black: count == 60);
        var before = TinyRun.Snapshot(_folder.File("run"));
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, "train", "--resume", "--out", "run").Expect(1));
        Assert.Contains("are not those of the run in 'run' any more: training data were 55 x 16, ", line, StringComparison.Ordinal);
        Assert.Contains($" and are {count - 5} x 16, ", line, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.File("run")));
    }

    [Theory]
    [InlineData("train --resume --out run")]
    [InlineData("eval run")]
    [InlineData("diagnose run")]
    [InlineData("spectrum run")]
    [InlineData("sample run")]
    public void AnyCommand_OnAFinishedRunWhoseDataWereReplaced_IsRefusedAndChangesNothing(string command)
    {
        Train();
        Replace(60, black: true);
        var before = TinyRun.Snapshot(_folder.File("run"));
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, command.Split(' ')).Expect(1));
        Assert.Contains("are not those of the run in 'run' any more", line, StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.File("run")));
    }

    [Fact]
    public void AnyCommand_WithDataThatWereMoved_MeasuresWhatTheRunDid()
    {
        Train();
        Directory.Move(_folder.File("data"), _folder.File("moved"));
        Assert.Contains("is neither a data set", TinyRun.OneLine(InProcess.Run(_folder.Path, "eval", "run").Expect(1)), StringComparison.Ordinal);
        var outcome = InProcess.Run(_folder.Path, "eval", "run", "--data", "moved", "--json").Expect(0);
        var (again, first) = (JsonNode.Parse(outcome.Output)!["phase"]!["members"]!, JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!["members"]!);
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        foreach (var command in new[] { "diagnose", "spectrum", "sample", "eval" })
            Assert.DoesNotContain("OTHER DATA", InProcess.Run(_folder.Path, command, "run", "--data", "moved").Expect(0).Output, StringComparison.Ordinal);
        InProcess.Run(_folder.Path, "train", "--resume", "--data", "moved", "--out", "run").Expect(0);
        InProcess.Run(_folder.Path, "eval", "run").Expect(0); // it knows the new place now
        Assert.Equal(first.ToJsonString(), JsonNode.Parse(File.ReadAllText(_folder.File("run/phase.json")))!["members"]!.ToJsonString());
    }

    /// <summary>Branches are runs of their own inside a run, as rounds of refinement are, and know the data's place themselves.</summary>
    [Fact]
    public void Resume_WithDataThatWereMoved_GoesOnWithEveryPartOfARun()
    {
        string[] phase = ["phase", "--data", "data", .. _tiny, "--rho", "0.5", "--branches", "both", "--epochs", "1", "--out", "run"];
        var first = InProcess.Run(_folder.Path, phase);
        Directory.Move(_folder.File("data"), _folder.File("moved"));
        var again = InProcess.Run(_folder.Path, "phase", "--resume", "--data", "moved", "--out", "run");
        // Whatever became of the first run: that a branch cannot begin is the same both times.
        Assert.Equal((first.Code, first.ErrorLines[^1]), (again.Code, again.ErrorLines[^1]));
        foreach (var part in Directory.EnumerateDirectories(_folder.File("run")).Where(part => File.Exists(Path.Combine(part, "config.json"))))
            Assert.Equal(_folder.File("moved"), (string)JsonNode.Parse(File.ReadAllText(Path.Combine(part, "config.json")))!["data"]!);
        Assert.NotEmpty(Directory.EnumerateDirectories(_folder.File("run"), "ro*"));
    }

    [Theory]
    [InlineData("eval", 4)]
    [InlineData("diagnose", 1)]
    [InlineData("spectrum", 1)]
    public void Measuring_OnOtherData_SaysSoInEveryTableAndFile(string command, int tables)
    {
        Train();
        IdxFolder.Write(_folder.File("other"), train: 60, test: 30, side: 4);
        var output = InProcess.Run(_folder.Path, command, "run", "--data", "other").Expect(0).Output;
        Assert.Equal(tables, output.Split("MEASURED ON OTHER DATA: not the data that the run was trained and tested on (").Length - 1);
        var json = JsonNode.Parse(InProcess.Run(_folder.Path, command, "run", "--data", "other", "--json").Expect(0).Output)!;
        Assert.StartsWith("not the data", (string)(json["phase"] ?? json)["otherData"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_GreyDataInThePlaceOfBinary_DrawsThemToBinaryOnce()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.File("data")))
        {
            var bytes = File.ReadAllBytes(file);
            for (var i = 16; i < bytes.Length; i++) bytes[i] = (byte)(bytes[i] > 127 ? 255 : 0);
            File.WriteAllBytes(file, bytes);
        }

        Train();
        Assert.Equal("none", (string)JsonNode.Parse(File.ReadAllText(_folder.File("run/config.json")))!["binarization"]!);
        IdxFolder.Write(_folder.File("grey"), train: 60, test: 20, side: 4, seed: 3);
        string Elbo(params string[] more) => JsonNode.Parse(InProcess.Run(_folder.Path, ["eval", "run", "--data", "grey", "--json", .. more]).Expect(0).Output)!
            ["phase"]!["members"]![0]!["elbo"]!.ToJsonString();
        Assert.Equal(Elbo("--binarization", "dynamic"), Elbo());
        Assert.NotEqual(Elbo("--binarization", "none"), Elbo());
    }

    [Fact]
    public void Compare_RunsOfDifferentContentUnderOneName_IsRefused()
    {
        Train("one");
        Replace(60, black: false);
        Train("two");
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, "compare", "one", "two").Expect(1));
        Assert.Contains("the content of the test data is 20 x 16, ", line, StringComparison.Ordinal);
        Assert.Contains("not comparable", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_RunsOfOneContentUnderTwoNames_IsDone()
    {
        Train("one");
        Directory.Move(_folder.File("data"), _folder.File("moved"));
        InProcess.Run(_folder.Path, ["train", "--data", "moved", .. _tiny, "--epochs", "1", "--out", "two"]).Expect(0);
        InProcess.Run(_folder.Path, "compare", "one", "two").Expect(0);
    }

    [Fact]
    public void Resume_TheSameCommandAgain_StartsOrGoesOn()
    {
        string[] script = ["train", "--resume", "--data", "data", .. _tiny, "--epochs", "1", "--out", "run"];
        var first = InProcess.Run(_folder.Path, script).Expect(0);
        Assert.Contains("there is no run in run yet: it is started", first.Error, StringComparison.Ordinal);
        var before = TinyRun.Snapshot(_folder.File("run/checkpoint"));
        InProcess.Run(_folder.Path, script).Expect(0);
        Assert.Equal(before, TinyRun.Snapshot(_folder.File("run/checkpoint")));
        Assert.Contains("--epochs 2 differs from 1", TinyRun.OneLine(InProcess.Run(_folder.Path, [.. script.Select(word => word == "1" ? "2" : word)]).Expect(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_IntoAFolderThatAnotherRunReserved_IsRefusedAtOnce()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using var child = ChildProgram.Start(_folder.Path, ["train", "--data", "data", .. _tiny, "--epochs", "30000", "--out", "run"]);
        Assert.True(child.WaitFor(() => File.Exists(_folder.File("run/config.json")))); // the lock file is there a moment before the lock is
        child.Signal("STOP");
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, ["train", "--data", "data", .. _tiny, "--epochs", "1", "--out", "run"]).Expect(1));
        Assert.Contains("run folder 'run'", line, StringComparison.Ordinal);
        child.Kill();
    }

    [Fact]
    public void Study_ACellWhoseDataChangedSinceAnother_IsRefusedAndSoIsTheReport()
    {
        _folder.File("study.json", """
            { "settings": { "data": "data", "latents": [3, 2], "hidden": [6, 5], "rho": [0.5, 1], "seeds": [0], "epochs": 1, "threads": 1, "evaluationDraws": 2 },
              "models": { "a": { "batch": 16 }, "b": { "batch": 20 } },
              "experiments": { "both": { "models": ["a", "b"] } } }
            """);
        InProcess.Run(_folder.Path, "study", "run", "study.json", "--only", "a").Expect(0);
        Replace(60, black: false);
        var refused = InProcess.Run(_folder.Path, "study", "run", "study.json").Expect(1);
        Assert.Contains("which names the same", refused.Error, StringComparison.Ordinal);
    }

    private void Train(string run = "run") =>
        InProcess.Run(_folder.Path, ["train", "--data", "data", .. _tiny, "--rho", "0.5,1", "--epochs", "1", "--out", run]).Expect(0);

    private void Replace(int count, bool black)
    {
        Directory.Delete(_folder.File("data"), recursive: true);
        IdxFolder.Write(_folder.File("data"), train: count, test: 20, side: 4, seed: 2);
        if (!black) return;
        foreach (var file in Directory.EnumerateFiles(_folder.File("data")))
        {
            var bytes = File.ReadAllBytes(file);
            Array.Clear(bytes, 16, bytes.Length - 16);
            File.WriteAllBytes(file, bytes);
        }
    }
}
