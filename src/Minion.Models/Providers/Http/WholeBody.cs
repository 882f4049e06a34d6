using System.Text.Json;

namespace Minion.Models.Providers.Http;

/// <summary>A body that is one JSON value.</summary>
internal static class WholeBody
{
    public static async Task<JsonDocument> ParseAsync(Endpoint endpoint, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        }
        catch (JsonException error)
        {
            throw endpoint.Invalid($"is not JSON ({Texts.Shorten(error.Message, 120)})");
        }
    }
}
