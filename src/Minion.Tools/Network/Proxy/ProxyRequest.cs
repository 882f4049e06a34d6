using System.Globalization;
using System.Text;

namespace Minion.Tools.Network.Proxy;

/// <summary>The head of one request to a proxy (RFC 9112): where it wants to go, and what is passed on.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Head">What the server is sent; empty for a tunnel.</param>
/// <param name="BodyLength">Bytes that follow the head; 0 for a tunnel.</param>
internal sealed record ProxyRequest(string Host, int Port, byte[] Head, long BodyLength)
{
    /// <summary>Whether bytes go both ways as they are, from the answer on.</summary>
    public bool IsTunnel => Head.Length == 0;

    /// <summary>Null when it is no request to a proxy, or one that is not served: a body without a length.</summary>
    /// <param name="head">From the first byte to the empty line, both included.</param>
    public static ProxyRequest? Read(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).TrimEnd('\r', '\n').Split("\r\n");
        return lines[0].Split(' ') switch
        {
            ["CONNECT", var authority, "HTTP/1.1" or "HTTP/1.0"] => Tunnel(authority),
            [var method, var target, "HTTP/1.1" or "HTTP/1.0"] => Plain(method, target, lines.AsSpan(1)),
            _ => null,
        };
    }

    private static ProxyRequest? Tunnel(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? new ProxyRequest(authority[..colon].Trim('[', ']'), port, [], 0)
            : null;
    }

    private static ProxyRequest? Plain(string method, string target, ReadOnlySpan<string> headers)
    {
        if (!Uri.TryCreate(target, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.UserInfo.Length > 0)
        {
            return null;
        }

        var head = new StringBuilder($"{method} {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        var length = 0L;
        foreach (var header in headers)
        {
            var name = header.Split(':', 2)[0];
            if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                || (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && !TryReadLength(header, ref length)))
            {
                return null;
            }

            if (!IsForTheProxy(name))
            {
                head.Append(header).Append("\r\n");
            }
        }

        // One request for each connection: the next one may be for another host.
        head.Append("Connection: close\r\n\r\n");
        return new ProxyRequest(url.IdnHost, url.Port, Encoding.Latin1.GetBytes(head.ToString()), length);
    }

    private static bool TryReadLength(string header, ref long length)
    {
        var first = length == 0;
        return long.TryParse(header.Split(':', 2)[1].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out length) && first;
    }

    private static bool IsForTheProxy(string header) =>
        header.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Upgrade", StringComparison.OrdinalIgnoreCase)
        || header.Equals("TE", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Host", StringComparison.OrdinalIgnoreCase);
}
