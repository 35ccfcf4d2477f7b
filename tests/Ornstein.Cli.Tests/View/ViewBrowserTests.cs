using System.Net;
using System.Net.Sockets;
using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.Storage;

namespace Ornstein.Cli.Tests.View;

/// <summary>The page of <c>view</c> in a browser, with a server that is a process of its own, as a person has it.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class ViewBrowserTests(TinyRun tiny) : IDisposable
{
    private const int Many = 1000;

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Page_WithALiveRun_IsUsedFromEndToEnd()
    {
        var (modules, browser) = Browser();
        CopyTo("done");
        Directory.CreateDirectory(_folder.File("runs/broken"));
        File.WriteAllText(_folder.File("runs/broken/config.json"), "{ \"data\": ");
        using var live = ChildProgram.Start(_folder.Path, ["phase", .. TinyRun.Model, "--rho", "0.5,1", "--seeds", "0", "--epochs", "1000000", "--out", "runs/live"]);
        using var server = Serve();
        var outcome = ChildProgram.RunOther(_folder.Path, "node", Script, modules, browser, "walk", Address(), _folder.Path);
        live.Signal("TERM");
        live.Finish();
        outcome.Expect(0);
        Assert.Equal(17, outcome.Output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));
        server.Signal("INT");
        server.Finish().Expect(0);
    }

    [Fact]
    public void Page_OfAServerThatIsKilled_SaysSoAndGoesOn()
    {
        var (modules, browser) = Browser();
        CopyTo("done");
        var first = Serve();
        using var page = ChildProgram.StartOther(_folder.Path, "node", Script, modules, browser, "killed", Address(), _folder.Path);
        Assert.True(page.WaitFor(() => File.Exists(_folder.File("shown"))), "the page ended early");
        first.Kill();
        first.Dispose();
        Assert.True(page.WaitFor(() => File.Exists(_folder.File("lost"))), "the page ended early");
        using var second = Serve();
        page.Finish().Expect(0);
    }

    [Fact]
    public void Page_OfAThousandRuns_StaysUsable()
    {
        var (modules, browser) = Browser();
        tiny.WholeOutcome.Expect(0);
        for (var i = 0; i < Many; i++)
        {
            var run = Directory.CreateDirectory(_folder.File($"runs/run-{i:D3}")).FullName;
            foreach (var name in new[] { "config.json", "metrics.jsonl", "phase.json" }) File.Copy(Path.Combine(tiny.Whole, name), Path.Combine(run, name));
        }

        using var server = Serve();
        var outcome = ChildProgram.RunOther(_folder.Path, "node", Script, modules, browser, "many", Address(), _folder.Path);
        outcome.Expect(0);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Output);
        var paint = int.Parse(outcome.Output.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(paint, 1, 5000); // a second on an idle machine, as the benchmark has it
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "view.cjs");

    private ChildProgram Serve()
    {
        var server = ChildProgram.Start(_folder.Path, "view", "runs", "--port", $"{_port}");
        Assert.True(server.WaitFor(IsServing), "the server ended early");
        return server;
    }

    private bool IsServing()
    {
        if (!File.Exists(_folder.File("runs/.ornstein-view"))) return false;
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Address() => $"http://127.0.0.1:{_port}/?token={File.ReadAllText(_folder.File("runs/.ornstein-view"))}";

    private void CopyTo(string name)
    {
        Directory.CreateDirectory(_folder.File("runs"));
        Directory.Move(tiny.CopyWhole(_folder), _folder.File("runs/" + name));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static (string Modules, string Browser) Browser()
    {
        var modules = Environment.GetEnvironmentVariable("ORNSTEIN_TEST_PLAYWRIGHT");
        Assert.SkipUnless(modules is not null, "ORNSTEIN_TEST_PLAYWRIGHT does not name a node_modules with playwright-core");
        var browser = ProgramPath.Find("chromium");
        Assert.SkipUnless(browser is not null, "there is no chromium on the path");
        return (modules, browser);
    }
}
