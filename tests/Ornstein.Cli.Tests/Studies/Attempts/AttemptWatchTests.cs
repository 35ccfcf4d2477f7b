using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.Studies.Attempts;

public sealed class AttemptWatchTests : IDisposable
{
    private const string Hash = "abcdef0123";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SignOfLife_RecordThatCannotBeReadForAWhile_IsWaitedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link that leads nowhere");
        var attempts = new CellAttempts(_folder.Path, Hash);
        using var lease = CellLease.TryBegin(attempts, AttemptRecord.Of(1, 0), _ => false)!;
        var (seen, record) = (attempts.Last()!, attempts.RecordOf(1));
        File.Move(record, record + ".kept");
        File.CreateSymbolicLink(record, record);
        var watching = Task.Run(() => new AttemptWatch(_folder.Path, TestContext.Current.CancellationToken).SignOfLife(Hash, seen), TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        File.Delete(record);
        File.Move(record + ".kept", record);
        lease.Beat();
        Assert.Equal(seen.Text, await watching);
    }
}
