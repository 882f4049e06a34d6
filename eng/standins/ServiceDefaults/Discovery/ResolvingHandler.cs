namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends a request to an endpoint of the service that its address names.</summary>
internal sealed class ResolvingHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } named || endpoints.Next(named) is not { } endpoint)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        request.RequestUri = new UriBuilder(named)
        {
            Scheme = endpoint.Scheme,
            Host = endpoint.Host,
            Port = endpoint.Port,
            Path = endpoint.AbsolutePath.TrimEnd('/') + named.AbsolutePath,
        }.Uri;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = named;
        }
    }
}
