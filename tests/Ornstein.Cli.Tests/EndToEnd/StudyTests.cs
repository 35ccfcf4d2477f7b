using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class StudyTests : IDisposable
{
    private readonly TinyRun _tiny;
    private readonly TemporaryFolder _folder = new();

    public StudyTests(TinyRun tiny)
    {
        _tiny = tiny;
        _folder.File("tiny.json", TinyStudy.Json);
    }

    private string Study => _folder.File("tiny");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_WholeStudy_RunsEveryCellOnceAsPhaseWould()
    {
        var outcome = Ornstein("run", "tiny.json").Expect(0);
        var output = outcome.Output;
        Assert.Contains("3 cells take about", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("this takes", outcome.Error, StringComparison.Ordinal); // the study has said it of all
        Assert.Matches(@"measure +2 +2 +0 +0 +0 +0", output);
        Assert.Contains("3 of 3 cells done", output, StringComparison.Ordinal);
        Assert.Equal(["started L3/p", "finished L3/p", "started L2/p", "finished L2/p", "started L3/standard", "finished L3/standard"], TinyStudy.Ledger(Study));
        var cells = TinyStudy.Cells(Study);
        Assert.Equal(["L2/p", "L3/p", "L3/standard"], cells.Keys.Order(StringComparer.Ordinal));
        _tiny.AssertSame(cells["L3/p"]);
        Assert.Equal(Files(_tiny.Whole), Files(cells["L3/p"]));
        InProcess.Run(_folder.Path, "compare", cells["L3/p"], cells["L3/standard"]).Expect(0);

        var before = TinyRun.Snapshot(Study);
        Ornstein("run", "tiny.json").Expect(0);
        Assert.Equal(before, TinyRun.Snapshot(Study));

        // A study is its folder, wherever that lies; and what its file no longer asks for stays, and is named.
        Directory.Move(Study, _folder.File("moved"));
        File.WriteAllText(_folder.File("tiny.json"), TinyStudy.Json.Replace("[6, 3]", "[6, 2]", StringComparison.Ordinal));
        var status = Ornstein("status", "tiny.json", "--out", "moved").Expect(0).Output;
        Assert.Contains("2 of 3 cells done", status, StringComparison.Ordinal);
        Assert.Contains($"no longer part of the study: {Path.Combine("moved", Path.GetRelativePath(Study, cells["L2/p"]))}", status, StringComparison.Ordinal);
    }

    /// <summary>Killed at five moments, most of them while a checkpoint is written, the last in the second cell or later; then run to its end.</summary>
    [Fact]
    public void Run_AfterKills_EndsAsIfNeverStoppedAndRepeatsNothing()
    {
        Ornstein("run", "tiny.json", "--out", "whole").Expect(0);
        var random = new Random(7);
        var (kills, firstDone) = (0, Array.Empty<string>());
        for (var i = 0; i < 5; i++)
        {
            var target = TinyStudy.Steps(Study) + random.Next(30, 70);
            using var child = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json");
            if (child.WaitFor(() => TinyStudy.Steps(Study) >= target)) Thread.Sleep(random.Next(40));
            if (child.Kill()) kills++;
            if (firstDone.Length == 0 && TinyStudy.Ledger(Study).Contains("finished L3/p")) firstDone = TinyRun.Snapshot(TinyStudy.Cells(Study)["L3/p"]);
        }

        Assert.InRange(kills, 2, 5);
        Assert.NotEmpty(firstDone);
        Ornstein("run", "tiny.json").Expect(0);
        var (whole, killed) = (TinyStudy.Cells(_folder.File("whole")), TinyStudy.Cells(Study));
        Assert.Equal(whole.Keys.Order(StringComparer.Ordinal), killed.Keys.Order(StringComparer.Ordinal));
        Assert.All(whole, cell => Assert.Equal(
            File.ReadAllBytes(Path.Combine(cell.Value, "phase.json")), File.ReadAllBytes(Path.Combine(killed[cell.Key], "phase.json"))));
        _tiny.AssertSame(killed["L3/p"]);
        Assert.Equal(firstDone, TinyRun.Snapshot(killed["L3/p"]));
        Assert.Equal(3, TinyStudy.Ledger(Study).Count(line => line.StartsWith("finished", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_CtrlC_StopsWithACheckpointAndGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        using (var child = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json", "--only", "L3/p"))
        {
            Assert.True(child.WaitFor(() => TinyStudy.Steps(Study) >= 10), "the run ended before the signal");
            child.Signal("STOP"); // so that it does not end before the others have looked
            Assert.Contains("another process is at work on the study", TinyRun.OneLine(Ornstein("run", "tiny.json")), StringComparison.Ordinal);
            Assert.Contains("running: L3/p, epoch ", Ornstein("status", "tiny.json").Expect(0).Output, StringComparison.Ordinal);
            child.Signal("INT");
            child.Signal("CONT");
            var outcome = child.Finish().Expect(ExitCodes.Interrupted);
            Assert.Contains("continue with: ornstein study run tiny.json", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal(["started L3/p", "interrupted L3/p"], TinyStudy.Ledger(Study));
        Assert.Contains("begun: L3/p, epoch ", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    [Fact]
    public void Run_Quiet_SaysHowFarTheStudyIsAlone()
    {
        var outcome = Ornstein("run", "tiny.json", "--only", "L2/p", "--quiet").Expect(0);
        Assert.Equal("", outcome.Error);
        Assert.Contains("1 of 3 cells done", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CellsThatFail_AreRecordedAndTheOthersGoOn()
    {
        var json = JsonNode.Parse(TinyStudy.Json)!;
        json["data"] = JsonNode.Parse("""{ "gone": { "data": "nowhere" }, "digits": {} }""");
        json["smoothing"]!["wild"] = JsonNode.Parse("""{ "learningRate": 1e6 }""");
        json["experiments"] = JsonNode.Parse("""{ "all": { "data": ["gone", "digits"], "models": ["L3"], "smoothing": ["wild", "p"] } }""");
        _folder.File("bad.json", json.ToJsonString());
        string[] once =
        [
            "started gone/L3/wild", "failed gone/L3/wild", "started gone/L3/p", "failed gone/L3/p",
            "started digits/L3/wild", "failed digits/L3/wild", "started digits/L3/p", "finished digits/L3/p",
        ];
        var output = Ornstein("run", "bad.json").Expect(1).Output;
        Assert.Equal(once, TinyStudy.Ledger(_folder.File("bad")));
        Assert.Contains("failed: gone/L3/p: 'nowhere' is neither a data set", output, StringComparison.Ordinal);
        Assert.Contains("failed: digits/L3/wild: no model is left (diverged at step ", output, StringComparison.Ordinal);
        _tiny.AssertSame(TinyStudy.Cells(_folder.File("bad"))["digits/L3/p"]);

        Ornstein("run", "bad.json").Expect(1);
        Assert.Equal(once, TinyStudy.Ledger(_folder.File("bad")));
        var quiet = Ornstein("run", "bad.json", "--retry", "--only", "gone/L3/p", "--quiet").Expect(1);
        Assert.Matches("^gone/L3/p-[0-9a-f]{10} failed: 'nowhere' is neither a data set", Assert.Single(quiet.ErrorLines));
        Assert.Equal([.. once, "started gone/L3/p", "failed gone/L3/p"], TinyStudy.Ledger(_folder.File("bad")));

        var status = JsonNode.Parse(Ornstein("status", "bad.json", "--json").Expect(0).Output)!;
        Assert.Equal((4, 1), ((int)status["cells"]!, (int)status["done"]!));
        Assert.Equal((3, 1), ((int)status["experiments"]![0]!["failed"]!, (int)status["experiments"]![0]!["done"]!));
        Ornstein("report", "bad.json").Expect(0);
        Assert.Contains("- gone/L3/p: failed: 'nowhere' is neither", File.ReadAllText(Path.Combine(_folder.File("bad"), "report.md")), StringComparison.Ordinal);
    }

    /// <summary>The weights of one cell are larger than a file may be, those of the others are not.</summary>
    [Fact]
    public void Run_CellThatDoesNotFit_FailsAndSucceedsWhenThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits file sizes as Linux does");
        var json = JsonNode.Parse(TinyStudy.Json)!;
        json["models"] = JsonNode.Parse("""{ "wide": { "latents": [6, 3], "hidden": [256, 8], "epochs": 1 }, "L3": { "latents": [6, 4, 3], "hidden": [16, 12, 8] } }""");
        json["experiments"] = JsonNode.Parse("""{ "all": { "models": ["wide", "L3"] } }""");
        _folder.File("disk.json", json.ToJsonString());
        var outcome = ChildProgram.Shell(_folder.Path, FullDiskTests.Limited(2000) + "ornstein study run disk.json").Expect(1);
        Assert.Matches("failed: wide: Cannot write '.*weights-.*': it becomes larger than a file may be here", outcome.Output);
        _tiny.AssertSame(TinyStudy.Cells(_folder.File("disk"))["L3"]);
        Ornstein("run", "disk.json", "--retry").Expect(0);
        Assert.Equal(
            ["started wide", "failed wide", "started L3", "finished L3", "started wide", "finished wide"], TinyStudy.Ledger(_folder.File("disk")));
    }

    [Fact]
    public void Report_StudyHalfDone_HasEverySectionAndNamesWhatIsMissing()
    {
        Ornstein("run", "tiny.json", "--only", "depth").Expect(0);
        Ornstein("report", "tiny.json").Expect(0);
        var html = File.ReadAllText(Path.Combine(Study, "report.html"));
        var markdown = File.ReadAllText(Path.Combine(Study, "report.md"));
        Assert.All(
            new[] { "Information of every layer", "Where information begins", "KL of every layer", "Critical ρ of the KL", "Differences", "Variance part of the KL", "Bounds", "Training" },
            title => Assert.Equal((2, 2), (Regex.Count(html, $"<h3>{title}</h3>"), Regex.Count(markdown, $"(?m)^### {Regex.Escape(title)}$"))));
        Assert.Contains("Does the measure matter?", markdown, StringComparison.Ordinal);
        Assert.Contains("- L3/standard: not run yet", markdown, StringComparison.Ordinal);
        Assert.Contains("2 of 3 cells have results", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?i)https?://|url\(|@import|<script|<link|<iframe", Regex.Replace(html, "base64,[^\"]*", ""));
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^\"]*", ""), StringComparison.Ordinal);
        foreach (var picture in Regex.Matches(markdown, @"!\[[^\]]*\]\(([^)]*)\)").Select(match => match.Groups[1].Value))
        {
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(Path.Combine(Study, picture))[..4]);
            Assert.StartsWith("<?xml", File.ReadAllText(Path.ChangeExtension(Path.Combine(Study, picture), "svg")), StringComparison.Ordinal);
        }

        var numbers = JsonNode.Parse(File.ReadAllText(Path.Combine(Study, "report.json")))!;
        Assert.Equal(1, (int)numbers["missing"]!);
        Assert.Equal("model", (string)numbers["experiments"]![0]!["differences"]![0]!["axis"]!);
        // The command of a cell, given to a shell, is the cell's run again.
        var command = (string)numbers["experiments"]![0]!["cells"]![0]!["command"]!;
        Assert.Contains($"Again: `ornstein study run tiny.json --only depth && ornstein study report tiny.json`", markdown, StringComparison.Ordinal);
        ChildProgram.Shell(_folder.Path, command).Expect(0);
        _tiny.AssertSame(Directory.GetDirectories(_folder.File("runs")).Single());
    }

    [Fact]
    public void Status_BeforeAnythingWasRun_ShowsTheCellsWithTheirCommands()
    {
        var before = TinyRun.Snapshot(_folder.Path);
        foreach (var output in new[] { Ornstein("status", "tiny.json"), Ornstein("run", "tiny.json", "--list") }.Select(outcome => outcome.Expect(0).Output))
        {
            Assert.Contains("L3/standard (waiting)", output, StringComparison.Ordinal);
            Assert.Equal(3, Regex.Count(output, "  ornstein phase --train-limit 256 "));
            Assert.NotEqual('\n', output[0]); // the list once began with an empty line
        }

        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
    }

    [Theory]
    [InlineData(2, "run", "nosuch.json")]
    [InlineData(2, "status", "nosuch.json")]
    [InlineData(2, "report", ".")]
    [InlineData(2, "run", "tiny.json", "--only", "L4/p")]
    [InlineData(2, "run", "tiny.json", "--out", "tiny.json")]
    [InlineData(1, "run", "tiny.json", "--out", "tiny.json/study")]
    public void Study_WrongUse_IsOneLineAndLeavesNothing(int code, params string[] arguments)
    {
        var before = TinyRun.Snapshot(_folder.Path);
        TinyRun.OneLine(Ornstein(arguments).Expect(code));
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
    }

    private static string[] Files(string run) =>
        [
            .. Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(run, path))
                .Where(path => path != "evaluation.json").Order(StringComparer.Ordinal), // of another test's eval
        ];

    private Outcome Ornstein(params string[] arguments) => InProcess.Run(_folder.Path, ["study", .. arguments]);
}
