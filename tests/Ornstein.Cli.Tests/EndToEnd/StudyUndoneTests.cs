using Ornstein.Experiments.Progress;
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
        var progress = new Stumble(Path, Cell.Hash);
        Assert.Equal(StudyRunEnd.Done, StudyRun.Do(_study, new StudyFolder(Path), [Cell], retry: false, () => progress, CancellationToken.None, saysTime: false));
        Assert.True(progress.HasStumbled);
        Assert.True(IsDone);
    }

    [Fact(Explicit = true)]
    public void Work_CellThatStoppedThoughNobodyAskedItTo_AsksToBeStartedAgain()
    {
        InProcess.Run(_folder.Path, "study", "submit", "tiny.json", "--launcher", "command").Expect(0);
        Assert.Equal(WorkEnd.StartAgain, StudyWork.Do(_study, new StudyFolder(Path), null, 0, new Stumble(Path, Cell.Hash)));
        Assert.False(IsDone);
        Assert.Equal(WorkEnd.Done, StudyWork.Do(_study, new StudyFolder(Path), null, 0, NoProgress.Instance));
        Assert.True(IsDone);
    }

    // Shows another attempt at the cell for as long as it takes to be seen.
    private sealed class Stumble(string study, string hash) : IRunProgress
    {
        public bool HasStumbled { get; private set; }

        public void Report(in ProgressReport progress)
        {
            if (HasStumbled || progress.Step < 10) return;
            HasStumbled = true;
            var other = new CellAttempts(study, hash).RecordOf(2);
            File.WriteAllText(other, AttemptRecord.Of(7, 0).Json());
            Thread.Sleep(AttemptRecord.Beat + TimeSpan.FromSeconds(2));
            File.Delete(other);
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
