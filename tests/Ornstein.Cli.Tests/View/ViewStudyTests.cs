using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Ornstein.Cli.Tests.EndToEnd;
using Ornstein.View;

namespace Ornstein.Cli.Tests.View;

/// <summary>What the server of <c>view</c> answers of studies, and how long that takes.</summary>
[Collection(EndToEndGroup.Name)]
public sealed class ViewStudyTests(TinyRun tiny) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private ViewServer? _server;

    private string Studies => _folder.File("studies");

    public async ValueTask InitializeAsync()
    {
        tiny.WholeOutcome.Expect(0);
        Directory.CreateDirectory(Studies);
        _server = await ViewServer.Start(new ViewOptions(Studies));
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _server.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Study_OfThreeCells_HasTheirStatesAndRuns()
    {
        var shown = ShownStudy.Small(Path.Combine(Studies, "small"), tiny.Whole);
        var study = await Study("small");
        Assert.Equal(["done", "failed", "waiting"], Of(study, "stage"));
        Assert.Equal([null, ShownStudy.Reason, null], Of(study, "reason"));
        Assert.Equal(shown.Cells.Select(cell => cell.Name), Of(study, "name"));
        Assert.Equal(shown.Cells.Select(cell => "small/cells/" + cell.Id), Of(study, "run"));
        Assert.Equal("""{"name":"all","cells":3,"done":1,"running":0,"failed":1,"waiting":1,"lost":0}""", Assert.Single(study["experiments"]!.AsArray())!.ToJsonString());
        var runs = JsonNode.Parse(await Text("/api/runs"))!;
        Assert.Equal("small", (string?)Assert.Single(runs["studies"]!.AsArray()));
        Assert.Equal((string?)study["cells"]![0]!["run"], (string?)Assert.Single(runs["runs"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task Study_ThatChanges_IsReadAnew()
    {
        var shown = ShownStudy.Small(Path.Combine(Studies, "small"), tiny.Whole);
        await Study("small");
        shown.Fail(shown.Cells[2]);
        await Task.Delay(1000, TestContext.Current.CancellationToken); // longer than it rests between two looks
        Assert.Equal(["done", "failed", "failed"], Of(await Study("small"), "stage"));

        // Its file, with a cell less.
        await File.WriteAllTextAsync(shown.Path + ".json", (await File.ReadAllTextAsync(shown.Path + ".json", TestContext.Current.CancellationToken)).Replace("\"m2\"]", "\"m1\"]").Replace("\"m1\",\"m1\"", "\"m1\""), TestContext.Current.CancellationToken);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.Equal(["done", "failed"], Of(await Study("small"), "stage"));

        // A file that is wrong is said to be, and its path is one below the folder.
        await File.WriteAllTextAsync(shown.Path + ".json", "{", TestContext.Current.CancellationToken);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        var said = await Text("/api/study?id=small");
        Assert.StartsWith("small.json", said, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, said, StringComparison.Ordinal);
    }

    /// <summary>Ten thousand cells once took seconds each time.</summary>
    [Fact(Explicit = true)]
    public async Task Study_OfTenThousandCells_IsToldAtOnceAfterTheFirstTime()
    {
        var shown = ShownStudy.Large(Path.Combine(Studies, "large"), tiny.Whole);
        var (first, text) = await Timed();
        var study = JsonNode.Parse(text)!;
        Assert.Equal(10_000, study["cells"]!.AsArray().Count);
        Assert.Equal(5_000, (int)study["experiments"]![0]!["done"]!);
        Assert.InRange(text.Length, 1, 200 * shown.Cells.Count); // a line for each

        // As the page asks, each time after the last look has rested. The server reads the runs meanwhile.
        await Text("/api/runs");
        var times = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            times.Add((await Timed()).Seconds);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"first {first:F2} s, then {string.Join(", ", times.Select(time => $"{time:F2}"))} s, {text.Length} bytes");
        Assert.InRange(times.Order().ElementAt(times.Count / 2), 0, 0.7); // it waits 0.2 s at most

        // What changes is seen nevertheless.
        shown.Fail(shown.Cells[^1]);
        var clock = Stopwatch.StartNew();
        while ((int)JsonNode.Parse((await Timed()).Text)!["experiments"]![0]!["failed"]! == 0)
        {
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"a change is seen after {clock.Elapsed.TotalSeconds:F1} s");
    }

    private static string?[] Of(JsonNode study, string name) => [.. study["cells"]!.AsArray().Select(cell => (string?)cell![name])];

    private async Task<(double Seconds, string Text)> Timed()
    {
        var clock = Stopwatch.StartNew();
        var text = await Text("/api/study?id=large");
        return (clock.Elapsed.TotalSeconds, text);
    }

    private async Task<JsonNode> Study(string id) => JsonNode.Parse(await Text("/api/study?id=" + id))!;

    private async Task<string> Text(string path)
    {
        using var response = await _client.GetAsync(new Uri(_server!.Address, path), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
