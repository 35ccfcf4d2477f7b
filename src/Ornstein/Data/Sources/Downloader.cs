using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Ornstein.Data.Formats;

namespace Ornstein.Data.Sources;

/// <summary>How patient a download is.</summary>
internal sealed record DownloadSettings
{
    /// <summary>Silence after which a connection counts as cut.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so long without a byte, another process that fetches a file is waited for no longer: it may be suspended.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Attempts per mirror and file.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Wait before a further attempt at the same mirror.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Downloads known files: resumes after a cut, tries the mirrors in order, and keeps nothing that is not verified.</summary>
internal sealed class Downloader(HttpMessageHandler handler, DownloadSettings settings, IProgress<DataProgress>? progress)
{
    // Published as gzip, a file is never longer than this over its content.
    private const long Slack = 1 << 16;

    /// <summary>Fetches a file; another process that fetches the same one is waited for.</summary>
    /// <param name="set">What it belongs to.</param>
    /// <param name="file">The file.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="isThere">Whether what is wanted of it is there, by whoever: asked before each attempt.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its path; null where somebody else has brought what is wanted.</returns>
    public async Task<string?> FetchAsync(KnownSet set, KnownFile file, string folder, Func<bool> isThere, CancellationToken cancellation)
    {
        Make(folder);
        using var client = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Ornstein", "0.1"));
        var last = "no mirror is known";
        for (var mirror = 0; mirror < set.Mirrors.Count; mirror++)
        {
            var address = new Uri(set.Mirrors[mirror], file.Name + set.RemoteSuffix);
            // A part of its own for every mirror: their compressed files need not be the same byte for byte.
            var part = Path.Combine(folder, $"{file.Name}{set.RemoteSuffix}.{mirror + 1}.part");
            for (var attempt = 0; attempt < settings.Attempts; attempt++)
            {
                var (clock, seen) = (Stopwatch.StartNew(), 0L);
                while (IsHeld(part))
                {
                    var length = new FileInfo(part) is { Exists: true } there ? there.Length : 0;
                    if (length != seen) clock.Restart();
                    seen = length;
                    // Of two that fetch it, the second to end replaces the file by the same.
                    if (clock.Elapsed > settings.Silence) part = Path.Combine(folder, $"{file.Name}{set.RemoteSuffix}.{Path.GetRandomFileName()}.part");
                    progress?.Report(new DataProgress($"{file.Name} (another process fetches it)", length, file.Length));
                    await Task.Delay(settings.Pause, cancellation).ConfigureAwait(false);
                }

                // Also where nothing was held: who fetched it may have ended since this process looked.
                if (isThere()) return null;
                if (attempt > 0) await Task.Delay(settings.Pause, cancellation).ConfigureAwait(false);
                var resumed = new FileInfo(part) is { Exists: true, Length: > 0 };
                try
                {
                    await ReceiveAsync(client, address, part, file, cancellation).ConfigureAwait(false);
                    var stored = Keep(part, file, folder);
                    Sweep(folder, $"{file.Name}{set.RemoteSuffix}.*.part", _ => true); // parts that other mirrors left are of no more use
                    return stored;
                }
                catch (InvalidDataException e)
                {
                    // The wrong bytes: worth another attempt only where old ones were among them.
                    File.Delete(part);
                    last = $"{address}: {e.Message}";
                    if (!resumed) break;
                }
                catch (HttpRequestException e)
                {
                    last = $"{address}: {e.Message}";
                    // Not there, or no way there: asking again does not help, another mirror may.
                    if (e.StatusCode is { } status && (int)status is >= 400 and < 500
                        || e.HttpRequestError is HttpRequestError.NameResolutionError) break;
                }
                catch (IOException e)
                {
                    last = $"{address}: {e.Message}";
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    last = $"{address}: nothing came for {settings.Stall.TotalSeconds:0.#} s";
                }
                catch (UnauthorizedAccessException e)
                {
                    throw new OrnsteinException($"The cache folder {PrintableText.Of(folder)} cannot be written to: {PrintableText.Line(e.Message)}", e);
                }
            }
        }

        Sweep(folder, $"{file.Name}{set.RemoteSuffix}.*.part", part => part.Length == 0);
        throw new OrnsteinException($"{file.Name} of {set.Name} could not be fetched ({PrintableText.Line(last)}); {set.ByHand}.");
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OrnsteinException($"The cache folder {PrintableText.Of(folder)} cannot be written to: {PrintableText.Line(e.Message)}", e);
        }
    }

    // Whether another process writes to a part, as the lock on it says.
    private static bool IsHeld(string part)
    {
        try
        {
            if (!File.Exists(part)) return false;
            using var free = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException e)
        {
            // A lock's: EWOULDBLOCK of Linux and of macOS, a sharing and a lock violation of Windows. What else is wrong the attempt says.
            return (e.HResult & 0xFFFF) is 11 or 35 or 32 or 33;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    // What another process has removed by then, or holds, is its own affair.
    private static void Sweep(string folder, string pattern, Func<FileInfo, bool> isOver)
    {
        foreach (var part in new DirectoryInfo(folder).GetFiles(pattern))
        {
            try
            {
                if (isOver(part) && !IsHeld(part.FullName)) part.Delete();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is swept by whoever comes next.
            }
        }
    }

    private static string Keep(string part, KnownFile file, string folder)
    {
        try
        {
            using var content = VerifiedFile.OpenToStore(part, file);
            return VerifiedFile.Store(content, file, folder);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("It is truncated.", e);
        }
    }

    private async Task ReceiveAsync(HttpClient client, Uri address, string part, KnownFile file, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The lock on the part keeps a second process from writing to it.
        using var output = new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (output.Length > 0) request.Headers.Range = new RangeHeaderValue(output.Length, null);
        stall.CancelAfter(settings.Stall);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && output.Length > 0)
        {
            // The part is as long as the file or longer. If whole, it is verified next; if not, that removes it.
            return;
        }

        response.EnsureSuccessStatusCode();
        var from = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? -1 : 0;
        if (from != 0 && from != output.Length) throw new InvalidDataException("The server sent another range than was asked for.");
        output.SetLength(from);
        output.Position = from;
        var total = from + response.Content.Headers.ContentLength;
        if (total > file.Length + Slack)
            throw new InvalidDataException($"The server offers {total} bytes; {file.Length} are expected at most.");
        using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        while (true)
        {
            stall.CancelAfter(settings.Stall);
            var read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            if (read == 0) break;
            if (output.Length + read > file.Length + Slack)
                throw new InvalidDataException($"The server sends more than {file.Length} bytes.");
            await output.WriteAsync(buffer.AsMemory(0, read), stall.Token).ConfigureAwait(false);
            progress?.Report(new DataProgress(file.Name, output.Length, total));
        }

        if (total is { } expected && output.Length < expected) throw new IOException("The connection was cut.");
    }
}
