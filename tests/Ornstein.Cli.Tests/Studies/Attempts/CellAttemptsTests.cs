using Ornstein.Studies.Attempts;

namespace Ornstein.Cli.Tests.Studies.Attempts;

/// <summary>What is looked at may go at this very moment, since another process has finished the cell: it is then not there, and nothing ends by it.</summary>
public sealed class CellAttemptsTests : IDisposable
{
    private const string Hash = "abcdef0123";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EveryLook_WhileAnotherProcessRemovesTheAttempts_FindsThemOrNone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there nobody removes a folder that is looked at");
        var attempts = new CellAttempts(_folder.Path, Hash);
        using var done = new CancellationTokenSource();
        var removing = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                Directory.CreateDirectory(attempts.Path);
                Directory.Delete(attempts.Path);
            }

            done.Cancel();
        }, TestContext.Current.CancellationToken);
        while (!done.IsCancellationRequested)
        {
            Assert.Empty(attempts.Asides());
            Assert.Empty(attempts.Numbers());
            Assert.Null(attempts.Last());
            Assert.Subset(new HashSet<string> { Hash }, CellAttempts.Hashes(_folder.Path).ToHashSet(StringComparer.Ordinal));
        }

        await removing;
    }

    /// <summary>A server that does not answer says nothing about a process: whoever asks waits, and does not end.</summary>
    [Fact]
    public void SignOf_FileThatCannotBeLookedAt_IsNotKnown()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link that leads nowhere");
        Assert.Equal(CellAttempts.Never, CellAttempts.SignOf(_folder.File("none")));
        File.CreateSymbolicLink(_folder.File("loop"), _folder.File("loop"));
        Assert.Contains("Cannot read", Assert.Throws<OrnsteinException>(() => CellAttempts.SignOf(_folder.File("loop/1.json"))).Message, StringComparison.Ordinal);
    }
}
