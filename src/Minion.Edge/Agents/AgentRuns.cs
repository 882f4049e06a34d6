using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.ServiceDefaults.Callers;
using Minion.ServiceDefaults.Drain;

namespace Minion.Edge.Agents;

/// <summary>Runs of agents, through the orchestration's gRPC API.</summary>
internal sealed class AgentRuns(
    RunService.RunServiceClient runs,
    SessionService.SessionServiceClient sessions,
    CallerSigner signer,
    TimeProvider time,
    Draining draining,
    IOptions<EdgeOptions> options,
    ILogger<AgentRuns> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(1);
    private const int MostReconnects = 60;

    /// <summary>Starts a run; with a key the call may be repeated.</summary>
    public async Task<Run> StartAsync(Caller caller, string agent, Conversation conversation, string? key, CancellationToken cancellationToken)
    {
        var request = new StartRunRequest { Agent = agent, Input = conversation.Input, RequestId = key ?? "" };
        if (conversation.Before.Count > 0)
        {
            request.SessionId = await SessionAsync(caller, agent, conversation, key, cancellationToken);
        }

        return await StartAsync(caller, request, cancellationToken);
    }

    /// <summary>Starts a run as it is asked for.</summary>
    public async Task<Run> StartAsync(Caller caller, StartRunRequest request, CancellationToken cancellationToken) =>
        (await runs.StartRunAsync(request, Call(caller, cancellationToken))).Run;

    /// <summary>
    /// The run's entries from the first one, and what the model is saying, until the run ends or is given up; null is a sign of life. When the
    /// connection breaks it goes on from where it was: the run is durable.
    /// </summary>
    public async IAsyncEnumerable<WatchRunResponse?> WatchAsync(
        Caller caller, string run, bool entriesOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (after, reconnects) = (0L, 0);
        while (true)
        {
            var request = new WatchRunRequest { RunId = run, AfterSeq = after, EntriesOnly = entriesOnly };
            using var call = runs.WatchRun(request, new CallOptions(signer.Headers(caller, "orchestration"), cancellationToken: cancellationToken));
            Task<bool>? next = null;
            while (true)
            {
                next ??= MoveNextAsync(call.ResponseStream, cancellationToken);
                if (!next.IsCompleted && await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(options.Value.KeepAliveSeconds), time, cancellationToken)) != next)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return null;
                    continue;
                }

                if (!await next)
                {
                    break;
                }

                next = null;
                reconnects = 0;
                var part = call.ResponseStream.Current;
                after = part.Entry?.Seq ?? after;
                yield return part;
            }

            if (++reconnects > MostReconnects)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, $"The run {run} goes on, but cannot be followed any more."));
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>Whether the run has ended without an answer, or waits for a person, at this moment.</summary>
    public async Task<bool> StandsAsync(Caller caller, string run, CancellationToken cancellationToken)
    {
        var found = await runs.GetRunAsync(new GetRunRequest { Id = run }, Call(caller, cancellationToken));
        return found.Run.Status is RunStatus.Failed or RunStatus.Cancelled || found.Run.Questions.Count > 0;
    }

    /// <summary>Cancels a run that nobody waits for any more; not when this process ends, because then the client may come back to another one.</summary>
    public async Task GiveUpAsync(Caller caller, string run)
    {
        if (draining.Started.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await runs.CancelRunAsync(new CancelRunRequest { Id = run, Reason = "The client aborted its request." }, Call(caller, CancellationToken.None));
        }
        catch (RpcException failure)
        {
            logger.NotCancelled(run, failure.Status.Detail);
        }
    }

    /// <summary>False when the stream has ended, or broke off in a way that another one may mend.</summary>
    private static async Task<bool> MoveNextAsync(IAsyncStreamReader<WatchRunResponse> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The request was given up.", failure, cancellationToken);
        }
    }

    private async Task<string> SessionAsync(Caller caller, string agent, Conversation conversation, string? key, CancellationToken cancellationToken)
    {
        var id = key is null ? "" : ConversationId.Of(agent, key, conversation);
        var request = new CreateSessionRequest { Agent = agent, Id = id, TimeToLive = Duration.FromTimeSpan(SessionLife), Messages = { conversation.Before } };
        try
        {
            return (await sessions.CreateSessionAsync(request, Call(caller, cancellationToken))).Session.Id;
        }
        catch (RpcException taken) when (taken.StatusCode == StatusCode.AlreadyExists && key is not null)
        {
            return id;
        }
    }

    private CallOptions Call(Caller caller, CancellationToken cancellationToken) =>
        new(signer.Headers(caller, "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken);
}
