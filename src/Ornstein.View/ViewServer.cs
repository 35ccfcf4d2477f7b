using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Ornstein.Experiments.Runs;
using Ornstein.Experiments.Settings;
using Ornstein.Results;
using Ornstein.Storage;
using Ornstein.View.Access;
using Ornstein.View.Documents;
using Ornstein.View.Exploration;
using Ornstein.View.Listing;

namespace Ornstein.View;

/// <summary>
/// Serves the page of <c>ornstein view</c> on this machine's loopback address. It reads the folder and writes nothing but its token; whoever asks needs the token that
/// stands in the address (<see cref="LoopbackAccess"/>).
/// </summary>
internal sealed class ViewServer : IAsyncDisposable
{
    private const int LargestBody = 1 << 22; // a point of a model with maps
    private const int MostEpochLogs = 16;
    private const string JsonType = "application/json; charset=utf-8";

    private readonly WebApplication _app;
    private readonly RunIndex _index;
    private readonly ExplorerShelf _shelf = new();
    private readonly StudyShelf _studies = new();
    private readonly LoopbackAccess _access;
    private string? _opener;
    private readonly Dictionary<string, EpochLog> _logs = new(StringComparer.Ordinal);

    private ViewServer(ViewOptions options, int port)
    {
        Token = ViewToken.Of(options.Folder);
        (_index, _access) = (new RunIndex(Path.GetFullPath(options.Folder)), new LoopbackAccess(Token));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions()); // nothing from the environment: no address, no log, no file
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.Use(Guard);
        _app.UseRouting();
        Map();
    }

    /// <summary>The address to open, token and all.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The secret of the address.</summary>
    public string Token { get; }

    /// <summary>Begins to serve.</summary>
    /// <exception cref="OrnsteinException">The port is taken or not to be had, or there is no such folder.</exception>
    public static async Task<ViewServer> Start(ViewOptions options)
    {
        if (File.Exists(options.Folder)) throw UsageError.Because($"'{options.Folder}' is a file; give a folder with runs or studies");
        if (!Directory.Exists(options.Folder)) throw UsageError.Because($"there is no folder '{options.Folder}'; give one with runs or studies, such as runs");
        return options.Port is { } port ? await StartAt(options, port).ConfigureAwait(false) ?? throw new OrnsteinException($"port {port} is taken by another program; give another --port, or none for one that is free.")
            : await StartAt(options, ViewOptions.UsualPort).ConfigureAwait(false) ?? (await StartAt(options, 0).ConfigureAwait(false))!;
    }

    // Null where another program has the port.
    private static async Task<ViewServer?> StartAt(ViewOptions options, int port)
    {
        var server = new ViewServer(options, port);
        try
        {
            await server._app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (SocketException error)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new OrnsteinException($"port {port} cannot be served at ({error.Message}); give another --port, such as 8080, or none for one that is free.", error);
        }

        var bound = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Address = new Uri($"http://127.0.0.1:{new Uri(bound).Port}/?token={server.Token}");
        return server;
    }

    /// <summary>Writes a page to the folder that leads to the address; it goes away with the server.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="OrnsteinException">The folder cannot be written.</exception>
    public string WriteOpener()
    {
        _opener = Path.Combine(_index.Root, ViewToken.FileName + ".html");
        try
        {
            ViewToken.WritePrivate(_opener, $"<!DOCTYPE html><meta http-equiv=\"refresh\" content=\"0;url={Address}\"><title>Ornstein</title>");
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            throw FileTrouble.Cannot("write", _opener, error);
        }

        return _opener;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_opener is not null) File.Delete(_opener);
        }
        catch (Exception error) when (FileTrouble.IsTrouble(error))
        {
            // The folder has gone, and the page with it.
        }

        await _app.DisposeAsync().ConfigureAwait(false);
        _shelf.Dispose();
    }

    private void Map()
    {
        _app.MapGet("/", context => PageFiles.Send(context, "index.html"));
        _app.MapGet("/page/{name}", context => PageFiles.Send(context, (string)context.Request.RouteValues["name"]!));
        _app.MapGet("/api/runs", context => Answer(context, _index.Since(context.Request.Query["index"], Number(context, "version"))));
        _app.MapGet("/api/run", context => Answer(context, RunDocument.Of(Run(context))));
        _app.MapGet("/api/epochs", context => Answer(context, Epochs(Run(context), (int)Number(context, "round"), context.Request.Query["key"], Number(context, "from"))));
        _app.MapGet("/api/study", Study);
        _app.MapPost("/api/compare", async context => await Answer(context, CompareDocument.OfPlaces([.. (await Read<string[]>(context).ConfigureAwait(false)).Select(_index.Find)])).ConfigureAwait(false));
        Explore<ModelQuery>("model", (explorer, model, _) => ExplorerAnswers.Model(explorer, model));
        Explore<PointQuery>("point", (explorer, _, query) => ExplorerAnswers.Point(explorer, query));
        Explore<BelowQuery>("below", (explorer, _, query) => ExplorerAnswers.Below(explorer, query));
        Explore<MorphQuery>("morph", (explorer, _, query) => ExplorerAnswers.Morph(explorer, query));
        Explore<PicturesQuery>("pictures", (explorer, _, query) => ExplorerAnswers.Pictures(explorer, query));
    }

    private void Explore<T>(string name, Func<LatentExplorer, ExploredModel, T, object> answer) where T : ModelQuery => _app.MapPost($"/api/explore/{name}", async context =>
    {
        var query = await Read<T>(context).ConfigureAwait(false);
        var document = await _shelf.Use(_index.Find(query.Run), query, (explorer, model) => answer(explorer, model, query), context.RequestAborted).ConfigureAwait(false);
        await Answer(context, document).ConfigureAwait(false);
    });

    private static async Task<T> Read<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ResultJson.Line, context.RequestAborted).ConfigureAwait(false) ?? throw new JsonException();

    private async Task Study(HttpContext context)
    {
        string? id = context.Request.Query["id"];
        var json = await _studies.Answer(id!, _index.FindStudy(id)).ConfigureAwait(false);
        context.Response.ContentType = JsonType;
        await context.Response.Body.WriteAsync(json, context.RequestAborted).ConfigureAwait(false);
    }

    private RunPlace Run(HttpContext context) => _index.Find(context.Request.Query["id"]);

    private EpochDocument Epochs(RunPlace place, int round, string? key, long from)
    {
        var path = round == 0 ? Path.Combine(place.Path, "metrics.jsonl") : Path.Combine(place.Path, $"round-{round}", "metrics.jsonl");
        lock (_logs)
        {
            if (!_logs.TryGetValue(path, out var log))
            {
                if (_logs.Count == MostEpochLogs) _logs.Clear();
                _logs.Add(path, log = new EpochLog(path));
            }

            return EpochDocument.From(log.Read(), key, from);
        }
    }

    // Everything that is served goes through here: who asks, what pages may do, and what went wrong.
    private async Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (_access.Refusal(context.Request) is { } refusal)
        {
            await Say(context, StatusCodes.Status403Forbidden, refusal).ConfigureAwait(false);
            return;
        }

        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false }) await Say(context, StatusCodes.Status404NotFound, "there is no such page").ConfigureAwait(false);
        }
        catch (JsonException)
        {
            await Say(context, StatusCodes.Status400BadRequest, "the request is not of the form that this page sends").ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            await Say(context, error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the request is longer than {LargestBody:N0} bytes" : "the request is not of the form that this page sends").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        catch (Exception error) when (error is OrnsteinException || FileTrouble.IsTrouble(error))
        {
            await Say(context, StatusCodes.Status422UnprocessableEntity, _index.Relative(error.Message)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever went wrong with one request, the others are served, and a stack trace is no answer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await Say(context, StatusCodes.Status500InternalServerError, $"this is a defect of 'ornstein view': {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}").ConfigureAwait(false);
        }
    }

    private static long Number(HttpContext context, string name) => long.TryParse(context.Request.Query[name], out var number) ? number : 0;

    private static Task Answer(HttpContext context, object document)
    {
        context.Response.ContentType = JsonType;
        return JsonSerializer.SerializeAsync(context.Response.Body, document, document.GetType(), ResultJson.Line, context.RequestAborted);
    }

    private static Task Say(HttpContext context, int status, string line)
    {
        if (context.Response.HasStarted) return Task.CompletedTask;
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(line + "\n");
    }
}
