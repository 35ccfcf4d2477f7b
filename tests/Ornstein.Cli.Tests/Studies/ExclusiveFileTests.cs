using System.Globalization;
using Ornstein.Storage;
using Ornstein.Studies;

namespace Ornstein.Cli.Tests.Studies;

public sealed class ExclusiveFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryCreate_FileOfAProcessThatWasKilled_IsRemoved()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there it stays");
        var path = _folder.File("submissions/1.json");
        Directory.CreateDirectory(_folder.File("submissions"));
        var own = UnfinishedFile.For(path);
        File.WriteAllText(own.Replace($"-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-", $"-{int.MaxValue}-", StringComparison.Ordinal), "");
        Assert.True(ExclusiveFile.TryCreate(path, "first"));
        Assert.False(ExclusiveFile.TryCreate(path, "second"));
        Assert.Equal("first", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.File("submissions")))));
    }

    /// <summary>As a process does that finds the cell finished, and removes its attempts: whoever was about to begin one ended with "cannot write", though all was well.</summary>
    [Fact]
    public async Task TryCreate_AnotherProcessClearsTheFolder_MakesItAgain()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there nobody removes a file that is open");
        Directory.CreateDirectory(_folder.Path);
        using var done = new CancellationTokenSource();
        var removed = 0;
        var clearing = Task.Run(() =>
        {
            // Once of each, as it happens: a folder is not cleared again and again.
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (!done.IsCancellationRequested)
            {
                foreach (var file in Directory.GetFiles(_folder.Path, UnfinishedFile.Prefix + "*"))
                {
                    if (!seen.Add(Path.GetFileName(file).Split('-')[1])) continue;
                    File.Delete(file);
                    removed++;
                }
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; Volatile.Read(ref removed) < 20 && i < 100_000; i++)
        {
            var path = _folder.File(i.ToString(CultureInfo.InvariantCulture));
            Assert.True(ExclusiveFile.TryCreate(path, "whole"));
            Assert.Equal("whole", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
            File.Delete(path);
        }

        await done.CancelAsync();
        await clearing;
        Assert.True(removed >= 20);
    }
}
