using Ornstein.Experiments.Progress;
using Ornstein.Storage;
using Ornstein.Studies;
using Ornstein.Studies.Attempts;
using Ornstein.Studies.Launching;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A cell whose process takes it for lost for a moment, as where a server shows something that is not so, is not called done.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class StudyUndoneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StudyFile _study;

    public StudyUndoneTests()
    {
        _study = StudyJson.Read(_folder.File("tiny.json", TinyStudy.Json));
    }

    private string Path => _folder.File("tiny");

    private StudyCell Cell => _study.Cells[0];

    private bool IsDone => CellPlace.IsDone(new StudyFolder(Path).Of(Cell));

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Run_CellThatStoppedThoughNobodyAskedItTo_IsDoneLast()
    {
        var hasStumbled = false;
        var progress = new Incident(() =>
        {
            Stumble();
            hasStumbled = true;
        });
        Assert.Equal(StudyRunEnd.Done, StudyRun.Do(_study, new StudyFolder(Path), [Cell], retry: false, () => progress, CancellationToken.None, saysTime: false));
        Assert.True(hasStumbled);
        Assert.True(IsDone);
    }

    [Fact(Explicit = true)]
    public void Work_CellThatStoppedThoughNobodyAskedItTo_AsksToBeStartedAgain()
    {
        InProcess.Run(_folder.Path, "study", "submit", "tiny.json", "--launcher", "command").Expect(0);
        Assert.Equal(WorkEnd.StartAgain, StudyWork.Do(_study, new StudyFolder(Path), null, 0, new Incident(Stumble)));
        Assert.False(IsDone);
        Assert.Equal(WorkEnd.Done, StudyWork.Do(_study, new StudyFolder(Path), null, 0, NoProgress.Instance));
        Assert.True(IsDone);
    }

    /// <summary>Where locks are forgotten, one that was suspended wakes and finds that another 'study run' has the study: that one does the cells, and none of them failed.</summary>
    [Fact(Explicit = true)]
    public void Run_StudyThatAnotherTookOver_EndsAndCallsNoCellFailed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        void TakeOver() => File.WriteAllText(
            $"{System.IO.Path.Combine(Path, FolderLock.Name)}-{LockLink.Last(Path)!.Token}", $"{Guid.NewGuid():N} elsewhere 1 - {0:D12}\n");
        var error = Assert.Throws<OrnsteinException>(() =>
            StudyRun.Do(_study, new StudyFolder(Path), _study.Cells, retry: false, () => new Incident(TakeOver), CancellationToken.None, saysTime: false));
        Assert.Contains($"another process took over '{Path}'", error.Message, StringComparison.Ordinal);
        Assert.Equal([$"started {Cell.Name}", $"interrupted {Cell.Name}"], TinyStudy.Ledger(Path));
        Assert.Equal(AttemptStage.Stopped, new CellAttempts(Path, Cell.Hash).Last()!.Record.Stage);
    }

    /// <summary>One that was thought dead published the same result, and died before it could say so in its ledger.</summary>
    [Fact(Explicit = true)]
    public void Run_AnotherPublishedMeanwhile_SaysThatTheCellIsFinished()
    {
        var (first, second) = (new StudyFolder(_folder.File("first")), new StudyFolder(Path));
        StudyRunEnd Do(StudyFolder study, IRunProgress progress) => StudyRun.Do(_study, study, [Cell], retry: false, () => progress, CancellationToken.None, saysTime: false);
        Assert.Equal(StudyRunEnd.Done, Do(first, NoProgress.Instance));
        void Publish()
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(second.Of(Cell).Path)!);
            Directory.Move(first.Of(Cell).Path, second.Of(Cell).Path);
        }

        Assert.Equal(StudyRunEnd.Done, Do(second, new Incident(Publish)));
        Assert.Equal([$"started {Cell.Name}", $"finished {Cell.Name}"], TinyStudy.Ledger(Path));
        Assert.False(Directory.Exists(first.Of(Cell).Path));
        Assert.False(Directory.Exists(System.IO.Path.Combine(Path, "attempts")));

        // A process that died while it removed the attempts.
        var attempts = new CellAttempts(Path, Cell.Hash);
        foreach (var left in new[] { "trash-a", "0-b" }) Directory.CreateDirectory(System.IO.Path.Combine(attempts.Path, left, "checkpoint"));
        Assert.Equal(StudyRunEnd.Done, Do(second, NoProgress.Instance));
        Assert.False(Directory.Exists(System.IO.Path.Combine(Path, "attempts")));
        Assert.True(IsDone);
    }

    // Shows another attempt at the cell for as long as it takes to be seen.
    private void Stumble()
    {
        var other = new CellAttempts(Path, Cell.Hash).RecordOf(2);
        File.WriteAllText(other, AttemptRecord.Of(7, 0).Json());
        Thread.Sleep(AttemptRecord.Beat + TimeSpan.FromSeconds(2));
        File.Delete(other);
    }

    // Something happens once, in the middle of a training.
    private sealed class Incident(Action happens) : IRunProgress
    {
        private bool _hasHappened;

        public void Report(in ProgressReport progress)
        {
            if (_hasHappened || progress.Step < 10) return;
            _hasHappened = true;
            happens();
        }

        public void Note(string line)
        {
            // Nobody reads it.
        }

        public void Dispose()
        {
            // It is used again.
        }
    }
}
