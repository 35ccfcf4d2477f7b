using Ornstein.Cli.Tests.EndToEnd;

namespace Ornstein.Cli.Tests.View;

/// <summary>The page of <c>view</c> in a browser, with a server that is a process of its own, as a person has it.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class ViewBrowserTests(TinyRun tiny) : IDisposable
{
    private const int Many = 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = PageBrowser.FreePort();

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public void Page_WithALiveRun_IsUsedFromEndToEnd()
    {
        var browser = PageBrowser.Require();
        CopyTo("done");
        Directory.CreateDirectory(_folder.File("runs/broken"));
        File.WriteAllText(_folder.File("runs/broken/config.json"), "{ \"data\": ");
        ShownStudy.Small(_folder.File("runs/study"), tiny.Whole);
        using var live = ChildProgram.Start(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "0.5,1", "--seeds", "0", "--epochs", "1000000", "--out", "runs/live"]);
        using var server = Serve();
        var outcome = ChildProgram.RunOther(_folder.Path, "node", [.. browser.Arguments("walk", _port, _folder.File("runs"), _folder.Path)]);
        live.Signal("TERM");
        live.Finish();
        outcome.Expect(0);
        Assert.Equal(33, outcome.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        server.Signal("INT");
        server.Finish().Expect(0);
    }

    [Fact(Explicit = true)]
    public void Page_OfAFolderWithoutRuns_SaysSoAndWhichCommandMakesOne()
    {
        var browser = PageBrowser.Require();
        Directory.CreateDirectory(_folder.File("runs"));
        using var server = Serve();
        using var page = ChildProgram.StartOther(_folder.Path, "node", [.. browser.Arguments("empty", _port, _folder.File("runs"), _folder.Path)]);
        Assert.True(page.WaitFor(() => File.Exists(_folder.File("shown"))), "the page ended early");
        CopyTo("done");
        var outcome = page.Finish().Expect(0);
        Assert.Equal(2, outcome.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
    }

    [Fact(Explicit = true)]
    public void Page_OfAServerThatIsKilled_SaysSoAndGoesOn()
    {
        var browser = PageBrowser.Require();
        CopyTo("done");
        var first = Serve();
        using var page = ChildProgram.StartOther(_folder.Path, "node", [.. browser.Arguments("killed", _port, _folder.File("runs"), _folder.Path)]);
        Assert.True(page.WaitFor(() => File.Exists(_folder.File("shown"))), "the page ended early");
        first.Kill();
        first.Dispose();
        Assert.True(page.WaitFor(() => File.Exists(_folder.File("lost"))), "the page ended early");
        using var second = Serve();
        page.Finish().Expect(0);
    }

    [Fact(Explicit = true)]
    public void Page_OfAThousandRuns_StaysUsable()
    {
        var browser = PageBrowser.Require();
        tiny.WholeOutcome.Expect(0);
        for (var i = 0; i < Many; i++)
        {
            var run = Directory.CreateDirectory(_folder.File($"runs/run-{i:D3}")).FullName;
            foreach (var name in new[] { "config.json", "metrics.jsonl", "phase.json" }) File.Copy(Path.Combine(tiny.Whole, name), Path.Combine(run, name));
        }

        using var server = Serve();
        var outcome = ChildProgram.RunOther(_folder.Path, "node", [.. browser.Arguments("many", _port, _folder.File("runs"), _folder.Path)]);
        outcome.Expect(0);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Output);
        var paint = int.Parse(outcome.Output.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(paint, 1, 5000); // a second on an idle machine, as the benchmark has it
    }

    private ChildProgram Serve()
    {
        var server = ChildProgram.Start(_folder.Path, "view", "runs", "--port", $"{_port}");
        Assert.True(server.WaitFor(() => PageBrowser.IsServing(_port)), "the server ended early");
        return server;
    }

    private void CopyTo(string name)
    {
        Directory.CreateDirectory(_folder.File("runs"));
        Directory.Move(tiny.CopyWhole(_folder), _folder.File("runs/" + name));
    }
}
