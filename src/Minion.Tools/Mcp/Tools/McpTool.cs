using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Tools.Mcp.Calls;

namespace Minion.Tools.Mcp.Tools;

/// <summary>A tool whose calls are requests to a server.</summary>
/// <param name="description">As the registry knows it.</param>
/// <param name="caller">Makes the requests.</param>
/// <param name="request">The request for some arguments.</param>
/// <param name="read">Reads the answer.</param>
internal sealed class McpTool(
    ToolDescription description, McpCaller caller, Func<JsonElement, McpRequest> request, Func<JsonObject, ToolOutcome> read) : ITool
{
    public ToolDescription Description => description;

    public async ValueTask<ToolOutcome> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        await caller.CallAsync(request(call.Arguments), call, read, cancellationToken);
}
