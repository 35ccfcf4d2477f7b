using System.Text.Json;
using Ornstein.Cli.Machine;
using Ornstein.Cli.Tests.EndToEnd;

namespace Ornstein.Cli.Tests.Machine;

public class MachineChecksTests
{
    [Fact]
    public void Cache_FolderThatCanBeWritten_IsMadeAndLeftEmpty()
    {
        using var folder = new TemporaryFolder();
        string cache = folder.File("new/cache");
        Assert.Equal(MachineCheck.Ok("cache", $"{cache}, can be written"), MachineChecks.Cache(cache));
        Assert.Empty(Directory.GetFileSystemEntries(cache));
    }

    [Fact]
    public void Cache_PathThatIsNoFolder_IsWrongAndSaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        MachineCheck check = MachineChecks.Cache(Path.Combine(folder.File("file", "text"), "cache"));
        Assert.Equal(CheckState.Wrong, check.State);
        Assert.Contains("XDG_CACHE_HOME", check.Advice, StringComparison.Ordinal);
        Assert.Equal(CheckState.Wrong, MachineChecks.Cache(null).State);
    }

    [Fact]
    public void Doctor_OnThisMachine_FindsLibtorchAndSaysWhatABugReportNeeds()
    {
        using var folder = new TemporaryFolder();
        Outcome outcome = ChildProgram.Run(folder.Path, "doctor").Expect(ExitCodes.Success);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Output);
        Assert.Equal("", outcome.Error);
        string[] lines = outcome.Output.Split('\n');
        Assert.All(
            ["program", "processor", "memory", "libtorch", "threads", "open files", "cache", "data sets"],
            name => Assert.Contains(lines, line => line.StartsWith($"ok     {name} ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("ok     libtorch", StringComparison.Ordinal) && line.EndsWith("2.10.0 for the processor, loads", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("data sets", StringComparison.Ordinal) && line.Contains("digits", StringComparison.Ordinal));
    }

    [Fact]
    public void Doctor_HomeThatIsNoFolder_EndsWithOneAndStillSaysTheRest()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sets the variables with env");
        using var folder = new TemporaryFolder();
        string file = folder.File("file", "text");
        Outcome outcome = ChildProgram.RunOther(folder.Path, "env", $"XDG_CACHE_HOME={file}", "dotnet", ChildProgram.Dll, "doctor", "--json");
        Assert.Equal((ExitCodes.Failure, ""), (outcome.Code, outcome.Error));
        using var document = JsonDocument.Parse(outcome.Output);
        var states = document.RootElement.EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("state").GetString());
        Assert.Equal(("wrong", "ok"), (states["cache"], states["libtorch"]));
    }
}
