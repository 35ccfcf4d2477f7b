using Ornstein.Studies;

namespace Ornstein.Cli.Tests.Studies;

public sealed class StudyLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_AfterALineThatWasCutShort_KeepsAllWholeLines()
    {
        var path = _folder.File("ledger.jsonl");
        var ledger = new StudyLedger(path);
        Assert.Empty(ledger.Read());
        StudyEntry Entry(StudyEvent what, string? reason = null) => new(DateTimeOffset.UnixEpoch, what, "a/b", "0123456789", 1.5, reason);
        ledger.Append(Entry(StudyEvent.Started));
        ledger.Append(Entry(StudyEvent.Failed, "a reason with \"quotes\""));
        // As a kill in the middle of writing leaves it.
        File.AppendAllText(path, """{"time":"1970-01-01T00:00:00+00:00","eve""");
        ledger.Append(Entry(StudyEvent.Finished));
        Assert.Equal([Entry(StudyEvent.Started), Entry(StudyEvent.Failed, "a reason with \"quotes\""), Entry(StudyEvent.Finished)], ledger.Read());
        Assert.Equal(4, File.ReadAllLines(path).Length);
    }

    /// <summary>As two starts of one element do.</summary>
    [Fact]
    public void Append_ManyAtOnce_KeepsAllLines()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "has no way to write to the end of a file whatever others do");
        var path = _folder.File("ledger.jsonl");
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            for (var j = 0; j < 50; j++) new StudyLedger(path).Append(new(DateTimeOffset.UnixEpoch, StudyEvent.Started, $"{i}/{j}", "0123456789"));
        });
        Assert.Equal(200, new StudyLedger(path).Read().DistinctBy(entry => entry.Cell).Count());
    }

    /// <summary>Two cells took 10 s for 2 x 4 and 40 s for 2 x 16 model-epochs: the pace is 1.25 s each, and 2 x 8 are left.</summary>
    [Fact]
    public void Remaining_FinishedCells_GiveThePace()
    {
        var study = StudyJson.Parse(
            """
            {
              "settings": { "rho": [0, 1], "seeds": [0] }, "models": { "a": { "epochs": 4 }, "b": { "epochs": 16 }, "c": { "epochs": 8 } },
              "experiments": { "one": { "models": ["a", "b", "c"] } }
            }
            """, "x.json");
        var now = DateTimeOffset.UnixEpoch;
        StudyEntry Entry(int cell, StudyEvent what, double? seconds) => new(now, what, study.Cells[cell].Name, study.Cells[cell].Hash, seconds);
        Assert.Null(StudyPace.Remaining([study.Cells[2]], [Entry(0, StudyEvent.Started, null)], study));
        StudyEntry[] entries =
        [
            Entry(0, StudyEvent.Started, null), Entry(0, StudyEvent.Finished, 10),
            Entry(1, StudyEvent.Interrupted, 15), Entry(1, StudyEvent.Finished, 25),
        ];
        Assert.Equal(20, StudyPace.Remaining([study.Cells[2]], entries, study)!.Value.TotalSeconds, 1e-9);
    }
}
