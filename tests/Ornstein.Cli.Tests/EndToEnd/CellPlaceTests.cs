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

    private RunFolder Finished(string path)
    {
        Directory.CreateDirectory(path);
        foreach (var file in Directory.GetFiles(tiny.Whole)) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        return new RunFolder(path);
    }
}
