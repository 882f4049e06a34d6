using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>Headers that mirror the message, so that others can route by them, must say what the message says.</summary>
internal static class HeaderCheck
{
    private const string Method = "Mcp-Method";
    private const string Name = "Mcp-Name";

    /// <exception cref="Refusal">One is missing, or says something else.</exception>
    public static void Require(HttpRequest request, JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest call)
        {
            return;
        }

        if (Versions.OfHeader(request) is null)
        {
            throw Refusal.HeaderMismatch(call, $"The header {Versions.Header} is missing.");
        }

        RequireMeta(call);
        Compare(request, call, Method, call.Method);
        var key = call.Method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
            RequestMethods.ResourcesRead => "uri",
            _ => null,
        };
        if (key is not null && call.Params is JsonObject parameters && parameters[key] is JsonValue value && value.TryGetValue<string>(out var text))
        {
            Compare(request, call, Name, text);
        }
    }

    /// <summary>Each request says itself which version it speaks and what its client can do.</summary>
    private static void RequireMeta(JsonRpcRequest call)
    {
        var meta = (call.Params as JsonObject)?["_meta"] as JsonObject;
        var missing = meta?[MetaKeys.ProtocolVersion] is not JsonValue ? MetaKeys.ProtocolVersion
            : meta[MetaKeys.ClientCapabilities] is not JsonObject ? MetaKeys.ClientCapabilities
            : null;
        if (missing is not null)
        {
            throw Refusal.InvalidParameters(call, $"Invalid params: _meta must have {missing}.");
        }
    }

    private static void Compare(HttpRequest request, JsonRpcRequest call, string header, string expected)
    {
        if (request.Headers[header] is not [{ Length: > 0 } given])
        {
            throw Refusal.HeaderMismatch(call, $"The header {header} must be there once.");
        }

        var value = header == Name ? Decode(given) : given.Trim();
        if (value != expected)
        {
            throw Refusal.HeaderMismatch(call, $"{header} header value '{given}' does not match the body's '{expected}'.");
        }
    }

    private static string? Decode(string given)
    {
        try
        {
            return McpHeaderEncoder.DecodeValue(given);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
