using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.OpenAi.Models;
using Minion.ServiceDefaults.Callers;

namespace Minion.Edge.Agents;

/// <summary>The agents that can be asked, as models.</summary>
internal sealed class AgentList(AgentService.AgentServiceClient client, CallerSigner signer, TimeProvider time)
{
    private const int PageSize = 200;
    private const int Most = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The first thousand active ones, by name.</summary>
    public async Task<IReadOnlyList<ListedModel>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var found = new List<ListedModel>();
        var request = new ListAgentsRequest { Status = AgentStatus.Active, PageSize = PageSize };
        do
        {
            var page = await client.ListAgentsAsync(
                request, new CallOptions(signer.Headers(caller, "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken));
            found.AddRange(page.Agents.Select(a => new ListedModel(ModelDirectory.AgentPrefix + a.Definition.Name, a.CreatedAt.Seconds, "minion")));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && found.Count < Most);

        return found;
    }
}
