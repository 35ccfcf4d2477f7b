using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Kill;
using Ornstein.Kill.Hands;

namespace Ornstein.Cli.Tests.Killing;

/// <summary>
/// Many processes on one thing, on two machines whose clocks are a day apart and a file system that has forgotten its locks, while one is killed, another suspended, and all
/// sleep a night. This is the short form, with fewer processes; <c>bench/Ornstein.Kill</c> has the long one (docs/reliability.md).
/// </summary>
[Collection(EndToEndGroup.Name)]
public sealed class HandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Explicit = true)]
    [InlineData("run", 3)]
    [InlineData("study", 4)]
    [InlineData("cache", 3)]
    public void Work_LocksAreForgotten_NothingIsLostOrWrittenTwice(string name, int hands)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs libraries that are loaded before others");
        var campaign = new HandsCampaign(new HandsOptions
        {
            Cases = 1, Hands = hands, Only = [.. HandsSettings.All.Where(setting => setting.Name == name)], Out = _folder.File("hands"),
            Weather = Weather.Calm with
            {
                Rate = 100, Machines = [TimeSpan.Zero, TimeSpan.FromDays(1)], Locks = Locks.None, Pause = TimeSpan.FromSeconds(1),
                Blows = [(Blow.Stop, 0.1, 0.2), (Blow.Night, 0.1, 0.5), (Blow.Kill, 0.6, 0.5)],
            },
        });
        Assert.SkipUnless(campaign.Run(_ => { }), "no C compiler");
        Assert.True(campaign.Faults.Count == 0, string.Join(Environment.NewLine, campaign.Faults) + Environment.NewLine + string.Join(Environment.NewLine, campaign.Last!.Story));
    }

    [Fact]
    public void TwoAtOnce_WritesOfTwoProcesses_AreSeenOnlyWhereTheyOverlap()
    {
        static Change At(long time, string process, string path) => new(time, process, "write", path, "");
        static string? Folder(string path) => path.StartsWith("run/", StringComparison.Ordinal) ? "run" : null;
        Change[] apart = [At(1, "a", "run/x"), At(2, "a", "run/y"), At(3, "b", "run/x"), At(4, "a", "other")];
        Assert.Null(WriteLog.TwoAtOnce(apart, Folder));
        Assert.Contains("b wrote run/x while a wrote run/z", WriteLog.TwoAtOnce([.. apart, At(5, "a", "run/z")], Folder), StringComparison.Ordinal);
        Assert.Null(WriteLog.TwoAtOnce([.. apart, At(5, "a", "run/z") with { Call = "unlink" }], Folder));
        // A folder that another process removes loses its name first.
        Assert.Null(WriteLog.TwoAtOnce([.. apart, At(5, "a", "run/") with { Call = "rename", To = "trash-1" }], Folder));
        Assert.NotNull(WriteLog.TwoAtOnce([.. apart, At(5, "a", "run/") with { Call = "rename", To = "elsewhere" }], Folder));
    }
}
