using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ornstein.View.Access;

/// <summary>
/// Who is served: programs of this machine that know the token. A page of the web that is open in the same browser is not, whether it asks under its own
/// name or under one that leads to this machine.
/// </summary>
/// <param name="token">The secret that stands in the address.</param>
internal sealed class LoopbackAccess(string token)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] _hosts = ["127.0.0.1", "localhost", "[::1]"];

    private readonly byte[] _token = Encoding.ASCII.GetBytes(token);

    /// <summary>A new token, which nobody guesses.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Whether a text may be a token.</summary>
    public static bool IsToken(string? text) => text is { Length: >= 16 and <= 128 } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>Why a request is not served, in a sentence; null where it is.</summary>
    public string? Refusal(HttpRequest request)
    {
        // A name of one's own that leads to 127.0.0.1 would let any page read what is here. Ports may differ, as through a tunnel.
        if (!_hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return "this page is served under the names 127.0.0.1 and localhost only";
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !string.Equals(origin, $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)) return "requests from other pages are not served";
        // Opening the page by a link from elsewhere carries the token; nothing else does.
        var (site, mode) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers["Sec-Fetch-Mode"].ToString());
        if (site is not ("" or "none" or "same-origin") && mode != "navigate") return "requests from other pages are not served";
        if (request.Path.StartsWithSegments("/page", StringComparison.Ordinal)) return null; // scripts and styles, the same for everybody
        return Knows(request) ? null : "the address lacks its token: open the line that 'ornstein view' printed, all of it";
    }

    private bool Knows(HttpRequest request)
    {
        // The page itself is asked for by its address; all that it asks for, by its script.
        var header = request.Headers.Authorization.ToString();
        var given = request.Path == "/" ? request.Query["token"].ToString()
            : header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);
    }
}
