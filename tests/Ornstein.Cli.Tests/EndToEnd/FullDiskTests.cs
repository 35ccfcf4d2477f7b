namespace Ornstein.Cli.Tests.EndToEnd;

[Collection(EndToEndGroup.Name)]
public sealed class FullDiskTests(TinyRun tiny) : IDisposable
{
    // The runtime makes code writable by way of a large file in memory, which a limit on file sizes would forbid.
    internal static string Limited(int kilobytes) => $"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f {kilobytes}; ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The weights fit into the limit and the moments do not: the checkpoint before must stand.</summary>
    [Fact(Explicit = true)]
    public void Resume_CheckpointDoesNotFit_SaysSoAndTheOldOneStillLoads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits file sizes as Linux does");
        var run = tiny.CopyInterrupted(_folder);
        var step = TinyRun.CheckpointStep(run);
        var outcome = ChildProgram.Shell(_folder.Path, Limited(600) + "ornstein phase --resume --checkpoint-seconds 0 --out run").Expect(1);
        AssertOneLine(outcome, "moments-");
        Assert.Equal(step, TinyRun.CheckpointStep(run));
        ChildProgram.Run(_folder.Path, "phase", "--resume", "--checkpoint-seconds", "30", "--out", run).Expect(0);
        tiny.AssertSame(run);
    }

    [Fact(Explicit = true)]
    public void Resume_DiskIsFull_SaysSoAndGoesOnWhenThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts a file system as Linux does");
        var probe = ChildProgram.Shell(_folder.Path, "mkdir disk; unshare -rm mount -t tmpfs -o size=1m none disk");
        Assert.SkipUnless(probe.Code == 0, "no right to mount a small file system: " + probe.Error.Trim());
        var run = tiny.CopyInterrupted(_folder);
        File.WriteAllText(_folder.File("script"), $$"""
            mount -t tmpfs -o size=4m none disk || exit 99
            cp -r run disk/run
            head -c 8M /dev/zero >disk/filler 2>/dev/null
            dotnet '{{ChildProgram.Dll}}' phase --resume --checkpoint-seconds 0 --out disk/run
            code=$?
            rm disk/filler
            dotnet '{{ChildProgram.Dll}}' phase --resume --checkpoint-seconds 30 --out disk/run >/dev/null 2>&1 || exit 98
            cp -r disk/run after
            exit $code
            """);
        var outcome = ChildProgram.Shell(_folder.Path, "unshare -rm bash script").Expect(1);
        AssertOneLine(outcome, "the disk is full");
        tiny.AssertSame(_folder.File("after"));
    }

    [Fact(Explicit = true)]
    public void Phase_NoRoomForStandardOutput_IsOneLine()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        var outcome = ChildProgram.Shell(_folder.Path, $"ornstein eval '{tiny.Whole}' --json >/dev/full").Expect(1);
        Assert.StartsWith("cannot write the result to standard output: No space left", TinyRun.OneLine(outcome), StringComparison.Ordinal);
    }

    private static void AssertOneLine(Outcome outcome, string expected)
    {
        var line = Assert.Single(outcome.ErrorLines, line => line.StartsWith("ornstein: ", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Equal(line, outcome.ErrorLines[^1]);
        Assert.DoesNotContain("this is a defect", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", outcome.Output);
    }
}
