using Google.Protobuf;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.Edge.Mcp.Resources;

/// <summary>Reads agents, sessions and runs, as JSON of the API's own messages.</summary>
internal sealed class ResourceReader(
    AgentService.AgentServiceClient agents,
    SessionService.SessionServiceClient sessions,
    RunService.RunServiceClient runs,
    CallerSigner signer,
    TimeProvider time)
{
    private const int MostAgents = 200;
    private const int MostMessages = 200;
    private const int MostEntries = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Names as they are in the protos, whole objects on one line.
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params?.Uri ?? "";
        var caller = McpCaller.Of(request);
        try
        {
            var text = uri == ResourceUris.Agents ? await AgentsAsync(caller, cancellationToken)
                : ResourceUris.IdAfter(ResourceUris.SessionPrefix, uri) is { } session ? await SessionAsync(caller, session, cancellationToken)
                : ResourceUris.IdAfter(ResourceUris.RunPrefix, uri) is { } run ? await RunAsync(caller, run, cancellationToken)
                : throw McpFailures.NoSuchResource(request, uri);
            return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = text }] };
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            throw McpFailures.NoSuchResource(request, uri);
        }
        catch (RpcException failure)
        {
            throw McpFailures.Error(failure);
        }
    }

    private async Task<string> AgentsAsync(Caller caller, CancellationToken cancellationToken)
    {
        var page = await agents.ListAgentsAsync(new ListAgentsRequest { Status = AgentStatus.Active, PageSize = MostAgents }, Call(caller, cancellationToken));
        return Json.Format(page);
    }

    private async Task<string> SessionAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var session = await sessions.GetSessionAsync(new GetSessionRequest { Id = id }, Call(caller, cancellationToken));
        var messages = await sessions.ListMessagesAsync(
            new ListMessagesRequest { SessionId = id, Limit = MostMessages, Newest = true }, Call(caller, cancellationToken));
        return $$"""{"session":{{Json.Format(session.Session)}},"messages":[{{string.Join(',', messages.Messages.Select(one => Json.Format(one)))}}]}""";
    }

    private async Task<string> RunAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var run = await runs.GetRunAsync(new GetRunRequest { Id = id }, Call(caller, cancellationToken));
        var entries = await runs.ListEntriesAsync(new ListEntriesRequest { RunId = id, Limit = MostEntries }, Call(caller, cancellationToken));
        return $$"""{"run":{{Json.Format(run.Run)}},"entries":[{{string.Join(',', entries.Entries.Select(one => Json.Format(one)))}}],"has_more":{{(entries.HasMore ? "true" : "false")}}}""";
    }

    private CallOptions Call(Caller caller, CancellationToken cancellationToken) =>
        new(signer.Headers(caller, "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
}
