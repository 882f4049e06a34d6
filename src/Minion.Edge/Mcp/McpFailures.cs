using Grpc.Core;
using Minion.Contracts.Faults;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp;

/// <summary>How failures are told to MCP's clients: a tool's as a result that the model reads, others as errors of the protocol.</summary>
internal static class McpFailures
{
    /// <summary>A failed call to a service, in the words of its answer.</summary>
    public static string Words(RpcException failure)
    {
        var details = FaultDetails.From(failure);
        var fields = details.Fields.Select(field => $"{field.Field} {field.Message}");
        return string.Join(' ', fields.Prepend(failure.Status.Detail).Append(details.Hint).Where(part => part.Length > 0));
    }

    /// <summary>The same as an error of the protocol.</summary>
    public static McpProtocolException Error(RpcException failure) => new(
        Words(failure),
        failure,
        failure.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.PermissionDenied ? McpErrorCode.InvalidParams : McpErrorCode.InternalError);

    /// <summary>The error for a resource that is not there, or that the caller must not know of.</summary>
    public static McpProtocolException NoSuchResource(MessageContext request, string uri)
    {
        var isNew = string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, "2026-07-28") >= 0;
        var error = new McpProtocolException("Resource not found", isNew ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
        error.Data["uri"] = uri;
        return error;
    }

    /// <summary>A tool's failure.</summary>
    public static CallToolResult Result(string message, string hint = "") => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = hint.Length == 0 ? message : $"{message} {hint}" }],
    };
}
