using Grpc.Core;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.EngineTools;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Agents;

/// <summary>Asks the tool service which tools a tenant has, so that a misspelt one is found before a run needs it.</summary>
internal sealed class ToolNames(ToolService.ToolServiceClient tools, CallerSigner signer, TimeProvider time, ILogger<ToolNames> log, EngineToolSet engineTools)
{
    private const int PageSize = 500;
    private const int MostPages = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The names; null when the tool service does not answer, or has more than it makes sense to compare with.</summary>
    public async Task<IReadOnlyList<string>?> AllAsync(string tenant, CancellationToken cancellation)
    {
        // Of all tools: whether an agent may use one is decided for each caller, when it calls.
        var headers = signer.Headers(new(tenant, "service:orchestration", ["*"]), "tools");
        var names = new List<string>(engineTools.Names);
        var request = new ListToolsRequest { PageSize = PageSize };
        try
        {
            for (var page = 0; page < MostPages; page++)
            {
                var answer = await tools.ListToolsAsync(request, headers, time.GetUtcNow().UtcDateTime + Patience, cancellation);
                names.AddRange(answer.Tools.Select(t => t.Name));
                if (answer.NextPageToken.Length == 0)
                {
                    return names;
                }

                request.PageToken = answer.NextPageToken;
            }
        }
        catch (RpcException error) when (!cancellation.IsCancellationRequested)
        {
            log.ToolsUnchecked(error.Status.Detail);
        }

        return null;
    }
}
