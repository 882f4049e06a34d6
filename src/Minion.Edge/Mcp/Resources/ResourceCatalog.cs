using Grpc.Core;
using Microsoft.Extensions.Options;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Resources;

/// <summary>What can be read: the agents, then the sessions, then the runs, the newest first.</summary>
internal sealed class ResourceCatalog(
    SessionService.SessionServiceClient sessions, RunService.RunServiceClient runs, CallerSigner signer, TimeProvider time, IOptions<McpOptions> options)
{
    private const string Json = "application/json";
    private const string OfSessions = "s:";
    private const string OfRuns = "r:";
    private const int LongestTitle = 80;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate { Name = "run", UriTemplate = ResourceUris.RunTemplate, MimeType = Json, Description = "A run of an agent: its input, how it stands, its answer and its entries." },
            new ResourceTemplate { Name = "session", UriTemplate = ResourceUris.SessionTemplate, MimeType = Json, Description = "A session: the conversation with its last messages." },
        ],
    };

    public async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var cursor = request.Params?.Cursor ?? "";
        var call = new CallOptions(signer.Headers(McpCaller.Of(request), "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
        try
        {
            return cursor.Length == 0 || cursor.StartsWith(OfSessions, StringComparison.Ordinal) ? await SessionsAsync(cursor, call)
                : cursor.StartsWith(OfRuns, StringComparison.Ordinal) ? await RunsAsync(cursor[OfRuns.Length..], call)
                : throw new McpProtocolException("The cursor must be the nextCursor of an earlier answer.", McpErrorCode.InvalidParams);
        }
        catch (RpcException failure)
        {
            throw McpFailures.Error(failure);
        }
    }

    private async Task<ListResourcesResult> SessionsAsync(string cursor, CallOptions call)
    {
        var result = new ListResourcesResult();
        if (cursor.Length == 0)
        {
            result.Resources.Add(new Resource { Uri = ResourceUris.Agents, Name = "agents", MimeType = Json, Description = "The agents that run_agent runs." });
        }

        var token = cursor.Length == 0 ? "" : cursor[OfSessions.Length..];
        var page = await sessions.ListSessionsAsync(new ListSessionsRequest { PageSize = options.Value.PageSize, PageToken = token }, call);
        foreach (var session in page.Sessions)
        {
            result.Resources.Add(new Resource
            {
                Uri = ResourceUris.SessionPrefix + session.Id,
                Name = $"session {session.Id}",
                Title = session.Title.Length > 0 ? Shorten(session.Title) : null,
                Description = $"A session{(session.Agent.Length > 0 ? $" with {session.Agent}" : "")} of {session.MessageCount} messages.",
                MimeType = Json,
            });
        }

        result.NextCursor = page.NextPageToken.Length > 0 ? OfSessions + page.NextPageToken : OfRuns;
        return result;
    }

    private async Task<ListResourcesResult> RunsAsync(string token, CallOptions call)
    {
        var result = new ListResourcesResult();
        var page = await runs.ListRunsAsync(new ListRunsRequest { PageSize = options.Value.PageSize, PageToken = token }, call);
        foreach (var run in page.Runs)
        {
            result.Resources.Add(new Resource
            {
                Uri = ResourceUris.RunPrefix + run.Id,
                Name = $"run {run.Id}",
                Title = Shorten(run.Input),
                Description = $"A run of {run.Agent}: {run.Status.ToString().ToLowerInvariant()}.",
                MimeType = Json,
            });
        }

        result.NextCursor = page.NextPageToken.Length > 0 ? OfRuns + page.NextPageToken : null;
        return result;
    }

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestTitle ? line : line[..LongestTitle];
    }
}
