using Ornstein.Studies;
using Ornstein.Runs;

namespace Ornstein.Cli.Tests.Studies;

public sealed class StudyFolderTests : IDisposable
{
    private const string Study = """{ "models": { "a": {}, "b": { "epochs": 3 } }, "experiments": { "one": { "models": ["a", "b"] } } }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_CellThatWasRenamed_IsItsOldFolder()
    {
        var study = StudyJson.Parse(Study, "x.json");
        var folder = new StudyFolder(_folder.Path);
        Assert.Equal(Path.Combine(_folder.Path, "cells", study.Cells[0].Id), folder.Of(study.Cells[0]).Path);
        foreach (var cell in study.Cells) Directory.CreateDirectory(folder.Of(cell).Path);
        var renamed = StudyJson.Parse(Study.Replace("\"a\"", "\"first\"", StringComparison.Ordinal), "x.json");
        folder = new StudyFolder(_folder.Path);
        Assert.Equal("first", renamed.Cells[0].Name);
        Assert.Equal($"a-{study.Cells[0].Hash}", Path.GetFileName(folder.Of(renamed.Cells[0]).Path));
        Assert.Empty(folder.Others(renamed));
    }

    [Fact]
    public void Others_CellThatChanged_IsNamed()
    {
        var study = StudyJson.Parse(Study, "x.json");
        foreach (var cell in study.Cells) Directory.CreateDirectory(new StudyFolder(_folder.Path).Of(cell).Path);
        var changed = StudyJson.Parse(Study.Replace("3", "4", StringComparison.Ordinal), "x.json");
        Assert.Equal([Path.Combine(_folder.Path, "cells", study.Cells[1].Id)], new StudyFolder(_folder.Path).Others(changed));
    }

    [Fact]
    public void Hold_SecondTime_IsRefusedUntilTheFirstLetsGo()
    {
        var folder = new StudyFolder(_folder.File("study"));
        Assert.False(folder.IsHeld());
        using (folder.Hold())
        {
            Assert.True(folder.IsHeld());
            Assert.Contains("another process is at work on the study", Assert.Throws<OrnsteinException>(() => folder.Hold()).Message);
        }

        // As a process that was killed leaves it.
        File.WriteAllText(folder.FileIn(".lock"), "");
        Assert.False(folder.IsHeld());
        folder.Hold().Dispose();
    }

    [Fact]
    public void ClearUnmade_FolderWithoutConfig_LosesOnlyWhatItsMakingLeft()
    {
        var run = new RunFolder(_folder.Path);
        foreach (var name in new[] { ".probe", ".lock", ".ornstein-x7", "notes.txt" }) _folder.File(name, "");
        StudyFolder.ClearUnmade(run);
        Assert.Equal(["notes.txt"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
        _folder.File(".probe", "");
        _folder.File("config.json", "{}");
        StudyFolder.ClearUnmade(run);
        Assert.True(File.Exists(_folder.File(".probe")));
    }
}
