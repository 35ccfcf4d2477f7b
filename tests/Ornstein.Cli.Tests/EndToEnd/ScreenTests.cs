using System.Text.RegularExpressions;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What commands print on a terminal fits it, and in a pipe it is what it always was.</summary>
[Collection(EndToEndGroup.Name)]
public sealed partial class ScreenTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("eval run")]
    [InlineData("diagnose run")]
    [InlineData("compare run")]
    [InlineData("theory --rho 0,0.5,1 --draws 4")]
    [InlineData("data list")]
    [InlineData("preset list")]
    [InlineData("preset show burda-1-vae")]
    [InlineData("data info digits")]
    [InlineData("study status study.json")]
    [InlineData("doctor")]
    public void Run_OnANarrowScreen_HasNoLongerLines(string command)
    {
        tiny.CopyWhole(_folder);
        File.WriteAllText(_folder.File("study.json"), """
            {
              "name": "a study", "settings": { "epochs": 1, "trainLimit": 64, "testLimit": 20 },
              "data": { "digits": { "data": "digits" } }, "models": { "a-small-model": { "latents": [3, 2], "hidden": [8, 8] } }, "smoothing": { "p": {} },
              "experiments": { "an-experiment-with-a-long-name": { "question": "Is it?", "data": ["digits"], "models": ["a-small-model"], "smoothing": ["p"] } }
            }
            """);
        var words = command.Split(' ');
        var piped = InProcess.Run(_folder.Path, words);
        foreach (var columns in new[] { 60, 40 })
        {
            var narrow = InProcess.Run(_folder.Path, columns, words);
            Assert.Equal(piped.Code, narrow.Code);
            var text = Escapes().Replace(narrow.Output, "");
            Assert.All(text.Split('\n'), line => Assert.True(Fits(line, columns), line));
            // Nothing is lost: every word of the one is in the other.
            Assert.Subset(Words(text), Words(Escapes().Replace(piped.Output, "")));
        }

        Assert.Contains(piped.Output.Split('\n'), line => line.Length > 60);
    }

    [Fact]
    public void Eval_OnATerminalOfSixtyColumns_FitsItAndInAPipeNothingChanges()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ChildProgram.Shell(_folder.Path, "command -v script && command -v stty").Code == 0, "makes terminals by 'script' of Linux");
        tiny.CopyWhole(_folder);
        _folder.File("run.sh", $"stty cols 60\ndotnet '{ChildProgram.Dll}' eval run 2>/dev/null\ndotnet '{ChildProgram.Dll}' eval run 2>/dev/null | cat > piped.txt\n");
        var screen = ChildProgram.Shell(_folder.Path, "env TERM=xterm script -qec 'bash run.sh' /dev/null </dev/null").Expect(0).Output;
        string[] lines = [.. Escapes().Replace(screen, "").Split('\n').Select(line => line.TrimEnd('\r'))];
        Assert.Contains(lines, line => line.Length > 50);
        Assert.All(lines, line => Assert.True(Fits(line, 60), line));
        Assert.Equal(InProcess.Run(_folder.Path, "eval", "run").Expect(0).Output, File.ReadAllText(_folder.File("piped.txt")));
    }

    /// <summary>Warnings and the result, and nothing else.</summary>
    [Theory]
    [InlineData("eval run")]
    [InlineData("diagnose run")]
    public void Run_Quiet_SaysTheResultAlone(string command)
    {
        tiny.CopyWhole(_folder);
        var loud = InProcess.Run(_folder.Path, command.Split(' '));
        var quiet = InProcess.Run(_folder.Path, [.. command.Split(' '), "--quiet"]);
        Assert.Equal((0, loud.Output, ""), (quiet.Code, quiet.Output, quiet.Error));
    }

    // A word that has no room, such as a path, stays whole; so does a command line, which somebody copies.
    private static bool Fits(string line, int columns) =>
        line.Length <= columns || !line.Trim().Contains(' ', StringComparison.Ordinal) || line.StartsWith("  ornstein ", StringComparison.Ordinal);

    private static HashSet<string> Words(string text) => [.. text.Split([' ', '\n', '─'], StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escapes();
}
