using System.Net.Http.Headers;

namespace Minion.Models.Providers.Http;

internal static class Authorization
{
    /// <summary>The request with the endpoint's key; as it is where the endpoint asks for none.</summary>
    public static HttpRequestMessage Bearer(HttpRequestMessage request, Endpoint endpoint)
    {
        if (endpoint.Key is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }
}
