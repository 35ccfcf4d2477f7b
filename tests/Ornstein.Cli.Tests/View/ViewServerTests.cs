using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.View;

namespace Ornstein.Cli.Tests.View;

/// <summary>What the server of <c>view</c> answers, and to whom.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class ViewServerTests(TinyRun tiny) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ViewServer? _server;

    private string Token => _server!.Token;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder.File("runs"));
        Directory.Move(tiny.CopyWhole(_folder), _folder.File("runs/done"));
        _server = await ViewServer.Start(new ViewOptions(_folder.File("runs")));
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_WithoutTheToken_IsRefusedAndTellsNothing()
    {
        foreach (var (path, token) in new[] { ("/", null), ("/?token=", null), ("/?token=" + Token[..^1], null), ("/api/runs", null), ("/api/runs", "wrong"), ("/api/runs?token=" + Token, null), ("/nothing", null) })
        {
            var (status, text) = await Ask(path, token);
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Equal("the address lacks its token: open the line that 'ornstein view' printed, all of it\n", text);
        }

        Assert.Equal(HttpStatusCode.OK, (await Ask("/?token=" + Token, null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Ask("/page/app.js", null)).Status);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example:80")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "https://127.0.0.1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Request_OfAnotherPage_IsRefusedEvenWithTheToken(string header, string value)
    {
        var (status, text) = await Ask("/api/runs", Token, request => request.Headers.TryAddWithoutValidation(header, value));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Single(text.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("done", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/page/../ViewServer.cs")]
    [InlineData("/page/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/page/..%2f..%2fetc%2fpasswd")]
    [InlineData("/page/app.js%00")]
    [InlineData("/page/")]
    [InlineData("/etc/passwd")]
    public async Task Path_OfAFileThatIsNoPartOfThePage_IsNotServed(string path)
    {
        var text = await Raw($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Token}\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (400|403|404) ", text);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../runs/done")]
    [InlineData("done/../done")]
    [InlineData("/etc")]
    [InlineData("done/")]
    [InlineData("")]
    public async Task Run_OfAnotherName_IsNoRun(string id)
    {
        foreach (var path in new[] { "run", "epochs", "study" })
        {
            var (status, text) = await Ask($"/api/{path}?id={Uri.EscapeDataString(id)}", Token);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.StartsWith("there is no ", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_AreTheNumbersOfTheRun()
    {
        var phase = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("runs/done/phase.json"), TestContext.Current.CancellationToken))!;
        var runs = await Json("/api/runs");
        var entry = Assert.Single(runs["runs"]!.AsArray())!;
        Assert.Equal("done", (string)entry["id"]!);
        Assert.Equal("finished", (string)entry["state"]!);
        var members = phase["members"]!.AsArray();
        Assert.Equal(members.Max(member => (double)member!["elbo"]!), (double)entry["elbo"]!);
        Assert.Equal(members.Max(member => (double)member!["topKl"]!), (double)entry["topKl"]!);

        var run = await Json("/api/run?id=done");
        var models = run["models"]!.AsArray();
        Assert.Equal(members.Count, models.Count);
        for (var i = 0; i < models.Count; i++)
        {
            // Both are by rho and then by seed.
            Assert.Equal((double)members[i]!["rho"]!, (double)models[i]!["rho"]!);
            Assert.True((bool)models[i]!["hasWeights"]!);
            Assert.Equal(members[i]!["kl"]!.ToJsonString(), models[i]!["kl"]!.ToJsonString());
            Assert.Equal((double)members[i]!["information"]![0]!["value"]!, (double)models[i]!["information"]![0]!);
        }

        var epochs = await Json("/api/epochs?id=done&key=objective");
        Assert.Equal(12, (int)epochs["of"]!);
        string[] lines = await File.ReadAllLinesAsync(_folder.File("runs/done/metrics.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(-(double)JsonNode.Parse(lines[3])!["loss"]![2]!, (double)epochs["values"]![2]![3]!);
        Assert.Equal((double)JsonNode.Parse(lines[11])!["kl"]![1]![0]!, (double)(await Json("/api/epochs?id=done&key=kl-z2"))["values"]![0]![11]!);

        Assert.Equal([10, 11, 12], (await Json("/api/epochs?id=done&from=10"))["epochs"]!.AsArray().Select(epoch => (int)epoch!));

        // What did not change is not told again.
        var later = await Json($"/api/runs?index={runs["index"]}&version={runs["version"]}");
        Assert.Empty(later["runs"]!.AsArray());
        Assert.False((bool)later["isWhole"]!);
    }

    [Fact]
    public async Task Explorer_MovesAPoint_AndRefusesWhatNoModelHas()
    {
        var model = await Post("model", """{"run":"done","place":1}""");
        Assert.Equal(3, model["layers"]!.AsArray().Count);
        var point = await Post("point", """{"run":"done","place":1,"datum":2}""");
        Assert.Equal([6, 4, 3], point["point"]!.AsArray().Select(layer => layer!.AsArray().Count));
        Assert.Equal(28 * 28, Convert.FromBase64String((string)point["picture"]!).Length);
        var below = await Post("below", $$"""{"run":"done","place":1,"point":{{point["point"]!.ToJsonString()}},"lowest":2,"seed":5,"count":4}""");
        Assert.Equal(4 * 28 * 28, Convert.FromBase64String((string)below["picture"]!).Length);
        Assert.Equal(point["point"]![2]!.ToJsonString(), below["point"]![2]!.ToJsonString());
        Assert.NotEqual(point["point"]![0]!.ToJsonString(), below["point"]![0]!.ToJsonString());

        foreach (var (name, query, says) in new[]
                 {
                     ("model", """{"run":"done","place":4}""", "the run has no model 4."),
                     ("point", """{"run":"done","place":0,"datum":100}""", "test data are numbered from 0 to 99; there is no 100."),
                     ("below", """{"run":"done","place":0,"point":[[1],[2],[3]],"lowest":0}""", "a point of this model has 6, 4, 3 finite numbers, z1 first."),
                     ("below", """{"run":"done","place":0,"point":[[1,2,3,4,5,6],[1,2,3,4],[1,2,3]],"lowest":3}""", "layers are numbered from 0, which is z1, to 2; there is no 3."),
                     ("below", """{"run":"done","place":0,"point":[[1,2,3,4,5,6],[1,2,3,4],[1,2,3]],"lowest":0,"count":65}""", "65 pictures are out of range; ask for 1 to 64."),
                     ("pictures", """{"run":"none","place":0}""", "there is no run 'none' in "),
                 })
        {
            var (status, text) = await Send(name, query);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.StartsWith(says, text, StringComparison.Ordinal);
        }

        foreach (var query in new[] { "", "{", "[]", "null", """{"run":"done"}""", """{"run":"done","place":"x"}""", """{"run":"done","place":0,"more":1}""" })
            Assert.Equal((HttpStatusCode.BadRequest, "the request is not of the form that this page sends\n"), await Send("model", query));
        Assert.Equal(HttpStatusCode.BadRequest, (await Send("below", """{"run":"done","place":0,"point":null,"lowest":0}""")).Item1);
    }

    [Fact]
    public async Task Request_ThatIsTooLong_IsRefused()
    {
        // Refused by its length, before any of it is read.
        var body = await Raw($"POST /api/explore/below HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Token}\r\nContent-Length: {(1 << 22) + 1}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", body, StringComparison.Ordinal);
        Assert.Contains("the request is longer than 4,194,304 bytes\n", body, StringComparison.Ordinal);
        var line = await Raw($"GET /?{new string('x', 20_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 414", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_ThatAreBrokenOrComeAndGo_AreSaidToBe()
    {
        var first = await Json("/api/runs");
        Directory.CreateDirectory(_folder.File("runs/cut"));
        await File.WriteAllTextAsync(_folder.File("runs/cut/config.json"), "{ \"data\"", TestContext.Current.CancellationToken);
        Directory.Move(_folder.File("runs/done"), _folder.File("runs/moved"));
        await Task.Delay(500, TestContext.Current.CancellationToken); // longer than it rests between two looks
        var second = await Json($"/api/runs?index={first["index"]}&version={first["version"]}");
        Assert.Equal(["done"], second["gone"]!.AsArray().Select(id => (string)id!));
        var entries = second["runs"]!.AsArray().ToDictionary(run => (string)run!["id"]!, run => run!, StringComparer.Ordinal);
        Assert.Equal(["cut", "moved"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("broken", (string)entries["cut"]["state"]!);
        var (trouble, (_, said)) = ((string)entries["cut"]["trouble"]!, await Ask("/api/run?id=cut", Token));
        Assert.All([trouble, said], text => Assert.Contains("cut/config.json", text, StringComparison.Ordinal));
        Assert.All([trouble, said], text => Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal));
        Assert.Equal("finished", (string)entries["moved"]["state"]!);
    }

    [Fact]
    public async Task Folder_HoldsNothingNewButTheToken_WhichOnlyItsOwnerReads()
    {
        await Json("/api/runs");
        await Post("pictures", """{"run":"done","place":0}""");
        Assert.Equal([".ornstein-view", "done"], Directory.EnumerateFileSystemEntries(_folder.File("runs")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(TinyRun.Snapshot(tiny.Whole).Select(line => line[tiny.Whole.Length..]), TinyRun.Snapshot(_folder.File("runs/done")).Select(line => line[_folder.File("runs/done").Length..]));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("runs/.ornstein-view")));
        await using var again = await ViewServer.Start(new ViewOptions(_folder.File("runs")));
        Assert.Equal(Token, again.Token);
        Assert.NotEqual(_server!.Address.Port, again.Address.Port);
    }

    [Fact]
    public void Command_ThatCannotServe_SaysWhyInOneLine()
    {
        string Line(params string[] arguments) => TinyRun.OneLine(ChildProgram.Run(_folder.Path, ["view", .. arguments]));
        Assert.Equal($"port {_server!.Address.Port} is taken by another program; give another --port, or none for one that is free.", Line("runs", "--port", $"{_server.Address.Port}"));
        Assert.Equal("--port 70000 is out of range; it must be between 1 and 65535", Line("runs", "--port", "70000"));
        Assert.Equal("there is no folder 'none'; give one with runs or studies, such as runs", Line("none"));
        Assert.Equal("'runs/done/config.json' is a file; give a folder with runs or studies", Line("runs/done/config.json"));
    }

    private async Task<(HttpStatusCode Status, string Text)> Ask(string path, string? token, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server!.Address, path));
        return await Finish(request, token, change);
    }

    private async Task<(HttpStatusCode Status, string Text)> Send(string name, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server!.Address, "/api/explore/" + name)) { Content = new StringContent(query, Encoding.UTF8, "application/json") };
        return await Finish(request, Token, null);
    }

    private async Task<(HttpStatusCode Status, string Text)> Finish(HttpRequestMessage request, string? token, Action<HttpRequestMessage>? change)
    {
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<JsonNode> Json(string path)
    {
        var (status, text) = await Ask(path, Token);
        Assert.True(status == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> Post(string name, string query)
    {
        var (status, text) = await Send(name, query);
        Assert.True(status == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server!.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
