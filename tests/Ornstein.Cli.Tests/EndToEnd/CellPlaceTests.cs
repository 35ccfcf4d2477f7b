using Ornstein.Runs;
using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>A result is published once and never lost, whatever another process does between two renamings.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class CellPlaceTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CellAttempts Attempts => new(_folder.Path, "abcdef0123");

    private RunFolder Place => new(_folder.File("cells/L3/p-abcdef0123"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Publish_AFolderWithoutAResult_IsReplacedAndThenRemoved()
    {
        var finished = Finished(Attempts.FolderOf(1).Path);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Place.Path).FullName, "config.json"), "{}");
        Assert.True(CellPlace.Publish(finished, Place, Attempts));
        Assert.True(CellPlace.IsDone(Place));
        Assert.Empty(Attempts.Asides());
        Attempts.Clear();
        CellPlace.Tidy(Attempts, Place);
        Assert.True(CellPlace.IsDone(Place));
        Assert.False(Directory.Exists(_folder.File("attempts")));
    }

    [Fact]
    public void Publish_WhereAnotherHasPublished_LeavesItsResult()
    {
        var finished = Finished(Attempts.FolderOf(1).Path);
        var before = TinyRun.Snapshot(Finished(Place.Path).Path);
        Assert.False(CellPlace.Publish(finished, Place, Attempts));
        Assert.Equal(before, TinyRun.Snapshot(Place.Path));
        Assert.Empty(Attempts.Asides());
    }

    [Fact]
    public void Tidy_AResultWhoseMoverDied_ComesBack()
    {
        Directory.CreateDirectory(Attempts.Path);
        Finished(Attempts.NewAside());
        Attempts.Clear();
        CellPlace.Tidy(Attempts, Place);
        Assert.True(CellPlace.IsDone(Place));
        Assert.False(Directory.Exists(_folder.File("attempts")));
    }

    [Fact]
    public void Tidy_NothingButAUselessFolder_BringsNothingBack()
    {
        Directory.CreateDirectory(Attempts.NewAside());
        CellPlace.Tidy(Attempts, Place);
        Assert.False(Directory.Exists(Place.Path));
        Assert.False(Directory.Exists(_folder.File("attempts")));
    }

    /// <summary>What cannot be read for a moment may be the only result.</summary>
    [Fact]
    public void Tidy_AResultThatCannotBeRead_IsKept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link that leads nowhere");
        Directory.CreateDirectory(Attempts.Path);
        var aside = Finished(Attempts.NewAside());
        File.Delete(aside.Phase);
        File.CreateSymbolicLink(aside.Phase, aside.Phase);
        Assert.Throws<OrnsteinException>(() => CellPlace.Tidy(Attempts, Place));
        Assert.Equal(aside.Path, Assert.Single(Attempts.Asides()));
        File.CreateSymbolicLink(_folder.File("loop"), _folder.File("loop"));
        Assert.Throws<OrnsteinException>(() => CellPlace.IsDone(new RunFolder(_folder.File("loop/p-abcdef0123"))));
    }

    /// <summary>A machine that sees an old state for a while finds that something lies there, or nothing, whatever it does.</summary>
    [Fact]
    public async Task Publish_WhereSomethingLiesForAWhile_LooksAgain()
    {
        var finished = Finished(Attempts.FolderOf(1).Path);
        Directory.CreateDirectory(Path.GetDirectoryName(Place.Path)!);
        File.WriteAllText(Place.Path, "");
        var publishing = Task.Run(() => CellPlace.Publish(finished, Place, Attempts), TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        File.Delete(Place.Path);
        Assert.True(await publishing);
        Assert.True(CellPlace.IsDone(Place));
    }

    /// <summary>Its folder was removed while it slept: it does not wait for it.</summary>
    [Fact]
    public void Publish_FolderThatIsGone_IsRefusedAtOnce()
    {
        Directory.CreateDirectory(Attempts.Path);
        Assert.Throws<OrnsteinException>(() => CellPlace.Publish(Attempts.FolderOf(1), Place, Attempts));
        Assert.False(Directory.Exists(Place.Path));
    }

    private RunFolder Finished(string path)
    {
        Directory.CreateDirectory(path);
        foreach (var file in Directory.GetFiles(tiny.Whole)) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        return new RunFolder(path);
    }
}
