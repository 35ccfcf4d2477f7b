using System.Text.Json.Nodes;

namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>What surrounds a process: the user's language, terminal, home folder and limits.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class SurroundingsTests(TinyRun tiny) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Explicit = true)]
    [InlineData("de_DE")]
    [InlineData("tr_TR")]
    [InlineData("fa_IR")]
    public void Phase_CultureOfTheUser_ChangesNothing(string culture)
    {
        var program = $"env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 LC_ALL={culture}.UTF-8 dotnet '{ChildProgram.Dll}'";
        // The runtime itself ends where it is to know cultures and the system has no tables of them.
        var probe = Shell($"{program} --version");
        Assert.SkipUnless(probe.Code == 0, "no library of cultures (ICU) on this system");
        Assert.Contains("--rho 1.5 is out of range", TinyRun.OneLine(Shell($"{program} phase --rho 1.5").Expect(ExitCodes.Usage)), StringComparison.Ordinal);
        Assert.Contains("--rho -0.5 is out of range", TinyRun.OneLine(Shell($"{program} phase --rho=-0.5").Expect(ExitCodes.Usage)), StringComparison.Ordinal);
        var outcome = Shell($"{program} phase {string.Join(' ', TinyRun.Arguments)} --json --out run").Expect(0);
        Assert.Equal(tiny.WholeOutcome.Output, outcome.Output);
        Assert.Contains("on 256 of digits", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(Command(tiny.Whole), Command(_folder.File("run")));
        tiny.AssertSame(_folder.File("run"));
    }

    [Theory(Explicit = true)]
    [InlineData("TERM=dumb", false)]
    [InlineData("-u TERM", false)]
    [InlineData("TERM=unheard-of", false)]
    [InlineData("TERM=xterm", true)]
    public void Phase_OnATerminal_RedrawsOnlyWhereThatIsUnderstood(string terminal, bool redraws)
    {
        var screen = OnATerminal(terminal);
        Assert.Equal(redraws, screen.Contains("\u001b[2K", StringComparison.Ordinal));
        if (redraws) return;
        string[] epochs = [.. screen.Split('\n').Where(line => line.Contains("epoch ", StringComparison.Ordinal))];
        Assert.Equal(12, epochs.Length);
        Assert.All(epochs, line => Assert.StartsWith("epoch ", line, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', screen);
    }

    [Fact(Explicit = true)]
    public void Phase_NoColor_IsRespected()
    {
        Assert.Contains("\u001b[38;5;", OnATerminal("-u NO_COLOR TERM=xterm"), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\u001b\[(3|4|9)\d", OnATerminal("TERM=xterm NO_COLOR=1"));
        // By its convention it counts only where it is not empty.
        Assert.Contains("\u001b[38;5;", OnATerminal("TERM=xterm NO_COLOR="), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FewFilesMayBeOpen_SaysWhatRaisesTheLimit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits files as Linux does");
        var line = TinyRun.OneLine(Shell($"ulimit -n 64; ornstein eval '{tiny.Whole}'").Expect(1));
        Assert.StartsWith("too few open files: a process may have 64 here", line, StringComparison.Ordinal);
        Assert.Contains("ulimit -n 1024", line, StringComparison.Ordinal);
        Shell($"ulimit -n 256; ornstein phase {string.Join(' ', TinyRun.Model)} --epochs 1 --out run").Expect(0);
    }

    [Fact]
    public void Eval_LittleAddressSpace_NamesItAndNotTheInstallation()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits memory as Linux does");
        var probe = Shell("ulimit -v 3000000; ornstein data list");
        Assert.SkipUnless(probe.Code == 0, "the runtime itself wants more memory on this machine");
        var line = TinyRun.OneLine(Shell($"ulimit -v 3000000; ornstein eval '{tiny.Whole}'").Expect(1));
        Assert.Contains("memory", line, StringComparison.Ordinal);
        Assert.Contains("a process may have 3072 MB of address space here: raise that, such as by 'ulimit -v unlimited'", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/nowhere/at-all")]
    public void Data_HomeThatIsNoFolder_AsksForOneOnlyWhereItIsNeeded(string home)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows the folder by other means");
        Directory.CreateDirectory(_folder.File("relative"));
        var set = $"export HOME={home}; unset XDG_CACHE_HOME; ";
        var line = TinyRun.OneLine(Shell(set + "ornstein data get omniglot-small").Expect(1));
        Assert.Contains("set it, or XDG_CACHE_HOME", line, StringComparison.Ordinal);
        Assert.Contains("\nmnist ", Shell(set + "ornstein data list").Expect(0).Output, StringComparison.Ordinal);
        Shell(set + "ornstein data info digits").Expect(0);
        Assert.Equal([_folder.File("relative")], Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("phase.json")]
    [InlineData("cost.json")]
    public void Compare_DocumentOfALaterVersion_IsRefused(string name)
    {
        var file = Path.Combine(tiny.CopyWhole(_folder), name);
        var document = JsonNode.Parse(File.ReadAllText(file))!;
        document["format"] = 99;
        File.WriteAllText(file, document.ToJsonString());
        var line = TinyRun.OneLine(ChildProgram.Run(_folder.Path, "compare", "run").Expect(1));
        Assert.Equal($"'{Path.Combine("run", name)}' was written by a later version of Ornstein (format 99); read it with that version.", line);
    }

    private static string Command(string run) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "config.json")))!["provenance"]!["command"]!;

    private Outcome Shell(string script) => ChildProgram.Shell(_folder.Path, script);

    // Both streams, as the terminal gets them.
    private string OnATerminal(string environment)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Shell("command -v script").Code == 0, "makes terminals by 'script' of Linux");
        File.WriteAllText(_folder.File("run.sh"), $"exec dotnet '{ChildProgram.Dll}' phase {string.Join(' ', TinyRun.Arguments)} --json --out run-$$\n");
        return Shell($"env {environment} script -qec 'bash run.sh' /dev/null </dev/null").Expect(0).Output;
    }
}
