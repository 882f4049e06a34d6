using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Minion.Tools.Sandboxes.Network;

/// <summary>The head of a request to the proxy (RFC 9110, 9112): where to, and what is sent on.</summary>
/// <param name="Host">The host that is wanted.</param>
/// <param name="Port">Its port.</param>
/// <param name="IsTunnel">CONNECT: bytes go both ways after a 200.</param>
/// <param name="Forwarded">The head for the server when it is no tunnel: in origin form, without what is meant for the proxy, one request for each connection.</param>
internal sealed record ProxyRequest(string Host, int Port, bool IsTunnel, byte[] Forwarded)
{
    private static readonly string[] ForTheProxy = ["proxy-connection", "proxy-authorization", "connection", "keep-alive", "host", "upgrade", "te", "trailer"];

    public static bool TryParse(string head, [NotNullWhen(true)] out ProxyRequest? request)
    {
        request = null;
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || method.Length == 0 || !method.All(char.IsAsciiLetter))
        {
            return false;
        }

        request = method == "CONNECT" ? Tunnel(target) : Plain(method, target, lines[1..]);
        return request is not null;
    }

    private static ProxyRequest? Tunnel(string target)
    {
        var colon = target.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new ProxyRequest(target[..colon].Trim('[', ']'), port, IsTunnel: true, [])
            : null;
    }

    private static ProxyRequest? Plain(string method, string target, string[] headers)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.UserInfo.Length > 0)
        {
            return null;
        }

        // A line that begins with a space continues the one before, in which a name could hide.
        if (headers.Any(header => header.StartsWith(' ') || header.StartsWith('\t') || header.AsSpan().ContainsAny('\r', '\n', '\0')))
        {
            return null;
        }

        var kept = headers.Where(header => header.Length > 0 && !ForTheProxy.Contains(header.Split(':')[0].Trim(), StringComparer.OrdinalIgnoreCase));
        string[] lines = [$"{method} {url.PathAndQuery} HTTP/1.1", $"Host: {url.Authority}", "Connection: close", .. kept, "", ""];
        return new ProxyRequest(url.IdnHost, url.Port, IsTunnel: false, Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
    }
}
