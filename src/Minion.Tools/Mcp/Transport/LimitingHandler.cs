using System.Net.Http;
using Minion.ServiceDefaults.Http;

namespace Minion.Tools.Mcp.Transport;

/// <summary>Ends a response that has a message larger than the limit: the whole body, or one event of a stream of events.</summary>
internal sealed class LimitingHandler(HttpMessageHandler inner, int largest) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var limited = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), largest, TooLong, isStream));
        foreach (var header in response.Content.Headers)
        {
            limited.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = limited;
        return response;
    }

    private HttpIOException TooLong() => new(HttpRequestError.ConfigurationLimitExceeded, $"The server sent a message of more than {largest} bytes.");
}
