using System.Diagnostics;
using Ornstein.Experiments.Settings;
using Ornstein.View.Listing;

namespace Ornstein.Cli.Tests.View;

/// <summary>What the list of runs knows, and when it looks again.</summary>
public sealed class RunIndexTests : IDisposable
{
    private static readonly string _config = SettingsJson.Write(RunSettings.ForPhase, provenance: null);
    private static readonly DateTime _written = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A run whose files a server did not give for a moment once stayed broken until somebody wrote to it.</summary>
    [Fact]
    public void Since_OfARunThatCanBeReadAgain_ReadsItThoughItLooksTheSame()
    {
        Write("run", string.Concat("x", _config.AsSpan(1))); // as long, and as old
        var index = new RunIndex(_folder.Path);
        var first = index.Since(null, 0);
        Assert.Equal(RunState.Broken, Assert.Single(first.Runs).State);
        Write("run", _config);
        var clock = Stopwatch.StartNew();
        RunEntry[] told;
        while ((told = index.Since(first.Index, first.Version).Runs).Length == 0)
        {
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
            Thread.Sleep(100);
        }

        Assert.Equal(RunState.Stopped, Assert.Single(told).State);
    }

    [Fact]
    public void Since_OfARunThatStaysBroken_TellsItOnce()
    {
        Write("run", "{");
        var index = new RunIndex(_folder.Path);
        var first = index.Since(null, 0);
        Thread.Sleep(4000); // longer than it waits before it tries again
        Assert.Empty(index.Since(first.Index, first.Version).Runs);
    }

    /// <summary>Whoever asks for a run waits for nobody's walk through the folder, and finds what has come since.</summary>
    [Fact]
    public async Task Find_WhileOthersAskAndRunsCome_FindsEachThatWasTold()
    {
        for (var i = 0; i < 50; i++) Write($"run-{i}", _config);
        var index = new RunIndex(_folder.Path);
        var askers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(2);)
            {
                foreach (var run in index.Since(null, 0).Runs) Assert.Equal(_folder.File(run.Id), index.Find(run.Id).Path);
            }
        })).ToArray();
        for (var i = 50; i < 100; i++)
        {
            Write($"run-{i}", _config);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(askers);
        await Task.Delay(500, TestContext.Current.CancellationToken); // longer than it rests between two looks
        Assert.Equal(_folder.File("run-99"), index.Find("run-99").Path);
        Assert.Throws<OrnsteinException>(() => index.Find("run-100"));
    }

    private void Write(string run, string config)
    {
        Directory.CreateDirectory(_folder.File(run));
        var path = _folder.File(run + "/config.json", config);
        File.SetLastWriteTimeUtc(path, _written);
    }
}
