using System.Net;
using System.Net.Sockets;
using Ornstein.Storage;
using Ornstein.View.Access;

namespace Ornstein.Cli.Tests.View;

/// <summary>Chromium with a script that does what a person does (<c>view.cjs</c>).</summary>
/// <param name="Modules">A <c>node_modules</c> with playwright-core.</param>
/// <param name="Browser">The browser.</param>
internal sealed record PageBrowser(string Modules, string Browser)
{
    /// <summary>It; without it the test is skipped.</summary>
    public static PageBrowser Require()
    {
        var found = Environment.GetEnvironmentVariable("ORNSTEIN_TEST_PLAYWRIGHT") is { } modules && ProgramPath.Find("chromium") is { } browser ? new PageBrowser(modules, browser) : null;
        Assert.SkipUnless(found is not null, "there is no chromium on the path, or ORNSTEIN_TEST_PLAYWRIGHT does not name a node_modules with playwright-core");
        return found;
    }

    /// <summary>Arguments of <c>node</c>.</summary>
    /// <param name="scenario">What the script does.</param>
    /// <param name="port">Where the page is served.</param>
    /// <param name="folder">The folder that is shown, which holds the token.</param>
    /// <param name="marks">Where the script leaves marks.</param>
    public string[] Arguments(string scenario, int port, string folder, string marks) =>
    [
        Path.Combine(AppContext.BaseDirectory, "view.cjs"), Modules, Browser, scenario,
        $"http://127.0.0.1:{port}/?token={File.ReadAllText(Path.Combine(folder, ViewToken.FileName))}", marks,
    ];

    /// <summary>A port that nobody serves at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether somebody serves at a port.</summary>
    public static bool IsServing(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
