using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace ModelContextProtocol.AspNetCore.Http;

/// <summary>A request that gets no further than HTTP.</summary>
internal sealed class Refusal(int status, int code, string message) : Exception(message)
{
    private const int Unspecified = -32000;
    private const int NoSuchSession = -32001;

    public int Status { get; } = status;

    public JsonRpcMessage? Request { get; init; }

    public JsonNode? Details { get; init; }

    public static Refusal Plain(int status, string message) => new(status, Unspecified, message);

    public static Refusal NotJson(string message) => new(StatusCodes.Status400BadRequest, (int)McpErrorCode.ParseError, message);

    public static Refusal NotAMessage(string message) => new(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest, message);

    public static Refusal SessionNotFound() => new(StatusCodes.Status404NotFound, NoSuchSession, "Session not found");

    public static Refusal HeaderMismatch(JsonRpcMessage request, string message) =>
        new(StatusCodes.Status400BadRequest, (int)McpErrorCode.HeaderMismatch, $"Header mismatch: {message}") { Request = request };

    public static Refusal InvalidParameters(JsonRpcMessage request, string message) =>
        new(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidParams, message) { Request = request };

    public static Refusal UnsupportedVersion(JsonRpcMessage? request, string requested, IEnumerable<string> supported) =>
        new(StatusCodes.Status400BadRequest, (int)McpErrorCode.UnsupportedProtocolVersion, $"Bad Request: The protocol version '{requested}' is not supported.")
        {
            Request = request,
            Details = new JsonObject { ["supported"] = new JsonArray([.. supported.Select(v => (JsonNode)v)]), ["requested"] = requested },
        };

    public Task WriteAsync(HttpContext context)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (Details is not null)
        {
            error["data"] = Details.DeepClone();
        }

        var id = (Request as JsonRpcMessageWithId)?.Id;
        var body = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id is { } known ? JsonSerializer.SerializeToNode(known, McpJsonUtilities.DefaultOptions) : null,
            ["error"] = error,
        };
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
