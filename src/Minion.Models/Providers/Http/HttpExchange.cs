using Minion.ServiceDefaults.Http;

namespace Minion.Models.Providers.Http;

/// <summary>One request to an endpoint and the body of its answer. Every failure on the way is a <see cref="ModelException"/>.</summary>
internal sealed class HttpExchange : IDisposable
{
    private readonly HttpResponseMessage _response;

    private HttpExchange(HttpResponseMessage response, Stream body)
    {
        _response = response;
        Body = body;
    }

    /// <summary>The answer's body, as it comes in: who does not read it holds the endpoint back.</summary>
    public Stream Body { get; }

    /// <summary>The answer's type, for example <c>text/event-stream</c>; empty when it has none.</summary>
    public string ContentType => _response.Content.Headers.ContentType?.MediaType ?? "";

    /// <summary>Sends; returns when the head of a good answer is there.</summary>
    public static async Task<HttpExchange> SendAsync(Endpoint endpoint, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await Connections.To(request.RequestUri!).SendAsync(request, cancellationToken);
            await endpoint.ThrowIfRejectedAsync(response, cancellationToken);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new HttpExchange(response, new BoundedStream(body, endpoint.MostMegabytes * 1024L * 1024, () => endpoint.Invalid($"is longer than {endpoint.MostMegabytes} MB")));
        }
        catch (Exception error)
        {
            response?.Dispose();
            if (Failures.Explain(endpoint, error, cancellationToken) is { } explained)
            {
                throw explained;
            }

            throw;
        }
        finally
        {
            request.Dispose();
        }
    }

    public void Dispose() => _response.Dispose();
}
