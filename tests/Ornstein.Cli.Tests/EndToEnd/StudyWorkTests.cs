using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Elements of a study, started as any scheduler would: by the lines that <c>study submit --launcher command</c> prints.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class StudyWorkTests : IDisposable
{
    private readonly TinyRun _tiny;
    private readonly TemporaryFolder _folder = new();

    public StudyWorkTests(TinyRun tiny)
    {
        _tiny = tiny;
        _folder.File("tiny.json", TinyStudy.Json);
    }

    private string Study => _folder.File("tiny");

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Work_LinesOfTheCommandLauncher_GiveTheResultsOfStudyRun()
    {
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path, "tiny"));
        var shown = Ornstein("submit", "tiny.json", "--launcher", "command", "--dry-run").Expect(0).Output;
        Assert.False(Directory.Exists(Study));
        var lines = Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries), lines);
        Assert.Equal(3, lines.Length);
        Assert.Contains("waiting: L3/p: given out as element 0 of submission 1", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        Assert.Contains("nothing to submit: of 3 cells 0 are done, 0 running, 3 submitted", TinyRun.OneLine(Ornstein("submit", "tiny.json", "--launcher", "command")), StringComparison.Ordinal);

        // One cell by 'study run', the others by elements; the element of the first finds it done.
        Ornstein("run", "tiny.json", "--only", "L2/p").Expect(0);
        foreach (var line in lines) ChildProgram.Shell(_folder.Path, line).Expect(0);
        Assert.Contains("3 of 3 cells done", Ornstein("collect", "tiny.json").Expect(0).Output, StringComparison.Ordinal);
        Ornstein("run", "tiny.json", "--out", "whole").Expect(0);
        AssertSame(_folder.File("whole"), Study);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
        Assert.False(Directory.Exists(Path.Combine(Study, "attempts")));
        Ornstein("run", "tiny.json").Expect(0);
        Assert.Equal(2, TinyStudy.Ledger(Study).Length);
    }

    /// <summary>Stopped in turns by a scheduler's warning, its order to stop, and by force; the last third by <c>study run</c>.</summary>
    [Fact(Explicit = true)]
    public void Work_StoppedInEveryWay_GoesOnFromItsCheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGUSR1 has another number elsewhere");
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        (string Signal, int Code)[] stops = [("USR1", 99), ("TERM", ExitCodes.Terminated)];
        var seen = 10L; // more than an epoch
        foreach (var (signal, code) in stops)
        {
            using var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0");
            Assert.True(child.WaitFor(() => Step() > seen), "the run ended before the signal");
            child.Signal(signal);
            var outcome = child.Finish().Expect(code);
            Assert.Equal(signal == "TERM", outcome.Error.Contains("going on from step", StringComparison.Ordinal));
            seen = Step();
        }

        Assert.Contains("begun: L3/p, epoch ", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        using (var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0"))
        {
            if (child.WaitFor(() => Step() > seen)) child.Kill();
        }

        // The killed process gave a sign of life a moment ago: others do something else first and wait for another sign, the same element does not.
        using (var other = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json", "--only", "L*/p"))
        {
            Assert.True(other.WaitFor(() => File.Exists(Path.Combine(Study, "ledger.jsonl")) && TinyStudy.Ledger(Study).Contains("finished L2/p")), "it did not wait");
            other.Signal("INT");
            Assert.Contains("attempt 3 on", other.Finish().Expect(ExitCodes.Interrupted).Error, StringComparison.Ordinal);
        }

        var last = ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "0").Expect(0);
        Assert.Contains("going on from step", last.Error, StringComparison.Ordinal);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    [Fact(Explicit = true)]
    public void Work_CellThatStudyRunBegan_GoesOnWithIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using (var child = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json", "--only", "L3/p"))
        {
            Assert.True(child.WaitFor(() => TinyStudy.Steps(Study) >= 10), "the run ended before the signal");
            child.Signal("INT");
            child.Finish().Expect(ExitCodes.Interrupted);
        }

        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        var begun = Step();
        using (var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0"))
        {
            Assert.True(child.WaitFor(() => Step() > begun), "the run ended before the signal");
            child.Signal("TERM");
            Assert.Contains("going on from step", child.Finish().Expect(ExitCodes.Terminated).Error, StringComparison.Ordinal);
        }

        // And back.
        var step = Step();
        Assert.Contains($"going on from step {step}", Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0).Error, StringComparison.Ordinal);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    /// <summary>An attempt once took over weights and moments and left the average of the weights behind, without which it could not go on.</summary>
    [Fact(Explicit = true)]
    public void Work_CellWithAnAverageOfTheWeights_GoesOnWithIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        _folder.File("tiny.json", TinyStudy.Json.Replace("\"epochs\": 12", "\"epochs\": 30, \"ema\": 0.9", StringComparison.Ordinal));
        Ornstein("run", "tiny.json", "--out", "whole", "--only", "L3/p").Expect(0);
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        using (var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0"))
        {
            Assert.True(child.WaitFor(() => Step() >= 10), "the run ended before the signal");
            child.Signal("TERM");
            child.Finish().Expect(ExitCodes.Terminated);
        }

        Assert.Contains("going on from step", ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "0").Expect(0).Error, StringComparison.Ordinal);
        var (whole, run) = (TinyStudy.Cells(_folder.File("whole"))["L3/p"], TinyStudy.Cells(Study)["L3/p"]);
        Assert.Equal(File.ReadAllText(Path.Combine(whole, "phase.json")), File.ReadAllText(Path.Combine(run, "phase.json")));
    }

    /// <summary>An orphan trains on while the element is started again elsewhere: each has its own folder, and one result is published.</summary>
    [Fact(Explicit = true)]
    public void Work_OrphanStillWrites_NoFileOfOneIsMixedWithTheOthers()
    {
        _folder.File("tiny.json", TinyStudy.Json.Replace("\"epochs\": 12", "\"epochs\": 60", StringComparison.Ordinal));
        Ornstein("run", "tiny.json", "--out", "whole", "--only", "L3/p").Expect(0);
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        using var orphan = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0");
        Assert.True(orphan.WaitFor(() => Step() >= 20), "the orphan ended before its replacement began");
        using var heir = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0");
        Assert.True(orphan.WaitFor(() => Attempts().Length == 2), "the orphan ended before its replacement began");
        var (first, second) = (orphan.Finish(), heir.Finish().Expect(0));
        Assert.Contains("another attempt took it over", first.Error, StringComparison.Ordinal);
        Assert.Contains("going on from step", second.Error, StringComparison.Ordinal);
        var (whole, run) = (TinyStudy.Cells(_folder.File("whole"))["L3/p"], TinyStudy.Cells(Study)["L3/p"]);
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "phase.json")), File.ReadAllBytes(Path.Combine(run, "phase.json")));
        Assert.Equal(60, File.ReadLines(Path.Combine(run, "metrics.jsonl")).Count());
        Assert.Equal(1, Ledgers().Count(entry => (string)entry["event"]! == "finished"));
    }

    [Fact(Explicit = true)]
    public void Work_CellThatFails_IsNamedAndTriedAgainWhenAskedAlone()
    {
        var json = JsonNode.Parse(TinyStudy.Json)!;
        json["data"] = JsonNode.Parse("""{ "gone": { "data": "nowhere" }, "digits": {} }""");
        json["experiments"] = JsonNode.Parse("""{ "all": { "data": ["gone", "digits"], "models": ["L3"] } }""");
        _folder.File("tiny.json", json.ToJsonString());
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        foreach (var element in new[] { "0", "1", "0" }) ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", element).Expect(0);
        Assert.Single(Ledgers(), entry => (string)entry["event"]! == "failed");
        Assert.Contains("failed: gone/L3: 'nowhere' is neither a data set", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        Assert.Contains("1 failed ('study resume --retry' tries them again)", TinyRun.OneLine(Ornstein("resume", "tiny.json")), StringComparison.Ordinal);
        Assert.EndsWith("--submission 2 --element 0\n", Ornstein("resume", "tiny.json", "--retry").Expect(0).Output, StringComparison.Ordinal);
        ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "0").Expect(0);
        Assert.Equal(2, Ledgers().Count(entry => (string)entry["event"]! == "failed"));
        _tiny.AssertSame(TinyStudy.Cells(Study)["digits/L3"]);
    }

    [Fact(Explicit = true)]
    public void Work_FullDisk_KeepsTheCheckpointAndFailsNoCell()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts a file system as Linux does");
        var probe = ChildProgram.Shell(_folder.Path, "mkdir disk; unshare -rm mount -t tmpfs -o size=1m none disk");
        Assert.SkipUnless(probe.Code == 0, "no right to mount a small file system: " + probe.Error.Trim());
        File.WriteAllText(_folder.File("script"), $$"""
            mount -t tmpfs -o size=6m none disk || exit 99
            cp tiny.json disk/tiny.json
            dotnet '{{ChildProgram.Dll}}' study submit disk/tiny.json --launcher command >/dev/null || exit 98
            head -c 5500K /dev/zero >disk/filler
            dotnet '{{ChildProgram.Dll}}' study work disk/tiny.json --element 0
            echo "code $?"
            rm disk/filler
            dotnet '{{ChildProgram.Dll}}' study status disk/tiny.json
            dotnet '{{ChildProgram.Dll}}' study work disk/tiny.json --element 0 >/dev/null 2>&1 || exit 97
            cp -r disk/tiny/cells/L3 after
            """);
        var outcome = ChildProgram.Shell(_folder.Path, "unshare -rm bash script").Expect(0);
        Assert.Contains("code 1", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("the disk is full", outcome.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("failed: ", outcome.Output, StringComparison.Ordinal);
        _tiny.AssertSame(Directory.GetDirectories(_folder.File("after"), "p-*").Single());
    }

    [Fact(Explicit = true)]
    public void Submit_StudyThatChanged_NamesTheDifference()
    {
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        _folder.File("tiny.json", TinyStudy.Json.Replace("[6, 4, 3]", "[6, 5, 3]", StringComparison.Ordinal));
        const string Difference = "cell L3/p was submitted with --latents 6,4,3 and has 6,5,3 now";
        Assert.Contains(Difference, TinyRun.OneLine(Ornstein("submit", "tiny.json", "--launcher", "command").Expect(2)), StringComparison.Ordinal);
        Assert.Contains(Difference, TinyRun.OneLine(Ornstein("resume", "tiny.json").Expect(2)), StringComparison.Ordinal);
        Assert.Contains(Difference, TinyRun.OneLine(Ornstein("work", "tiny.json", "--element", "0").Expect(2)), StringComparison.Ordinal);
        // Elements whose cells stayed as they were do their work.
        ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "1").Expect(0);
        Ornstein("cancel", "tiny.json").Expect(0);
        Assert.Equal(2, Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0).Output.Count(letter => letter == '\n'));
    }

    [Fact(Explicit = true)]
    public void Cancel_ElementsThatStartLater_DoNothing()
    {
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        Ornstein("cancel", "tiny.json").Expect(0);
        ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "0").Expect(0);
        Assert.False(Directory.Exists(Path.Combine(Study, "cells")));
        Assert.Contains("waiting: L3/p: cancelled, element 0 of submission 1", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        Assert.Contains("no submission that is not cancelled", TinyRun.OneLine(Ornstein("cancel", "tiny.json")), StringComparison.Ordinal);

        // Moved, it is submitted anew from where it is.
        Directory.Move(Study, _folder.File("moved"));
        var lines = Ornstein("resume", "tiny.json", "--out", "moved").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Contains($"--out {_folder.File("moved")} --submission 2", line, StringComparison.Ordinal));
        ChildProgram.Shell(_folder.Path, lines[0]).Expect(0);
        _tiny.AssertSame(TinyStudy.Cells(_folder.File("moved"))["L3/p"]);
    }

    [Fact(Explicit = true)]
    public void Submit_TwoPeopleAtOnce_OneSubmissionAndAClearLine()
    {
        var children = Enumerable.Range(0, 4).Select(_ => ChildProgram.Start(_folder.Path, "study", "submit", "tiny.json", "--launcher", "command")).ToArray();
        var outcomes = children.Select(child => child.Finish()).ToArray();
        foreach (var child in children) child.Dispose();
        Assert.Single(outcomes, outcome => outcome.Code == 0);
        Assert.All(outcomes.Where(outcome => outcome.Code != 0).Select(TinyRun.OneLine), line => Assert.True(
            line.StartsWith("somebody else submits this study", StringComparison.Ordinal) || line.StartsWith("nothing to submit", StringComparison.Ordinal), line));
        Assert.Equal(["1.json"], Directory.GetFiles(Path.Combine(Study, "submissions")).Select(Path.GetFileName));
    }

    [Theory(Explicit = true)]
    [InlineData("there is no sbatch on the path", "submit", "tiny.json")]
    [InlineData("--time 2h is no time", "submit", "tiny.json", "--time", "2h")]
    [InlineData("--cpus 0 is too few", "submit", "tiny.json", "--cpus", "0")]
    [InlineData("--launcher slrum is unknown; did you mean", "submit", "tiny.json", "--launcher", "slrum")]
    [InlineData("has no submission; make one", "resume", "tiny.json")]
    [InlineData("has no submission; make one", "work", "tiny.json", "--element", "0")]
    [InlineData("has no submission that is not cancelled", "cancel", "tiny.json")]
    [InlineData("Cannot", "submit", "tiny.json", "--launcher", "command", "--out", "tiny.json/study")]
    public void Launching_WrongUse_IsOneLineAndLeavesNothing(string expected, params string[] arguments)
    {
        var before = TinyRun.Snapshot(_folder.Path);
        var words = string.Join(' ', arguments);
        // A path on which there is dotnet alone.
        var outcome = ChildProgram.Shell(_folder.Path, $"mkdir -p bin; ln -sf \"$(command -v dotnet)\" bin/dotnet; export PATH=$PWD/bin; ornstein study {words}");
        Directory.Delete(_folder.File("bin"), recursive: true);
        Assert.Contains(expected, TinyRun.OneLine(outcome), StringComparison.Ordinal);
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
    }

    private static void AssertSame(string whole, string study)
    {
        var (expected, found) = (TinyStudy.Cells(whole), TinyStudy.Cells(study));
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, cell => Assert.Equal(
            File.ReadAllBytes(Path.Combine(cell.Value, "phase.json")), File.ReadAllBytes(Path.Combine(found[cell.Key], "phase.json"))));
    }

    private string[] Attempts() => TinyStudy.Attempts(Study);

    // The step of the furthest attempt.
    private long Step() => Attempts().Select(TinyStudy.Step).DefaultIfEmpty(-1).Max();

    private JsonNode[] Ledgers() =>
    [
        .. Directory.GetFiles(Path.Combine(Study, "submissions"), "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!),
    ];

    private Outcome Ornstein(params string[] arguments) => ChildProgram.Run(_folder.Path, ["study", .. arguments]);
}
