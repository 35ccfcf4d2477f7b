using System.Diagnostics;
using System.Runtime.InteropServices;
using Ornstein.Cli.CommandLine;
using Ornstein.Experiments.Settings;

namespace Ornstein.Cli.Tests.CommandLine;

public class ApplicationTests
{
    [Fact]
    public void Run_UnknownCommand_SuggestsTheNearest() =>
        Assert.Equal("unknown command 'phas'; did you mean 'phase'? (see 'ornstein --help')", Shell.Mistake("phas"));

    [Fact]
    public void Run_OptionBeforeCommand_SaysSo() =>
        Assert.StartsWith("unknown option '--epochs' for 'ornstein'", Shell.Mistake("--epochs", "3"));

    [Fact]
    public void Run_MissingArgument_NamesIt() => Assert.StartsWith("'ornstein eval' needs RUN", Shell.Mistake("eval"));

    [Fact]
    public void Run_MisspelledOptionInPlaceOfArgument_IsNotTakenForIt() =>
        Assert.StartsWith("unknown option '--rn' for 'ornstein eval'", Shell.Mistake("eval", "--rn"));

    [Fact]
    public void Explain_LibtorchThatDoesNotLoad_SaysSoInOneLine() => Assert.Equal(
        ("libtorch does not load on this machine: libgomp.so.1: cannot open shared object file; install ornstein anew, for this system", ExitCodes.Failure),
        Application.Explain(new TypeInitializationException(
            "TorchSharp.torch", new NotSupportedException("Step 1\n  tried\nlibgomp.so.1: cannot open shared object file\n\n"))));

    [Theory]
    [InlineData]
    [InlineData("--help")]
    public void Run_NoCommand_ListsTheCommands(params string[] arguments)
    {
        Shell.Outcome outcome = Shell.Run(arguments);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("phase", outcome.Output);
        Assert.Contains("eval", outcome.Output);
    }

    [Fact]
    public void Run_Help_ShowsEverySettingWithItsDefaultInGroups()
    {
        Shell.Outcome outcome = Shell.Run("phase", "--help");
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Output);
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.All(SettingsSchema.Run.Concat(SettingsSchema.Flags), setting => Assert.Contains("  " + setting.Option, outcome.Output));
        Assert.All(Enum.GetNames<SettingGroup>(), group => Assert.Contains($"\n{group}:\n", outcome.Output));
        Assert.Contains("[0,0.3,0.5,0.6,0.7,0.8,0.9,1]", outcome.Output);
        Assert.Contains("ornstein phase --data mnist", outcome.Output);
        Assert.All(outcome.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void Run_HelpBesideAMistake_ShowsHelp() => Assert.Equal(0, Shell.Run("phase", "--epocs", "3", "--help").Code);

    [Fact]
    public void Run_CompletionRequest_ListsOptionsInsteadOfMistakes()
    {
        Shell.Outcome outcome = Shell.Run("[suggest:21]", "phase --sampler anti");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Contains("--batch\n", outcome.Output);
    }

    [Fact]
    public void Run_Version_IsOneLine()
    {
        Shell.Outcome outcome = Shell.Run("--version");
        Assert.Equal(0, outcome.Code);
        Assert.Matches(@"^ornstein 0\.1\.0 \(.*TorchSharp 0\.107\.0.*, \.NET 10\..*\)\n$", outcome.Output);
    }

    [Fact]
    public void Run_FailureOfTheRun_IsOneLineAndExitCode1() =>
        AssertFailure(
            () => throw new OrnsteinException("run.pt is damaged;\ntrain again"),
            ExitCodes.Failure,
            "ornstein: run.pt is damaged; train again\n");

    [Fact]
    public void Run_FullDisk_SaysSo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a file that is always full");
        AssertFailure(() => File.WriteAllText("/dev/full", "text"), ExitCodes.Failure, "ornstein: the disk is full: ");
    }

    [Fact]
    public void Run_FolderThatIsNotEmpty_IsNotCalledAFullDisk()
    {
        using var folder = new TemporaryFolder();
        folder.File("in-the-way", "text");
        AssertFailure(() => Directory.Delete(folder.Path), ExitCodes.Failure, "ornstein: cannot read or write: ");
    }

    [Fact]
    public void Run_NoPermission_SaysSo() =>
        AssertFailure(
            () => throw new UnauthorizedAccessException("Access to the path '/x' is denied."),
            ExitCodes.Failure,
            "ornstein: no permission: Access to the path '/x'");

    [Fact]
    public void Run_Defect_SaysHowToReportItWithoutATrace()
    {
        Shell.Outcome outcome = Shell.Run(() => throw new InvalidOperationException("boom"), ["phase"]);
        Assert.Equal(ExitCodes.Failure, outcome.Code);
        Assert.StartsWith("ornstein: unexpected InvalidOperationException: boom", outcome.Error);
        Assert.Contains("report", outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("USR1", 138)] // 10 on Linux
    public void Interruption_Signal_CancelsAndGivesTheExitCode(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends the signal with kill");
        using Interruption interruption = Interruption.Listen();
        Assert.Equal(0, interruption.ExitCode);
        using (Process kill = Process.Start("kill", [$"-{signal}", Environment.ProcessId.ToString()])) kill.WaitForExit();
        Assert.True(interruption.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(5)));
        Assert.Equal((true, code), (interruption.IsRequested, interruption.ExitCode));
    }

    [Fact]
    public void Run_ControlCharactersInAMessage_AreEscaped()
    {
        Assert.StartsWith("unknown command 'ph\\x1b[2J'", Shell.Mistake("ph\u001b[2J"));
        AssertFailure(() => throw new OrnsteinException("'\u202ea\u001b[31m' is\nno run"), ExitCodes.Failure, "ornstein: '\\u202ea\\x1b[31m' is no run\n");
    }

    private static void AssertFailure(Action body, int code, string error)
    {
        Shell.Outcome outcome = Shell.Run(body, ["phase"]);
        Assert.Equal((code, ""), (outcome.Code, outcome.Output));
        Assert.StartsWith(error, outcome.Error);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }
}
