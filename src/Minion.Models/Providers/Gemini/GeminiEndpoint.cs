using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Gemini;

/// <summary>Addresses, names and the key as Gemini wants them.</summary>
internal static class GeminiEndpoint
{
    private const string KeyHeader = "x-goog-api-key";

    /// <summary>The model as a resource: <c>models/…</c> unless its name says of which kind it is (<c>tunedModels/…</c>).</summary>
    public static string Resource(ModelDefinition definition) => definition.Model!.Contains('/') ? definition.Model : $"models/{definition.Model}";

    /// <summary>The address of a method of the model.</summary>
    public static Uri Method(ModelDefinition definition, string method) =>
        Addresses.Below(definition.Url!, $"/{Resource(definition)}:{method}");

    /// <summary>The request with the key, in a header: an address is written to logs.</summary>
    public static HttpRequestMessage WithKey(HttpRequestMessage request, Endpoint endpoint)
    {
        if (endpoint.Key is { } key)
        {
            request.Headers.Add(KeyHeader, key);
        }

        return request;
    }
}
