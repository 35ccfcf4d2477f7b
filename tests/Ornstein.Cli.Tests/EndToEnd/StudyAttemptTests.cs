using System.Text.Json.Nodes;
using Ornstein.Studies;
using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Several processes and one cell: who has it, who waits, who comes too late, and what the dead left behind.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class StudyAttemptTests : IDisposable
{
    private readonly TinyRun _tiny;
    private readonly TemporaryFolder _folder = new();

    public StudyAttemptTests(TinyRun tiny)
    {
        _tiny = tiny;
        _folder.File("tiny.json", TinyStudy.Json);
    }

    private string Study => _folder.File("tiny");

    public void Dispose() => _folder.Dispose();

    /// <summary>A laptop that sleeps in the middle of 'study run', while a cluster does the cell.</summary>
    [Fact(Explicit = true)]
    public void Run_WakesAfterAnElementPublished_LeavesTheResultAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        using var sleeper = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json", "--only", "L3/p");
        Assert.True(sleeper.WaitFor(() => TinyStudy.Steps(Study) >= 10), "the run ended before the signal");
        sleeper.Signal("STOP");
        Silence(Assert.Single(TinyStudy.Attempts(Study)));
        Work().Expect(0);
        var cell = TinyStudy.Cells(Study)["L3/p"];
        var before = TinyRun.Snapshot(cell);
        sleeper.Signal("CONT");
        Assert.Matches("L3/p-[0-9a-f]+: another attempt took it over", sleeper.Finish().Expect(0).Error);
        Assert.Equal(before, TinyRun.Snapshot(cell));
        _tiny.AssertSame(cell);
        Assert.DoesNotContain("finished L3/p", TinyStudy.Ledger(Study));
        Assert.False(Directory.Exists(Path.Combine(Study, "attempts")));
    }

    [Fact(Explicit = true)]
    public void Run_CellOfAStudyRunOnAnotherMachine_IsLeftToIt()
    {
        var record = Record("L3/p", new AttemptRecord("another", AttemptStage.Running, 0, 0, "elsewhere", 1, DateTimeOffset.Now));
        using (var child = ChildProgram.Start(_folder.Path, "study", "run", "tiny.json", "--only", "L*/p"))
        {
            Assert.True(child.WaitFor(() => File.Exists(Path.Combine(Study, "ledger.jsonl")) && TinyStudy.Ledger(Study).Contains("finished L2/p")), "it waited for the other before it did what is its own");
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow);
            // Not done, and said so.
            Assert.Matches("L3/p-[0-9a-f]+: attempt 1 on elsewhere works on it; should that end without a result, do it with: ornstein study run tiny.json", child.Finish().Expect(1).Error);
        }

        Assert.Equal([record], TinyStudy.Attempts(Study));
        // The one that this machine ran before is no more: whoever holds the study knows.
        Record("L3/p", new AttemptRecord("before", AttemptStage.Running, 0, 0, AttemptRecord.ThisNode, 1, DateTimeOffset.Now));
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    /// <summary>A process that was killed a moment ago still looks alive: its cell is waited for, and done.</summary>
    [Fact(Explicit = true)]
    public void Run_CellOfAProcessThatDiedAMomentAgo_IsDone()
    {
        var record = Record("L3/p", new AttemptRecord("dead", AttemptStage.Running, 7, 0, "elsewhere", 1, DateTimeOffset.Now));
        File.SetLastWriteTimeUtc(record, DateTime.UtcNow - AttemptRecord.Patience + TimeSpan.FromSeconds(5));
        Assert.Matches("L3/p-[0-9a-f]+: attempt 1 on elsewhere is at work on it", Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0).Error);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    /// <summary>As after 'resume' right after a node died: the first of three cells still looks taken.</summary>
    [Fact(Explicit = true)]
    public void Work_CellOfAProcessThatDiedAMomentAgo_IsDoneLast()
    {
        OneElement();
        var record = Record("L3/p", new AttemptRecord("dead", AttemptStage.Running, 7, 0, "elsewhere", 1, DateTimeOffset.Now));
        File.SetLastWriteTimeUtc(record, DateTime.UtcNow - AttemptRecord.Patience + TimeSpan.FromSeconds(30));
        var outcome = Work().Expect(0);
        Assert.Matches("L3/p-[0-9a-f]+: attempt 1 on elsewhere is at work on it", outcome.Error);
        Assert.Equal(["L2/p", "L3/standard", "L3/p"], Finished());
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    [Fact(Explicit = true)]
    public void Work_CellThatALivingProcessHas_IsLeftToItAndTheElementSaysSo()
    {
        OneElement();
        var record = Record("L3/p", new AttemptRecord("alive", AttemptStage.Running, 7, 0, "elsewhere", 1, DateTimeOffset.Now));
        using var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0");
        Assert.True(child.WaitFor(() => Finished().Length == 2), "the element ended before the sign of life");
        File.SetLastWriteTimeUtc(record, DateTime.UtcNow);
        var outcome = child.Finish().Expect(99);
        Assert.Matches("L3/p-[0-9a-f]+: attempt 1 on elsewhere works on it; start this element again", outcome.Error);
        Assert.Equal(["L2/p", "L3/standard"], Finished());
        // That one stops without a result.
        Record("L3/p", new AttemptRecord("alive", AttemptStage.Stopped, 7, 0, "elsewhere", 1, DateTimeOffset.Now, "told to"));
        Work().Expect(0);
        _tiny.AssertSame(TinyStudy.Cells(Study)["L3/p"]);
    }

    /// <summary>Killed between the renaming of its run folder and the line in its ledger.</summary>
    [Fact(Explicit = true)]
    public void Status_ProcessDiedRightAfterItPublished_CellIsDone()
    {
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        Work().Expect(0);
        Directory.Delete(Path.Combine(Study, "submissions", "1", "ledger", "00"), recursive: true);
        Directory.CreateDirectory(Path.Combine(Study, "submissions", "1", "ledger", "00"));
        Silence(Record("L3/p", new AttemptRecord("dead", AttemptStage.Running, 1, 0, "elsewhere", 1, DateTimeOffset.Now)));
        Assert.Contains("1 of 3 cells done", Ornstein("status", "tiny.json").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("of 3 cells 1 are done, 0 running, 2 submitted", TinyRun.OneLine(Ornstein("resume", "tiny.json")), StringComparison.Ordinal);
        var before = TinyRun.Snapshot(TinyStudy.Cells(Study)["L3/p"]);
        Work().Expect(0);
        Assert.Equal(before, TinyRun.Snapshot(TinyStudy.Cells(Study)["L3/p"]));
        Assert.Equal(["L3/p"], Finished());
        Assert.False(Directory.Exists(Path.Combine(Study, "attempts")));
    }

    /// <summary>A process that took a result for a useless run, moved it aside and died there: the next finds it, and trains nothing.</summary>
    [Fact(Explicit = true)]
    public void Run_ResultThatWasMovedAsideByAProcessThatDied_IsBroughtBack()
    {
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        var cell = TinyStudy.Cells(Study)["L3/p"];
        var attempts = new CellAttempts(Study, cell[^10..]);
        Directory.CreateDirectory(attempts.Path);
        Directory.Move(cell, attempts.NewAside());
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        Assert.Equal(["started L3/p", "finished L3/p"], TinyStudy.Ledger(Study));
        _tiny.AssertSame(cell);
        Assert.False(Directory.Exists(Path.Combine(Study, "attempts")));
    }

    /// <summary>Killed between the renaming of its run folder and the removal of the cell's attempts.</summary>
    [Fact(Explicit = true)]
    public void Run_AttemptsOfACellThatIsDone_AreRemoved()
    {
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        var before = TinyRun.Snapshot(TinyStudy.Cells(Study)["L3/p"]);
        Record("L3/p", new AttemptRecord("dead", AttemptStage.Running, 0, 0, AttemptRecord.ThisNode, 1, DateTimeOffset.Now));
        Silence(Assert.Single(TinyStudy.Attempts(Study)));
        Ornstein("run", "tiny.json", "--only", "L3/p").Expect(0);
        Assert.Equal(before, TinyRun.Snapshot(TinyStudy.Cells(Study)["L3/p"]));
        Assert.Equal(["started L3/p", "finished L3/p"], TinyStudy.Ledger(Study));
        Assert.False(Directory.Exists(Path.Combine(Study, "attempts")));
    }

    /// <summary>A cell that diverges has a result without a model: trying it again begins anew, and one that waits to be tried is not given twice.</summary>
    [Fact(Explicit = true)]
    public void Resume_RetryOfWhatFailed_IsSubmittedOnceAndTrainsAnew()
    {
        var json = JsonNode.Parse(TinyStudy.Json)!;
        json["settings"]!["learningRate"] = 1e6;
        json["experiments"] = JsonNode.Parse("""{ "wild": { "models": ["L3"], "smoothing": ["p"] } }""");
        _folder.File("tiny.json", json.ToJsonString());
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        Assert.Contains("failed: no model is left", Work().Expect(0).Error, StringComparison.Ordinal);
        Assert.Contains("failed: L3/p: no model is left (diverged at step ", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        // The node's clock is a day ahead of the one that submits.
        var ledger = Directory.GetFiles(Path.Combine(Study, "submissions", "1", "ledger"), "*.jsonl", SearchOption.AllDirectories).Single();
        File.WriteAllLines(ledger, [.. File.ReadAllLines(ledger).Select(line => JsonNode.Parse(line)!).Select(entry =>
        {
            entry["time"] = ((DateTimeOffset)entry["time"]!).AddDays(1);
            return entry.ToJsonString();
        })]);
        Ornstein("resume", "tiny.json", "--retry").Expect(0);
        Assert.Contains("given out as element 0 of submission 2", Ornstein("status", "tiny.json").Output, StringComparison.Ordinal);
        Assert.Contains("0 running, 1 submitted, 0 failed", TinyRun.OneLine(Ornstein("resume", "tiny.json", "--retry")), StringComparison.Ordinal);
        var outcome = Work().Expect(0);
        Assert.Contains("failed: no model is left", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("going on from step", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(": attempt 2", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("1 failed ('study resume --retry' tries them again)", TinyRun.OneLine(Ornstein("resume", "tiny.json")), StringComparison.Ordinal);
        Assert.Equal(2, Entries().Count(entry => (string)entry["event"]! == "failed"));
    }

    // Submits, and puts all cells into one element.
    private void OneElement()
    {
        Ornstein("submit", "tiny.json", "--launcher", "command").Expect(0);
        var elements = Path.Combine(Study, "submissions", "1", "elements.tsv");
        File.WriteAllLines(elements, [.. File.ReadLines(elements).Select(line => "0" + line[line.IndexOf('\t')..])]);
    }

    // Writes the record of the first attempt at a cell.
    private string Record(string cell, AttemptRecord record)
    {
        var hash = StudyJson.Read(_folder.File("tiny.json")).Cells.Single(each => each.Name == cell).Hash;
        var path = new CellAttempts(Study, hash).RecordOf(1);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, record.Json());
        return path;
    }

    private static void Silence(string record) => File.SetLastWriteTimeUtc(record, DateTime.UtcNow - AttemptRecord.Patience - TimeSpan.FromSeconds(1));

    private JsonNode[] Entries() => !Directory.Exists(Study)
        ? []
        : [.. Directory.GetFiles(Path.Combine(Study, "submissions"), "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(File.ReadAllLines).Select(line => JsonNode.Parse(line)!)];

    // Cells that elements finished, in order.
    private string[] Finished() => [.. Entries().Where(entry => (string)entry["event"]! == "finished").Select(entry => (string)entry["cell"]!)];

    private Outcome Work() => ChildProgram.Run(_folder.Path, "study", "work", "tiny.json", "--element", "0");

    private Outcome Ornstein(params string[] arguments) => ChildProgram.Run(_folder.Path, ["study", .. arguments]);
}
