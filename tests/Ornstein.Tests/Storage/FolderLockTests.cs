using System.Globalization;
using System.Text;
using Ornstein.Runs;
using Ornstein.Storage;

namespace Ornstein.Tests.Storage;

/// <summary>One process has a folder, also where locks are forgotten: then it is told by the process and by its signs of life.</summary>
public sealed class FolderLockTests : IDisposable
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();

    private string Lock => _folder.File(FolderLock.Name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryTake_TakenFolder_IsRefusedUntilItIsLetGo()
    {
        Assert.False(FolderLock.IsTaken(_folder.Path));
        using (FolderLock.TryTake(_folder.Path))
        {
            Assert.True(FolderLock.IsTaken(_folder.Path));
            Assert.Null(FolderLock.TryTake(_folder.Path));
        }

        Assert.False(FolderLock.IsTaken(_folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>A chain of two that died, one after the other.</summary>
    [Fact]
    public void TryTake_FolderOfTheDead_IsTakenAndNothingIsLeft()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the file goes with its process");
        var first = Write(Lock, ProcessMark.Machine, int.MaxValue, "-");
        Write($"{Lock}-{first}", ProcessMark.Machine, int.MaxValue, "-");
        using (var taken = FolderLock.TryTake(_folder.Path))
        {
            Assert.NotNull(taken);
            Assert.Null(FolderLock.TryTake(_folder.Path));
            Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>A process that was killed while it made its lock leaves an unfinished file, whichever link of the chain it was to be.</summary>
    [Fact]
    public void TryTake_UnfinishedLockOfTheDead_IsRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the file goes with its process");
        void LeaveUnfinished() => File.WriteAllText(
            UnfinishedFile.For(Lock).Replace($"-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-", $"-{int.MaxValue}-", StringComparison.Ordinal), "");
        LeaveUnfinished();
        using (FolderLock.TryTake(_folder.Path)) Assert.Equal([Lock], Directory.GetFileSystemEntries(_folder.Path));
        Write(Lock, ProcessMark.Machine, int.MaxValue, "-");
        LeaveUnfinished();
        using (FolderLock.TryTake(_folder.Path)) Assert.All(Directory.GetFileSystemEntries(_folder.Path), path => Assert.True(FolderLock.IsPart(path)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TryTake_LockWasForgottenButItsProcessIsHere_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere only the lock tells");
        Write(Lock, ProcessMark.Machine, Environment.ProcessId, ProcessMark.Own);
        Assert.Null(FolderLock.TryTake(_folder.Path));
        Assert.True(FolderLock.IsTaken(_folder.Path));
        // A process that got the number of the dead one.
        Write(Lock, ProcessMark.Machine, Environment.ProcessId, "another");
        using var taken = FolderLock.TryTake(_folder.Path);
        Assert.NotNull(taken);
    }

    [Fact]
    public async Task TryTake_LockOfAnotherMachineWasForgotten_IsRefusedWhileThatGivesSignsOfLife()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        var token = Write(Lock, "elsewhere", 1, "-");
        var taking = Task.Run(() => FolderLock.TryTake(_folder.Path, TimeSpan.FromMinutes(2)), TestContext.Current.CancellationToken);
        await Task.Delay(_soon, TestContext.Current.CancellationToken);
        Write(Lock, "elsewhere", 1, "-", token, beats: 1);
        Assert.Null(await taking);
        var said = "";
        using var taken = FolderLock.TryTake(_folder.Path, _soon, line => said += line);
        Assert.NotNull(taken);
        Assert.Equal($"'{_folder.Path}' was left by a process on elsewhere; waiting up to 2 s for a sign of life from it", said);
    }

    /// <summary>As a process finds it that wakes on a machine whose locks were forgotten.</summary>
    [Fact]
    public void RequireFor_FolderThatAnotherTookOver_WritesNothingMore()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        using var taken = FolderLock.TryTake(_folder.Path);
        AtomicFile.WriteText(_folder.File("a.txt"), "mine");
        Assert.False(FolderLock.IsLost(_folder.Path));
        var own = LockLink.Read(Lock)!.Token;
        Write($"{Lock}-{own}", "elsewhere", 1, "-");
        Assert.True(FolderLock.IsLost(_folder.Path));
        var error = Assert.Throws<OrnsteinException>(() => AtomicFile.WriteText(_folder.File("a.txt"), "mine too"));
        Assert.Matches("another process took over '.*' while this one gave no sign of life", error.Message);
        Assert.Equal("mine", File.ReadAllText(_folder.File("a.txt")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), UnfinishedFile.Is);
    }

    /// <summary>A process that finds out that it lost the folder leaves: the chain that says who has it stays whole.</summary>
    [Fact]
    public void Dispose_OfALostFolder_LeavesTheOthersLock()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        using (FolderLock.TryTake(_folder.Path)) Write($"{Lock}-{LockLink.Read(Lock)!.Token}", ProcessMark.Machine, Environment.ProcessId, ProcessMark.Own);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.True(FolderLock.IsTaken(_folder.Path));
    }

    /// <summary>Its data took so long to load that another process took the folder over: the epochs that one wrote are not cut off.</summary>
    [Fact]
    public void MetricsLog_InAFolderThatAnotherTookOver_IsNotCut()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        using var taken = FolderLock.TryTake(_folder.Path);
        File.WriteAllText(_folder.File("metrics.jsonl"), "another's epochs");
        Write($"{Lock}-{LockLink.Read(Lock)!.Token}", "elsewhere", 1, "-");
        Assert.Throws<OrnsteinException>(() => new MetricsLog(_folder.File("metrics.jsonl"), 3));
        Assert.Equal("another's epochs", File.ReadAllText(_folder.File("metrics.jsonl")));
    }

    /// <summary>Two machines called localhost: a process of the other is waited for like that of any other machine, and not taken for dead because nobody here has its number.</summary>
    [Fact]
    public void TryTake_FolderOfAnotherMachineOfThisName_WaitsForASignOfLife()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there, the lock tells");
        Write(Lock, Environment.MachineName + "/00000000", int.MaxValue, "-");
        var said = "";
        using var taken = FolderLock.TryTake(_folder.Path, TimeSpan.FromMilliseconds(1), line => said += line);
        Assert.NotNull(taken);
        Assert.StartsWith($"'{_folder.Path}' was left by a process on {Environment.MachineName}; waiting", said, StringComparison.Ordinal);
    }

    /// <summary>Two containers of one host, with the same name: the numbers of their processes say nothing to each other.</summary>
    [Fact]
    public void TryTake_FolderOfAnotherContainer_WaitsForASignOfLife()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere processes have no numbers of their own");
        Write(Lock, ProcessMark.Machine, int.MaxValue, $"{ProcessMark.Own.Split(':')[0]}:1:pid:[1]");
        var said = "";
        using var taken = FolderLock.TryTake(_folder.Path, TimeSpan.FromMilliseconds(1), line => said += line);
        Assert.NotNull(taken);
        Assert.Contains("waiting up to 0 s for a sign of life", said, StringComparison.Ordinal);
        Assert.Matches(@"^[0-9a-f-]+:\d+:pid:\[\d+\]$", ProcessMark.Own);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../x elsewhere 1 - 0")]
    [InlineData("no words of a lock")]
    public void TryTake_FileThatIsNoLock_IsTakenOver(string content)
    {
        File.WriteAllText(Lock, content);
        using (var taken = FolderLock.TryTake(_folder.Path)) Assert.NotNull(taken);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TryTake_ManyAtOnce_NoTwoHaveIt()
    {
        var (inside, most, takes) = (0, 0, 0);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var taken = FolderLock.TryTake(_folder.Path);
                if (taken is null) continue;
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref takes);
                Thread.Sleep(1);
                Interlocked.Decrement(ref inside);
            }
        });
        Assert.Equal(1, most);
        Assert.True(takes > 1);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static string Write(string path, string machine, int process, string mark, string? token = null, int beats = 0)
    {
        token ??= Guid.NewGuid().ToString("N");
        // In one piece, as a process does that gives a sign of life: whoever reads meanwhile must not find an empty file.
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{token} {machine} {process} {mark} {beats:D12}\n"));
        file.Write(text);
        file.SetLength(text.Length);
        return token;
    }
}
