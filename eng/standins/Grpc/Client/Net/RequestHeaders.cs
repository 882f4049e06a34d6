using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.StandIn.Wire;

namespace Grpc.Net.Client;

/// <summary>Makes the HTTP request of a call.</summary>
internal static class RequestHeaders
{
    private static readonly MediaTypeHeaderValue ContentType = new(WireNames.ContentType);
    private static readonly string UserAgent = $"grpc-dotnet/2.85.0 (CLR {Environment.Version}; stand-in)";

    public static HttpRequestMessage Create(Uri address, string? host, Metadata? metadata, TimeSpan? timeout, bool gzip, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        content.Headers.ContentType = ContentType;
        var headers = request.Headers;
        if (metadata is { Count: > 0 })
        {
            foreach (var entry in metadata)
            {
                if (entry.Key != WireNames.RequestEncodingKey)
                {
                    headers.TryAddWithoutValidation(entry.Key, BinaryValue.ValueOf(entry));
                }
            }
        }

        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation(WireNames.AcceptEncoding, WireNames.AcceptedEncodings);
        if (!headers.NonValidated.Contains("User-Agent"))
        {
            headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        if (timeout is { } given)
        {
            headers.TryAddWithoutValidation(WireNames.Timeout, TimeoutFormat.Encode(given));
        }

        if (gzip)
        {
            headers.TryAddWithoutValidation(WireNames.Encoding, WireNames.Gzip);
        }

        if (host is not null)
        {
            headers.Host = host;
        }

        return request;
    }
}
