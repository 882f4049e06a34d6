using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Resources;

/// <summary>Completes the ids in the templates of resources, from the newest ones.</summary>
internal sealed class ResourceCompletion(
    SessionService.SessionServiceClient sessions, RunService.RunServiceClient runs, CallerSigner signer, TimeProvider time)
{
    // The protocol gives no more than 100 values.
    private const int Most = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var start = request.Params?.Argument?.Value ?? "";
        try
        {
            var call = new CallOptions(signer.Headers(McpCaller.Of(request), "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
            var ids = (request.Params?.Ref as ResourceTemplateReference)?.Uri switch
            {
                ResourceUris.RunTemplate => (await runs.ListRunsAsync(new ListRunsRequest { PageSize = Most }, call)).Runs.Select(run => run.Id),
                ResourceUris.SessionTemplate => (await sessions.ListSessionsAsync(new ListSessionsRequest { PageSize = Most }, call)).Sessions.Select(session => session.Id),
                _ => [],
            };
            return new CompleteResult { Completion = new Completion { Values = [.. ids.Where(id => id.StartsWith(start, StringComparison.OrdinalIgnoreCase))] } };
        }
        catch (RpcException failure)
        {
            throw McpFailures.Error(failure);
        }
    }
}
