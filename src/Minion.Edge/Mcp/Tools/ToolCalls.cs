using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Edge.Mcp.Agents;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = Minion.Contracts.Tools.V1.Tool;

namespace Minion.Edge.Mcp.Tools;

/// <summary>Calls of tools, with the caller's permissions.</summary>
internal sealed class ToolCalls(
    ToolService.ToolServiceClient tools, ToolCatalog catalog, RunAgentTool agents, PendingCalls pending, CallerSigner signer, TimeProvider time,
    IOptions<McpOptions> options)
{
    /// <summary>Where a client may say that a call is the same as an earlier one.</summary>
    public const string KeyInMeta = "minion/idempotency_key";

    private static readonly JsonElement NoArguments = JsonElement.Parse("{}");

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var caller = McpCaller.Of(request);
        var name = request.Params?.Name ?? "";
        try
        {
            if (name == RunAgentTool.Name)
            {
                return await agents.RunAsync(request, cancellationToken);
            }

            var tool = await catalog.FindAsync(caller, name, cancellationToken)
                ?? throw new McpProtocolException($"Unknown tool: '{name}'", McpErrorCode.InvalidParams);
            return await CallAsync(request, caller, tool, cancellationToken);
        }
        catch (RpcException failure) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client gave the call up.", failure, cancellationToken);
        }
        catch (RpcException failure)
        {
            return McpFailures.Result(McpFailures.Words(failure));
        }
    }

    private async Task<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, Caller caller, Tool tool, CancellationToken cancellationToken)
    {
        var arguments = request.Params!.Arguments is { } given
            ? JsonSerializer.SerializeToElement(given, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, JsonElement>)))
            : NoArguments;
        var call = new CallToolRequest
        {
            Name = tool.Name,
            Arguments = arguments.GetRawText(),
            IdempotencyKey = KeyFor(request.Params, tool),
            Client = McpCaller.ClientOf(request),
            // What a client's model has read elsewhere is not known here.
            Tainted = !options.Value.TrustClients,
        };
        pending.Resume(request, caller, call);
        var response = await CallAsync(call, request, new CallOptions(signer.Headers(caller, "tools"), cancellationToken: cancellationToken));
        return response.OutcomeCase switch
        {
            CallToolResponse.OutcomeOneofCase.Result => Result(response),
            CallToolResponse.OutcomeOneofCase.InputRequired => pending.Suspend(request, caller, call, response.InputRequired),
            _ => McpFailures.Result(response.Failure.Message, response.Failure.Hint),
        };
    }

    /// <summary>Makes the call; a client that asked for it is told what the tool says meanwhile.</summary>
    private async Task<CallToolResponse> CallAsync(CallToolRequest call, RequestContext<CallToolRequestParams> request, CallOptions options)
    {
        if (request.Params?.ProgressToken is not { } token)
        {
            return await tools.CallToolAsync(call, options);
        }

        using var streaming = tools.StreamToolCall(call, options);
        CallToolResponse? response = null;
        var count = 0;
        await foreach (var part in streaming.ResponseStream.ReadAllAsync(options.CancellationToken))
        {
            response = part.Response ?? response;
            if (part.Progress is { } progress)
            {
                var value = new ProgressNotificationValue { Progress = ++count, Message = progress.Text };
                await request.Server.NotifyProgressAsync(token, value, cancellationToken: options.CancellationToken);
            }
        }

        return response ?? throw new RpcException(new Status(StatusCode.Internal, "The tool service ended the call without saying what came of it."));
    }

    private string KeyFor(CallToolRequestParams parameters, Tool tool) =>
        parameters.Meta?[KeyInMeta] is JsonValue value && value.TryGetValue<string>(out var key) ? key
        : tool.Effect == Effect.ReadOnly ? ""
        : $"mcp-{Guid.CreateVersion7(time.GetUtcNow())}";

    private static CallToolResult Result(CallToolResponse response)
    {
        var value = JsonElement.Parse(response.Result);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = value.ValueKind == JsonValueKind.String ? value.GetString()! : response.Result }],
            StructuredContent = value.ValueKind == JsonValueKind.Object ? value : null,
            Meta = response.Untrusted ? new JsonObject { ["minion/untrusted"] = true } : null,
        };
    }
}
