namespace Ornstein.Cli.Tests.EndToEnd;

/// <summary>Standard streams that are closed, full, or that nobody reads: the run's files are whole all the same.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class StandardStreamTests(TinyRun tiny) : IDisposable
{
    private static readonly string _train = $"ornstein phase {string.Join(' ', TinyRun.Arguments)} --json --out run";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(">&-", "it is closed")]
    [InlineData("<&- >&-", "it is closed", Explicit = true)]
    [InlineData(">/dev/full", "No space left on device")]
    public void Eval_ResultThatCannotBeWritten_SaysSo(string redirection, string reason)
    {
        SkipUnlessPosix();
        var outcome = Shell($"ornstein eval '{tiny.Whole}' --json {redirection}").Expect(1);
        Assert.Equal($"cannot write the result to standard output: {reason}", TinyRun.OneLine(outcome));
    }

    [Theory]
    [InlineData("data list")]
    [InlineData("--help")]
    [InlineData("phase --help")]
    [InlineData("--version")]
    public void Run_StandardOutputClosed_SaysSo(string command)
    {
        SkipUnlessPosix();
        Assert.Equal("cannot write the result to standard output: it is closed", TinyRun.OneLine(Shell($"ornstein {command} >&-").Expect(1)));
    }

    [Theory]
    [InlineData("2>&-", 0, Explicit = true)]
    [InlineData("2>/dev/full", 0)]
    [InlineData(">&- 2>&-", 1)] // the runtime takes both numbers for a pipe of its own
    [InlineData("<&- 2>&-", 0, Explicit = true)]
    public void Phase_StandardErrorThatCannotBeWritten_LosesNothingOfTheRun(string redirection, int code)
    {
        SkipUnlessPosix();
        var outcome = Shell($"{_train} {redirection}").Expect(code);
        Assert.Equal((code == 0 ? tiny.WholeOutcome.Output : "", ""), (outcome.Output, outcome.Error));
        tiny.AssertSame(_folder.File("run"));
        Assert.True(File.Exists(_folder.File("run/report.html")));
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public void Train_MistakeThatCannotBeSaid_KeepsItsExitCode(string redirection)
    {
        SkipUnlessPosix();
        Assert.Equal("", Shell($"ornstein train --rho 7 {redirection}").Expect(ExitCodes.Usage).Output);
    }

    [Fact]
    public void Eval_ReaderThatStops_EndsQuietly()
    {
        SkipUnlessPosix();
        var outcome = Shell($"ornstein eval '{tiny.Whole}' --json | head -n 1; exit $((PIPESTATUS[0] > 1))").Expect(0);
        Assert.Equal(("{\n", ""), (outcome.Output, outcome.Error));
    }

    private static void SkipUnlessPosix() => Assert.SkipUnless(OperatingSystem.IsLinux(), "redirects streams as Linux does");

    private Outcome Shell(string script) => ChildProgram.Shell(_folder.Path, script);
}
