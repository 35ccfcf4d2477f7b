namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Signals beside Ctrl-C and SIGTERM that end a process: of a terminal that closes, and of a batch system.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SignalTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HUP", ExitCodes.HungUp)]
    [InlineData("USR1", 138)] // 128 + 10
    public void Phase_Signal_LeavesACheckpointAndItsCode(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "SIGUSR1 has another number elsewhere");
        // A tenth of a second of training is left, in which a busy machine may not get to the signal: then once more.
        var (run, before, outcome) = Enumerable.Range(0, 5).Select(attempt => Stop(attempt)).First(each => !Ended(each.Run));
        outcome.Expect(code);
        Assert.Contains("checkpoint written; continue with: ornstein phase --resume --out ", outcome.Error, StringComparison.Ordinal);
        Assert.InRange(TinyRun.CheckpointStep(run), before + 1, TinyRun.Steps - 1);
        InProcess.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", run).Expect(0);
        tiny.AssertSame(run);

        bool Ended(string folder) => File.Exists(Path.Combine(folder, "phase.json"));
        (string Run, long Before, Outcome Outcome) Stop(int attempt)
        {
            var folder = tiny.CopyInterrupted(_folder, $"run-{attempt}");
            var step = TinyRun.CheckpointStep(folder);
            // No checkpoint but the one that the signal brings about.
            using var child = ChildProgram.Start(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "1e6", "--out", folder);
            if (child.WaitFor(() => Epochs(folder) > step / 8 + 1)) child.Signal(signal);
            return (folder, step, child.Finish());
        }
    }

    [Fact]
    public void Phase_HangupUnderNohup_GoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        tiny.CopyInterrupted(_folder);
        var outcome = ChildProgram.Shell(_folder.Path, $"""
            trap '' HUP
            before=$(cat run/metrics.jsonl | wc -l)
            dotnet '{ChildProgram.Dll}' phase --resume --checkpoint-seconds 30 --out run & child=$!
            while kill -0 $child && [ $(cat run/metrics.jsonl | wc -l) -le $before ]; do sleep 0.01; done 2>/dev/null
            kill -HUP $child || exit 99
            wait $child
            """).Expect(0);
        Assert.Contains("run folder: run", outcome.Output, StringComparison.Ordinal);
        tiny.AssertSame(_folder.File("run"));
    }

    [Fact]
    public void Work_Hangup_StopsWithACheckpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals");
        _folder.File("tiny.json", TinyStudy.Json);
        ChildProgram.Run(_folder.Path, "study", "submit", "tiny.json", "--launcher", "command").Expect(0);
        using var child = ChildProgram.Start(_folder.Path, "study", "work", "tiny.json", "--element", "0");
        Assert.True(child.WaitFor(() => TinyStudy.Steps(_folder.File("tiny")) > 10), "the run ended before the signal");
        child.Signal("HUP");
        Assert.Contains("stopped; what is done is kept", child.Finish().Expect(ExitCodes.Terminated).Error, StringComparison.Ordinal);
    }

    private static int Epochs(string run)
    {
        using var file = new FileStream(Path.Combine(run, "metrics.jsonl"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }
}
