using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Inbox;
using Minion.Orchestration.Paging;
using Minion.Orchestration.Runs.Engine;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Trees;
using Minion.Orchestration.Runs.Watching;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Runs;

/// <summary>Runs over gRPC.</summary>
internal sealed class RunService(
    Submitter submitter,
    RunStore runs,
    TreeStore trees,
    SignalStore signals,
    InboxStore inbox,
    InboxAnswers answers,
    RunWatcher watcher,
    WakeUps wakeUps,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
    : Contracts.Orchestration.V1.RunService.RunServiceBase
{
    /// <summary>The statuses of a run that has not ended.</summary>
    private static readonly string[] Going = ["ready", "running", "waiting"];

    public override async Task<StartRunResponse> StartRun(StartRunRequest request, ServerCallContext context)
    {
        RunRequests.Check(request, time.GetUtcNow());
        var (run, existed) = await submitter.StartAsync(context.GetCaller(), request, context.CancellationToken);
        return new StartRunResponse { Run = run.ToProto(), Existed = existed };
    }

    public override async Task<GetRunResponse> GetRun(GetRunRequest request, ServerCallContext context)
    {
        var id = RunRequests.RunId(request.Id);
        return new GetRunResponse { Run = (await FindAsync(id, context)).ToProto() };
    }

    public override async Task<GetRunTreeResponse> GetRunTree(GetRunTreeRequest request, ServerCallContext context)
    {
        var id = RunRequests.RunId(request.Id);
        var tree = await trees.FindAsync(context.GetCaller().Tenant, id, request.WithSteps, context.CancellationToken);
        return (tree ?? throw RunFaults.NotFound(id.ToString())).ToProto();
    }

    public override async Task<ListRunsResponse> ListRuns(ListRunsRequest request, ServerCallContext context)
    {
        var listing = RunListing.Read(request);
        var found = await runs.ListAsync(context.GetCaller().Tenant, listing.Filter, listing.Before, listing.Size + 1, context.CancellationToken);
        var response = new ListRunsResponse
        {
            NextPageToken = found.Count > listing.Size ? PageToken.Make(RunListing.Token, found[listing.Size - 1].Id.ToString()) : "",
        };
        response.Runs.AddRange(found.Take(listing.Size).Select(r => r.Shortened().ToProto()));
        return response;
    }

    public override async Task<ListEntriesResponse> ListEntries(ListEntriesRequest request, ServerCallContext context)
    {
        var (run, limit) = RunRequests.Check(request);
        await FindAsync(run, context);
        var caller = context.GetCaller();
        var found = await runs.RawEntriesAsync(caller.Tenant, run, request.AfterSeq, limit + 1, context.CancellationToken);
        var page = found.Take(request.Full ? EntryPages.Fitting(found, limit) : limit).ToList();
        var texts = request.Full ? await runs.TextsAsync(caller.Tenant, run, page, context.CancellationToken) : null;
        var response = new ListEntriesResponse { HasMore = found.Count > page.Count };
        response.Entries.AddRange(page.Select(e => e.ToEntry(texts).ToProto()));
        return response;
    }

    public override async Task<CancelRunResponse> CancelRun(CancelRunRequest request, ServerCallContext context)
    {
        var id = RunRequests.RunId(request.Id);
        if (request.Reason.Length > 1_000)
        {
            throw RunRequests.Single("reason", "has more than 1,000 characters.");
        }

        var caller = context.GetCaller();
        await FindAsync(id, context);
        var payload = SignalJson.Write(questionId: null, choice: null, StoredText.Clean(request.Reason), caller.Principal);
        await signals.SendAsync(
            caller.Tenant, id, SignalReceived.Cancel, SignalReceived.Cancel, payload, Going, context.CancellationToken);
        await signals.CancelBelowAsync(caller.Tenant, id, payload, context.CancellationToken);
        wakeUps.WakeAll();
        return new CancelRunResponse { Run = (await FindAsync(id, context)).ToProto() };
    }

    public override async Task<RetryRunResponse> RetryRun(RetryRunRequest request, ServerCallContext context)
    {
        var id = RunRequests.RunId(request.Id);
        var caller = context.GetCaller();
        var run = await FindAsync(id, context);
        if (run.ParentId is not null)
        {
            throw RunFaults.IsChild(id, run.RootId);
        }

        var payload = SignalJson.Write(questionId: null, choice: null, text: null, caller.Principal);
        var signal = $"{SignalReceived.Retry}/{run.NextSeq}";
        var sent = run is { SessionId: { } session, Status: "failed" }
            ? await signals.RetryInSessionAsync(caller.Tenant, session, id, signal, payload, context.CancellationToken)
            : await signals.SendAsync(caller.Tenant, id, signal, SignalReceived.Retry, payload, ["failed"], context.CancellationToken);
        if (!sent)
        {
            throw RunFaults.NotFailed(id, run.Status);
        }

        wakeUps.WakeAll();
        return new RetryRunResponse { Run = (await FindAsync(id, context)).ToProto() };
    }

    public override async Task<AnswerResponse> Answer(AnswerRequest request, ServerCallContext context)
    {
        var id = RunRequests.Check(request);
        var caller = context.GetCaller();
        var run = await FindAsync(id, context);
        var asked = await inbox.OfRunAsync(caller.Tenant, id, context.CancellationToken);
        var item = RunAnswers.ItemOf(run, asked, request);
        if (item.Status != Inbox.InboxItem.Answered || item.Choice != request.Choice)
        {
            await answers.AnswerAsync(caller, item, new InboxReply(request.Choice, request.Text, ""), context.CancellationToken);
        }

        return new AnswerResponse { Run = (await FindAsync(id, context)).ToProto() };
    }

    public override async Task WatchRun(WatchRunRequest request, IServerStreamWriter<WatchRunResponse> responseStream, ServerCallContext context)
    {
        var id = RunRequests.Check(request);
        var tenant = context.GetCaller().Tenant;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        CallPosition? shown = null;
        try
        {
            _ = await watcher.FindAsync(tenant, id, end.Token) ?? throw RunFaults.NotFound(id.ToString());
            await foreach (var part in watcher.WatchAsync(tenant, id, request.AfterSeq, start: null, end.Token))
            {
                switch (part)
                {
                    case LiveEntries entries:
                        foreach (var entry in entries.Entries)
                        {
                            await responseStream.WriteAsync(new WatchRunResponse { Entry = entry.ToProto() }, context.CancellationToken);
                        }

                        break;
                    case LiveDelta or LiveCall when !request.EntriesOnly:
                        var position = (part as LiveDelta)?.Position ?? ((LiveCall)part).Position;
                        if (shown is { } before && before != position && (before.Step, before.Call) == (position.Step, position.Call))
                        {
                            await responseStream.WriteAsync(Restarted(position), context.CancellationToken);
                        }

                        shown = position;
                        await responseStream.WriteAsync(part.ToProto(), context.CancellationToken);
                        break;
                    case LiveOutput when !request.EntriesOnly:
                        await responseStream.WriteAsync(part.ToProto(), context.CancellationToken);
                        break;
                }
            }

            if (!request.EntriesOnly)
            {
                var ended = await watcher.FindAsync(tenant, id, end.Token) ?? throw RunFaults.NotFound(id.ToString());
                var done = new Done { Status = ended.ToProto().Status, LastSeq = ended.NextSeq - 1 };
                await responseStream.WriteAsync(new WatchRunResponse { Done = done }, context.CancellationToken);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new Fault(StatusCode.Unavailable, "SERVER_STOPPING", "The server is stopping; the run goes on.", "Watch again, from the last sequence number.");
        }
    }

    private static WatchRunResponse Restarted(CallPosition position) => new()
    {
        Restarted = new Restarted { Step = position.Step, Call = position.Call, Epoch = position.Epoch, Attempt = position.Attempt },
    };

    private async Task<RunRecord> FindAsync(Guid id, ServerCallContext context) =>
        await runs.FindAsync(context.GetCaller().Tenant, id, context.CancellationToken) ?? throw RunFaults.NotFound(id.ToString());
}
