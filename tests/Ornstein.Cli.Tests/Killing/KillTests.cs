using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Kill;

namespace Ornstein.Cli.Tests.Killing;

/// <summary>
/// Runs that are killed, starved and resumed end as if nothing had happened. This is the short form, with a seed that stays; <c>bench/Ornstein.Kill</c> is the long one
/// (docs/reliability.md).
/// </summary>
[Collection(EndToEndGroup.Name)]
public sealed class KillTests : IDisposable
{
    private const int Seed = 20_260_701;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Run_KilledInEveryWay_EndsAsIfNothingHadHappened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs signals, and libraries that are loaded before others");
        var campaign = new Campaign(new KillOptions
        {
            Kills = 12, Seed = Seed, Only = [.. RunKinds.All.Where(kind => kind.Name is "phase" or "study-work" or "pictures")], Out = _folder.File("runs"),
        });
        campaign.Run(_ => { });
        Assert.True(campaign.Faults.Count == 0, string.Join(Environment.NewLine, campaign.Faults));
        Assert.True(campaign.Kills >= 12);
    }

    [Fact]
    public void Limit_OfAGroup_KillsTheProcessThatAsksForMoreMemory()
    {
        var group = MemoryGroup.Make();
        Assert.SkipWhen(group is null, "needs the right to make a control group");
        // It doubles what it has; where no limit holds, it ends at its own, with another code.
        string[] growing = ["bash", "-c", "ulimit -v 1000000; x=a; while :; do x=$x$x; done"];
        Assert.Equal(137, Child.Run(_folder.Path, group.Words(growing), strike: _ => group.Limit(1 << 20)).Code);
    }

    [Theory]
    [InlineData("SIGKILL", 137, "", null)]
    [InlineData("SIGTERM", 143, "checkpoint written\n", null)]
    [InlineData("SIGTERM", 1, "ornstein: cannot write\n", "exit code 1")]
    [InlineData("EIO", 1, "epoch 1\nornstein: cannot write: Input/output error\n", null)]
    [InlineData("EIO", 1, "ornstein: cannot write\nornstein: cannot write\n", "2 lines")]
    [InlineData("EIO", 1, "ornstein: cannot write\nepoch 2\n", "not the last")]
    [InlineData("EIO", 1, "ornstein: unexpected - this is a defect\n", "this is a defect")]
    [InlineData("full-disk", 1, "Unhandled exception\n   at Main\n", "a stack trace")]
    [InlineData("full-disk", 139, "", "exit code 139")]
    [InlineData("no-memory", 137, "", null)]
    [InlineData("no-memory", 1, "ornstein: no memory\n", "exit code 1")]
    [InlineData("small-heap", 134, "Out of memory.\n   at Main\n", null)]
    [InlineData("small-heap", 1, "\n", "0 lines")]
    [InlineData("small-heap", 1, "epoch 1\n", "0 lines")]
    public void Fault_EndingOfAProcess_IsSeen(string way, int code, string error, string? fault)
    {
        var found = Judge.Fault(Ways.All.Single(one => Ways.NameOf(one) == way), new Ending(code, error, 1, Hung: false));
        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_FoldersOfTwoRuns_NamesWhatIsOther()
    {
        string Write(string run, string name, string content)
        {
            Directory.CreateDirectory(_folder.File(run));
            File.WriteAllText(_folder.File(Path.Combine(run, name)), content);
            return _folder.File(run);
        }

        var (whole, other) = (Write("whole", "metrics.jsonl", """{"loss":1,"imagesPerSecond":5}"""), Write("other", "metrics.jsonl", """{"loss":1,"imagesPerSecond":7}"""));
        Assert.Null(Kill.Results.Difference(Kill.Results.Of(whole), Kill.Results.Of(other)));
        Write("whole", "phase.json", "1");
        Write("other", ".ornstein-x", "");
        Write("other", "metrics.jsonl", """{"loss":2,"imagesPerSecond":7}""");
        Assert.Equal("left behind: .ornstein-x; missing: phase.json; other than undisturbed: metrics.jsonl", Kill.Results.Difference(Kill.Results.Of(whole), Kill.Results.Of(other)));
    }
}
