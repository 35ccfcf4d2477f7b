using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.Studies.Attempts;

public sealed class CellLeaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CellAttempts Attempts => new(_folder.Path, "abcdef0123");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryBegin_AliveAttempt_IsRefusedUntilItIsSilentOrKnownToBeDead()
    {
        using var first = Begin()!;
        Assert.Equal((1, true), (first.Number, first.IsMine));
        Assert.Null(Begin());
        using var second = Begin(isDead: true)!;
        Assert.Equal((2, true, false), (second.Number, second.IsMine, first.IsMine));
        File.SetLastWriteTimeUtc(Attempts.RecordOf(2), DateTime.UtcNow - AttemptRecord.Patience - TimeSpan.FromSeconds(1));
        using var third = Begin()!;
        Assert.Equal((3, false), (third.Number, second.IsMine));
    }

    /// <summary>The clock that dates the files was set back by a day: nobody waits for a day.</summary>
    [Fact]
    public void TryBegin_SignOfATimeToCome_IsNone()
    {
        using var first = Begin()!;
        File.SetLastWriteTimeUtc(Attempts.RecordOf(1), DateTime.UtcNow + TimeSpan.FromDays(1));
        using var second = Begin()!;
        Assert.Equal(2, second.Number);
    }

    /// <summary>Whoever looks writes a file to know the server's time, which is in the way of a process that removes the attempts of a finished cell at that moment.</summary>
    [Fact]
    public void IsAlive_CellThatGotItsResultMeanwhile_LeavesNoEmptyFolders()
    {
        Directory.CreateDirectory(Attempts.Path);
        Attempts.IsAlive(new LastAttempt(1, AttemptRecord.Of(0, 0), DateTime.UtcNow));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    /// <summary>A process of before the retry may sleep, and has its folder by its number.</summary>
    [Fact]
    public void EndWithoutModel_Retry_GetsAHigherNumber()
    {
        using var first = Begin()!;
        using var second = Begin(isDead: true)!;
        Directory.CreateDirectory(first.Folder.Path);
        second.EndWithoutModel("no model is left");
        Assert.Equal([2], Attempts.Numbers());
        Assert.Equal((AttemptStage.Failed, "no model is left"), (Attempts.Last()!.Record.Stage, Attempts.Last()!.Record.Reason));
        Assert.False(Directory.Exists(first.Folder.Path));
        using var retry = Begin()!;
        Assert.Equal((3, false), (retry.Number, first.IsMine));
    }

    /// <summary>A server that does not answer for a moment: this process keeps its cell, and nobody else takes it.</summary>
    [Fact]
    public void IsMine_RecordThatCannotBeRead_IsNoLossAndNoDeath()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link that leads nowhere");
        using var first = Begin()!;
        File.Delete(Attempts.RecordOf(1));
        File.CreateSymbolicLink(Attempts.RecordOf(1), Attempts.RecordOf(1));
        Assert.True(first.IsMine);
        Assert.Contains("Cannot read", Assert.Throws<OrnsteinException>(() => Begin()).Message, StringComparison.Ordinal);
        first.Beat();
        Assert.False(first.Lost.IsCancellationRequested);
        File.Delete(Attempts.RecordOf(1));
        first.Beat();
        Assert.True(first.Lost.IsCancellationRequested);
    }

    /// <summary>A process may wake while its run folder is removed: it must not find a part of it under its name.</summary>
    [Fact]
    public void ClearBefore_FolderThatIsNotRemovedToItsEnd_HasLostItsNameAndGoesLater()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system of its own");
        using var first = Begin()!;
        using var second = Begin(isDead: true)!;
        var kept = Directory.CreateDirectory(Path.Combine(first.Folder.Path, "kept")).FullName;
        var mounted = SlurmCluster.Shell($"mount -t tmpfs -o size=64k none {kept}");
        Assert.SkipUnless(mounted.Length == 0, $"no right to mount a small file system: {mounted}");
        Attempts.ClearBefore(2);
        var left = Directory.GetDirectories(Attempts.Path);
        SlurmCluster.Shell($"umount {Attempts.Path}/*/kept");
        Assert.NotEqual(first.Folder.Path, Assert.Single(left));
        Attempts.ClearBefore(2);
        Assert.Empty(Directory.GetDirectories(Attempts.Path));
        Assert.Equal([2], Attempts.Numbers());
    }

    [Fact]
    public void TryBegin_ManyAtOnce_OneGetsTheCell()
    {
        for (var round = 0; round < 20; round++)
        {
            Attempts.Clear();
            var leases = new CellLease?[8];
            Parallel.For(0, leases.Length, new ParallelOptions { MaxDegreeOfParallelism = leases.Length }, i => leases[i] = Begin());
            using var lease = Assert.Single(leases.OfType<CellLease>());
            Assert.Equal((1, true), (lease.Number, lease.IsMine));
        }
    }

    [Fact]
    public void End_WithoutResult_LetsTheNextBeginAtOnceAndKeepsTheReason()
    {
        using var first = Begin()!;
        first.End(AttemptStage.Stopped, "out of time");
        Assert.Equal((AttemptStage.Stopped, "out of time"), (Attempts.Last()!.Record.Stage, Attempts.Last()!.Record.Reason));
        using var second = Begin()!;
        first.End(AttemptStage.Failed, "an orphan's word");
        Assert.Equal((2, AttemptStage.Running), (Attempts.Last()!.Number, Attempts.Last()!.Record.Stage));
        second.EndWithResult();
        Assert.Null(Attempts.Last());
        Assert.Empty(CellAttempts.Hashes(_folder.Path));
    }

    /// <summary>A disk with no room for the temporary file of the new record.</summary>
    [Fact]
    public void End_OnAFullDisk_LetsTheNextBeginAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file system of its own");
        var mounted = SlurmCluster.Shell($"mount -t tmpfs -o size=64k none {_folder.Path}");
        Assert.SkipUnless(mounted.Length == 0, $"no right to mount a small file system: {mounted}");
        try
        {
            using var first = Begin()!;
            SlurmCluster.Shell($"head -c 64K /dev/zero >{_folder.File("filler")}");
            first.End(AttemptStage.Stopped, "the disk is full");
            Assert.False(Attempts.Last()!.LooksAlive);
            File.Delete(_folder.File("filler"));
            using var second = Begin()!;
            Assert.Equal(2, second.Number);
        }
        finally
        {
            SlurmCluster.Shell($"umount {_folder.Path}");
        }
    }

    private CellLease? Begin(bool isDead = false) => CellLease.TryBegin(Attempts, AttemptRecord.Of(1, 0), _ => isDead);
}
