using System.Net;
using System.Net.Http;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources;
using ModelContextProtocol;

namespace Minion.Tools.Mcp.Calls;

/// <summary>What a model hears when a request to a server failed.</summary>
internal static class Failures
{
    private const string LookFirst = "It may have happened all the same: look before you call it again.";

    /// <param name="exception">What happened.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="changes">Whether it changes something that may not be changed twice.</param>
    /// <param name="progress">What the server said last about how far it is.</param>
    public static ToolFailure Of(Exception exception, string source, McpRequest request, bool changes, string progress) => exception switch
    {
        ToolSourceException => new ToolFailure(Failure.Types.Kind.Failed, exception.Message, "Try again in a moment, or do without this tool.", Retryable: true),
        McpProtocolException { ErrorCode: McpErrorCode.InvalidParams } => ToolOutcome.Failed(
            $"'{source}' refuses the call of '{request.What}': {ServerText.Clean(exception.Message, 2_000)}", "Correct the arguments, or use another tool."),
        // An answer that nobody can read may be that it was done.
        McpProtocolException { ErrorCode: McpErrorCode.ParseError } => new ToolFailure(
            Failure.Types.Kind.InvalidResult,
            $"'{source}' could not do '{request.What}': {ServerText.Clean(exception.Message, 2_000)}",
            changes ? LookFirst : "Do without this tool; its owner has to correct it.",
            Retryable: false),
        McpProtocolException or McpException => ToolOutcome.Failed(
            $"'{source}' could not do '{request.What}': {ServerText.Clean(exception.Message, 2_000)}", "Try something else, or do without this tool."),
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => ToolOutcome.Failed(
            $"'{source}' does not let Minion in ({(int?)((HttpRequestException)exception).StatusCode}).", "Do without this tool; who runs the server has to give it a valid token."),
        _ => Lost(exception, source, request, changes, progress),
    };

    private static ToolFailure Lost(Exception exception, string source, McpRequest request, bool changes, string progress) => new(
        Failure.Types.Kind.Failed,
        $"The connection to '{source}' ended in the middle of '{request.What}'{(progress.Length > 0 ? $" (at {progress})" : "")}: {ServerText.Clean(exception.GetBaseException().Message, 1_000)}",
        changes ? LookFirst : "Try again in a moment.",
        Retryable: !changes,
        Undecided: changes);
}
