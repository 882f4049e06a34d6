using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ModelContextProtocol.Protocol;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>What a request must be before its message is looked at.</summary>
internal static class RequestReader
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";

    private static readonly JsonTypeInfo<JsonRpcMessage> Message =
        (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    /// <exception cref="Refusal">The client does not take both forms of an answer.</exception>
    public static void RequireAcceptsAnswers(HttpRequest request)
    {
        if (!Accepts(request, Json) || !Accepts(request, Events))
        {
            throw Refusal.Plain(StatusCodes.Status406NotAcceptable, $"Not Acceptable: Client must accept both {Json} and {Events}");
        }
    }

    /// <exception cref="Refusal">The client does not take events.</exception>
    public static void RequireAcceptsEvents(HttpRequest request)
    {
        if (!Accepts(request, Events))
        {
            throw Refusal.Plain(StatusCodes.Status406NotAcceptable, $"Not Acceptable: Client must accept {Events}");
        }
    }

    /// <exception cref="Refusal">The body is no single message.</exception>
    public static async Task<JsonRpcMessage> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Plain(StatusCodes.Status415UnsupportedMediaType, $"Unsupported Media Type: Content-Type must be {Json}");
        }

        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(request.Body, default, cancellationToken);
        }
        catch (JsonException)
        {
            throw Refusal.NotJson("Parse error: The body is not JSON.");
        }

        using (document)
        {
            try
            {
                return document.Deserialize(Message) ?? throw Refusal.NotAMessage("Bad Request: The body must be a JSON-RPC message.");
            }
            catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or NotSupportedException)
            {
                throw Refusal.NotAMessage("Bad Request: The body must be a single JSON-RPC message.");
            }
        }
    }

    private static bool Accepts(HttpRequest request, string type) =>
        request.GetTypedHeaders().Accept.Any(given => given.Quality is not 0 && (given.MatchesMediaType(type) || given.MatchesAllTypes));
}
