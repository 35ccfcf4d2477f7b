using Ornstein.Studies;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Status;
using Ornstein.Studies.Submissions;

namespace Ornstein.Cli.Tests.Studies.Status;

/// <summary>Machines' clocks differ: what the last attempt says counts, not the ledger's latest time.</summary>
public sealed class StudyCellStateTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>It failed on a machine whose clock is an hour ahead; the retry on another was killed.</summary>
    [Theory]
    [InlineData((int)AttemptStage.Running)]
    [InlineData((int)AttemptStage.Stopped)]
    public void Of_RetryThatWasInterrupted_HasNotFailed(int stage)
    {
        var state = State((AttemptStage)stage, (StudyEvent.Failed, 60), (StudyEvent.Started, 10));
        Assert.Equal(CellStage.Waiting, state.Stage);
    }

    [Fact]
    public void Of_FailureWhoseClockIsBehind_HasFailed()
    {
        var state = State(AttemptStage.Failed, (StudyEvent.Failed, 10), (StudyEvent.Started, 60));
        Assert.Equal((CellStage.Failed, "no model is left"), (state.Stage, state.Reason));
    }

    [Fact]
    public void Of_CellWithoutAttempts_IsAsItsLedgerSays()
    {
        Assert.Equal(CellStage.Failed, State(null, (StudyEvent.Started, 10), (StudyEvent.Failed, 60)).Stage);
        Assert.Equal(CellStage.Waiting, State(null, (StudyEvent.Failed, 70), (StudyEvent.Started, 80)).Stage);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(60, false)]
    [InlineData(-60, false)]
    public void IsBeingSubmitted_ClockOfWhoeverSubmits_MayBeAheadOrBehind(int minutes, bool expected)
    {
        var submission = new Submission("token", SubmissionStage.Submitting, _noon, "ada on login1", new SubmitOptions(null, null, 1, 0, null, null, Launcher.Slurm, []), 1, 1, []);
        Assert.Equal(expected, CellQueue.IsBeingSubmitted(submission, _noon.AddMinutes(minutes)));
        Assert.False(CellQueue.IsBeingSubmitted(submission with { Stage = SubmissionStage.Submitted }, _noon));
    }

    private StudyCellState State(AttemptStage? stage, params (StudyEvent Event, int Minutes)[] entries)
    {
        var study = StudyJson.Parse("""{ "models": { "a": {} }, "experiments": { "one": { "models": ["a"] } } }""", "x.json");
        var (cell, folder) = (study.Cells[0], new StudyFolder(_folder.Path));
        foreach (var (what, minutes) in entries) folder.Ledger.Append(new StudyEntry(_noon.AddMinutes(minutes), what, cell.Name, cell.Hash, Reason: "no model is left"));
        if (stage is { } last)
        {
            var record = new CellAttempts(_folder.Path, cell.Hash).RecordOf(1);
            Directory.CreateDirectory(Path.GetDirectoryName(record)!);
            File.WriteAllText(record, (AttemptRecord.Of(0, 0) with { Stage = last, Reason = "no model is left" }).Json());
            File.SetLastWriteTimeUtc(record, DateTime.UtcNow - AttemptRecord.Patience - TimeSpan.FromSeconds(1));
        }

        return StudyCellState.OfHeld(study, folder)[cell.Hash];
    }
}
