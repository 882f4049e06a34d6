using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Anthropic;

/// <summary>Judges an answer's status before the package sees it: only here are its headers and its body still there.</summary>
internal sealed class RejectingHandler(Endpoint endpoint, HttpMessageHandler connections) : DelegatingHandler(connections)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await endpoint.ThrowIfRejectedAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The connections below are everybody's.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
