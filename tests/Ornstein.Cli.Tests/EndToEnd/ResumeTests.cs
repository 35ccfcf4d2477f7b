using System.Buffers.Binary;

namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class ResumeTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resume_AfterCtrlC_EndsAsIfNeverStopped()
    {
        var run = tiny.CopyInterrupted(_folder);
        var (_, output, error) = tiny.InterruptedOutcome;
        Assert.Equal("", output);
        Assert.Contains("checkpoint written; continue with: ornstein phase --resume --out ", error, StringComparison.Ordinal);
        Assert.InRange(TinyRun.CheckpointStep(run), 10, TinyRun.Steps - 1);
        Assert.False(File.Exists(Path.Combine(run, "phase.json")));
        Resume(run).Expect(0);
        tiny.AssertSame(run);
    }

    [Fact]
    public void Resume_AfterSigterm_EndsAsIfNeverStopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals");
        var run = tiny.CopyInterrupted(_folder);
        var before = TinyRun.CheckpointStep(run);
        using (var child = ChildProgram.Start(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "0", "--out", run))
        {
            Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(run) > before + 5), "the run ended before the signal");
            child.Signal("TERM");
            child.Finish().Expect(ExitCodes.Terminated);
        }

        Assert.InRange(TinyRun.CheckpointStep(run), before + 6, TinyRun.Steps - 1);
        Resume(run).Expect(0);
        tiny.AssertSame(run);
    }

    /// <summary>As where it was killed between its last checkpoint and what the training cost.</summary>
    [Fact]
    public void Resume_AtItsEndWithoutCost_WritesIt()
    {
        var run = tiny.CopyWhole(_folder);
        File.Delete(Path.Combine(run, "cost.json"));
        Resume(run).Expect(0);
        Assert.True(File.Exists(Path.Combine(run, "cost.json")));
        tiny.AssertSame(run);
    }

    /// <summary>With a checkpoint after every step, most of the time goes into writing one: that is where the kills fall.</summary>
    [Fact]
    public void Resume_AfterKillsAtAnyMoment_EndsAsIfNeverStopped()
    {
        var run = _folder.File("run");
        var random = new Random(20);
        using (var child = ChildProgram.Start(_folder.Path, ["phase", .. TinyRun.Arguments, "--checkpoint-seconds", "0", "--out", run]))
        {
            Assert.True(child.WaitFor(() => File.Exists(Path.Combine(run, "config.json"))));
            Assert.True(child.Kill());
        }

        var kills = 0;
        for (var i = 0; i < 5; i++)
        {
            var target = TinyRun.CheckpointStep(run) + random.Next(1, 10);
            using var child = ChildProgram.Start(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "0", "--out", run);
            if (child.WaitFor(() => TinyRun.CheckpointStep(run) >= target)) Thread.Sleep(random.Next(40));
            if (child.Kill()) kills++;
        }

        Assert.InRange(kills, 2, 5);
        Resume(run).Expect(0);
        tiny.AssertSame(run);
        Assert.Equal(
            ["moments-00000096.safetensors", "state.json", "weights-00000096.safetensors"],
            Directory.EnumerateFileSystemEntries(Path.Combine(run, "checkpoint")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Resume_WhileAnotherProcessRuns_IsRefused()
    {
        var run = tiny.CopyInterrupted(_folder);
        var before = TinyRun.CheckpointStep(run);
        using var child = ChildProgram.Start(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "0", "--out", run);
        Assert.True(child.WaitFor(() => TinyRun.CheckpointStep(run) > before));
        child.Signal("STOP"); // so that it does not end before the other has started
        Assert.Contains("another process is at work", TinyRun.OneLine(Resume(run)), StringComparison.Ordinal);
        child.Signal("CONT");
        child.Finish().Expect(0);
        tiny.AssertSame(run);
    }

    [Fact]
    public void Resume_OfAFinishedRun_ChangesNothing()
    {
        var run = tiny.CopyWhole(_folder);
        var before = TinyRun.Snapshot(run);
        var outcome = InProcess.Run(_folder.Path, "phase", "--resume", "--json", "--out", run).Expect(0);
        Assert.Equal(tiny.WholeOutcome.Output, outcome.Output);
        Assert.Equal(before, TinyRun.Snapshot(run));
    }

    [Theory]
    [InlineData("--learning-rate", "0.01")]
    [InlineData("--rho", "0.2,0.9")]
    [InlineData("--epochs", "13")]
    [InlineData("--latents", "6,4,2")]
    public void Resume_WithAnotherSetting_IsRefusedAndNamesIt(string option, string value) =>
        Assert.StartsWith($"{option} {value} differs from ", Refused(tiny.CopyWhole(_folder), option, value), StringComparison.Ordinal);

    [Fact]
    public void Resume_OfAFolderThatIsNoRun_SaysSo()
    {
        Directory.CreateDirectory(_folder.File("run"));
        _folder.File("run/notes.txt", "mine");
        Assert.Contains("is no run folder", Refused(_folder.File("run")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other latents", "another architecture")]
    [InlineData("weights cut short", "weights-")]
    [InlineData("moments cut short", "moments-")]
    [InlineData("weights with a lying header", "weights-")]
    [InlineData("weights gone", "weights-")]
    [InlineData("state cut short", "state.json")]
    [InlineData("metrics cut short", "metrics.jsonl")]
    [InlineData("metrics gone", "metrics.jsonl")]
    public void Resume_OfADamagedRun_SaysWhatIsWrongAndLeavesItAsItIs(string damage, string expected)
    {
        var run = tiny.CopyInterrupted(_folder);
        string The(string pattern) => Directory.EnumerateFiles(run, pattern, SearchOption.AllDirectories).Single();
        var weights = The("weights-*");
        switch (damage)
        {
            case "other latents":
                var config = File.ReadAllText(The("config.json"));
                File.WriteAllText(The("config.json"), config.Replace("    6,\n", "    5,\n", StringComparison.Ordinal));
                Assert.NotEqual(config, File.ReadAllText(The("config.json")));
                break;
            case "weights cut short": Cut(weights); break;
            case "moments cut short": Cut(The("moments-*")); break;
            case "weights with a lying header":
                var bytes = File.ReadAllBytes(weights);
                BinaryPrimitives.WriteInt64LittleEndian(bytes, 1L << 60);
                File.WriteAllBytes(weights, bytes);
                break;
            case "weights gone": File.Delete(weights); break;
            case "state cut short": Cut(The("state.json")); break;
            case "metrics cut short": Cut(The("metrics.jsonl")); break;
            default: File.Delete(The("metrics.jsonl")); break;
        }

        Assert.Contains(expected, Refused(run), StringComparison.Ordinal);
    }

    private Outcome Resume(string run) => InProcess.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", run);

    private string Refused(string run, params string[] arguments)
    {
        var before = TinyRun.Snapshot(_folder.Path);
        var line = TinyRun.OneLine(InProcess.Run(_folder.Path, ["phase", "--resume", "--out", run, .. arguments]));
        Assert.Equal(before, TinyRun.Snapshot(_folder.Path));
        return line;
    }

    private static void Cut(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(stream.Length * 2 / 3);
    }
}
