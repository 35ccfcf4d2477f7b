using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ornstein.Tests.Data;

/// <summary>
/// A web server on this machine that answers each request with what the test says, byte for byte: it can cut a connection in mid-body,
/// which a well-behaved server library cannot.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, byte[]?> _answer;

    public LoopbackServer(Func<Request, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public List<Request> Requests { get; } = [];

    /// <summary>
    /// A response whose Content-Length is that of the whole body while only <paramref name="sent"/> bytes of it are sent.
    /// </summary>
    public static byte[] Response(string status, byte[] body, int? sent = null, string headers = "") =>
    [
        .. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{headers}\r\n"),
        .. body.Take(sent ?? body.Length),
    ];

    public static byte[] Rest(byte[] whole, long from) => Response(
        "206 Partial Content", whole[(int)from..], headers: $"Content-Range: bytes {from}-{whole.Length - 1}/{whole.Length}\r\n");

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var reader = new StreamReader(stream, Encoding.ASCII);
                var path = (await reader.ReadLineAsync() ?? "GET /").Split(' ')[1];
                long? from = null;
                while (await reader.ReadLineAsync() is { Length: > 0 } header)
                {
                    if (header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                        from = long.Parse(header[13..].TrimEnd('-'));
                }

                Request request;
                lock (Requests)
                {
                    request = new Request(Requests.Count, path, from);
                    Requests.Add(request);
                }

                // No answer: silence until the client gives up.
                if (_answer(request) is { } bytes) await stream.WriteAsync(bytes);
                else await reader.ReadToEndAsync();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    internal sealed record Request(int Number, string Path, long? From);
}
