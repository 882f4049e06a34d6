using System.Text;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.ServiceDefaults.Callers;
using Minion.Tools.Execution;
using Minion.Tools.Registry;

namespace Minion.Tools.Api;

/// <summary>The registry and the pipeline, for clients and other services.</summary>
internal sealed class ToolGrpcService(TenantRegistry registry, ToolPipeline pipeline, TimeProvider time) : ToolService.ToolServiceBase
{
    /// <summary>The longest result that is given whole: 64 MiB.</summary>
    private const long MostWholeBytes = 64 * 1024 * 1024;

    public override async Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context)
    {
        var page = ToolRequests.Read(request);
        var caller = context.GetCaller();
        var found = (await registry.GetAsync(caller.Tenant, context.CancellationToken)).Search(page.Query, caller)
            .Select(tool => tool.Message)
            .SkipWhile(tool => page.After.Length > 0 && string.CompareOrdinal(Place(tool), page.After) != 0 && string.CompareOrdinal(tool.Name, ToolReference.Parse(page.After).Name) <= 0)
            .SkipWhile(tool => Place(tool) == page.After)
            .Take(page.Size + 1)
            .ToList();
        var response = new ListToolsResponse { Tools = { found.Take(page.Size) } };
        if (found.Count > page.Size)
        {
            response.NextPageToken = PageToken.Of(Place(found[page.Size - 1]));
        }

        return response;
    }

    public override async Task<GetToolResponse> GetTool(GetToolRequest request, ServerCallContext context)
    {
        ToolRequests.Check(request);
        var caller = context.GetCaller();
        var tools = await registry.GetAsync(caller.Tenant, context.CancellationToken);
        return tools.Find(request.Name) is { } tool && tool.IsAllowedFor(caller)
            ? new GetToolResponse { Tool = tool.Message }
            : throw Fault.NotFound("tool", request.Name, Nearest.Question(tools.NearestTo(request.Name, caller)));
    }

    public override async Task<CallToolResponse> CallTool(CallToolRequest request, ServerCallContext context) =>
        ToResponse(await pipeline.CallAsync(await ReadAsync(request, context), context.CancellationToken), request.Whole);

    public override async Task StreamToolCall(CallToolRequest request, IServerStreamWriter<StreamToolCallResponse> responseStream, ServerCallContext context)
    {
        var call = await ReadAsync(request, context);
        var report = await ToolCallStream.RunAsync(
            (progress, token) => pipeline.CallAsync(call with { Progress = progress }, token),
            text => responseStream.WriteAsync(new StreamToolCallResponse { Progress = new ToolProgress { Text = text } }, context.CancellationToken),
            time,
            context.CancellationToken);
        await responseStream.WriteAsync(new StreamToolCallResponse { Response = ToResponse(report, request.Whole) }, context.CancellationToken);
    }

    private async Task<ToolRequest> ReadAsync(CallToolRequest request, ServerCallContext context)
    {
        var caller = context.GetCaller();
        var tools = await registry.GetAsync(caller.Tenant, context.CancellationToken);
        return ToolRequests.Read(request, tools.Find(request.Name)?.Description.Policy.Effect, caller, IsFromService(context));
    }

    private static string Place(Tool tool) => $"{tool.Name}@{tool.Version}";

    /// <summary>The gate has checked the header: who has none is a client.</summary>
    private static bool IsFromService(ServerCallContext context) => context.RequestHeaders.Get(CallerSigner.HeaderName) is not null;

    private static CallToolResponse ToResponse(ToolReport report, bool whole)
    {
        var response = new CallToolResponse
        {
            Attempts = report.Attempts,
            DurationMs = report.Duration.TotalMilliseconds,
            Trimmed = report.Trimmed,
            Untrusted = report.Untrusted,
            Repairs = { report.Repairs },
            CostUsd = report.CostUsd,
            KeptId = report.KeptId?.ToString() ?? "",
            Cached = report.Cached,
            Repeated = report.Repeated,
        };
        if (report.Outcome is ToolFailure failure)
        {
            response.Failure = new Failure
            {
                Kind = failure.Kind,
                Message = failure.Message,
                Hint = failure.Hint,
                Retryable = failure.Retryable,
                Undecided = failure.Undecided,
            };
        }
        else if (report.Outcome is ToolInputRequired input)
        {
            response.InputRequired = new InputRequired { Requests = { input.Requests }, State = input.State };
        }
        else
        {
            response.Result = report.Json;
            // Of a result that comes again only the cut part is here; how long it was is known.
            response.WholeBytes = report.Whole.Length > 0 ? Encoding.UTF8.GetByteCount(report.Whole) : report.Trimmed ? report.ResultBytes : 0;
            response.WholeResult = whole && response.WholeBytes <= MostWholeBytes ? report.Whole : "";
        }

        return response;
    }
}
