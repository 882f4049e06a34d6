using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Edge.Mcp.Agents;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = Minion.Contracts.Tools.V1.Tool;

namespace Minion.Edge.Mcp.Tools;

/// <summary>The approved tools that the caller may use, and the one that runs agents.</summary>
internal sealed class ToolCatalog(
    ToolService.ToolServiceClient tools, RunAgentTool agents, CallerSigner signer, TimeProvider time, IOptions<McpOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var caller = McpCaller.Of(request);
        var result = new ListToolsResult();
        if (request.Params?.Cursor is null)
        {
            result.Tools.Add(await agents.DescribeAsync(caller, cancellationToken));
        }

        try
        {
            var page = await tools.ListToolsAsync(
                new ListToolsRequest { PageSize = options.Value.PageSize, PageToken = request.Params?.Cursor ?? "" }, Call(caller, cancellationToken));
            foreach (var tool in page.Tools.Where(tool => tool.Status == ToolStatus.Approved && tool.Name != RunAgentTool.Name))
            {
                result.Tools.Add(Describe(tool));
            }

            result.NextCursor = page.NextPageToken.Length > 0 ? page.NextPageToken : null;
            return result;
        }
        catch (RpcException failure)
        {
            throw McpFailures.Error(failure);
        }
    }

    /// <summary>A tool that may be called: also one that is deprecated, for clients that know it. Null when there is none of the name for the caller.</summary>
    public async Task<Tool?> FindAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await tools.GetToolAsync(new GetToolRequest { Name = name }, Call(caller, cancellationToken));
            return found.Tool.Status is ToolStatus.Approved or ToolStatus.Deprecated ? found.Tool : null;
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            return null;
        }
    }

    private static ModelContextProtocol.Protocol.Tool Describe(Tool tool) => new()
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = JsonElement.Parse(tool.InputSchema),
        OutputSchema = ObjectSchema(tool.OutputSchema),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = tool.Effect == Effect.ReadOnly,
            IdempotentHint = tool.Effect is Effect.ReadOnly or Effect.Idempotent,
            DestructiveHint = tool.Effect is not Effect.ReadOnly,
        },
        Meta = new JsonObject { ["minion/version"] = tool.Version, ["minion/category"] = tool.Category, ["minion/owner"] = tool.Owner },
    };

    /// <summary>Structured results are objects for clients of all versions; what else a tool gives is text.</summary>
    private static JsonElement? ObjectSchema(string schema) =>
        schema.Length > 0 && JsonElement.Parse(schema) is { ValueKind: JsonValueKind.Object } parsed
        && parsed.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")
            ? parsed
            : null;

    private CallOptions Call(Caller caller, CancellationToken cancellationToken) =>
        new(signer.Headers(caller, "tools"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
}
