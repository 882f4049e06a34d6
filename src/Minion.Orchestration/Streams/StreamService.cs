using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Sessions;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Streams;

/// <summary>Streams of typed parts over gRPC. Who reads slowly slows nobody: nothing is made before it is asked for.</summary>
internal sealed class StreamService(RunStream runs, SessionStream turns, RunStore store, SessionStore sessions, IHostApplicationLifetime lifetime)
    : Contracts.Orchestration.V1.StreamService.StreamServiceBase
{
    private const string NotACursor = "is not the cursor of a part of such a stream.";

    public override async Task StreamRun(StreamRunRequest request, IServerStreamWriter<StreamPart> responseStream, ServerCallContext context)
    {
        var violations = new Violations();
        violations.Check(Guid.TryParse(request.RunId, out var id), "run_id", "is not a run's id (a UUID).");
        var from = request.Cursor.Length == 0 ? default(RunCursor) : RunCursor.Parse(request.Cursor);
        violations.Check(from is not null, "cursor", NotACursor);
        violations.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        _ = await store.FindAsync(tenant, id, context.CancellationToken) ?? throw RunFaults.NotFound(id.ToString());
        await WhileServingAsync(context, async ct =>
        {
            await foreach (var (part, cursor) in runs.FollowAsync(tenant, id, from!.Value, ct))
            {
                part.Cursor = cursor.ToString();
                await responseStream.WriteAsync(part, ct);
            }
        });
    }

    public override async Task StreamSession(StreamSessionRequest request, IServerStreamWriter<StreamPart> responseStream, ServerCallContext context)
    {
        var violations = new Violations();
        var id = Sessions.SessionService.ReadId(request.SessionId, "session_id", violations);
        var from = request.Cursor.Length == 0 ? default(SessionCursor) : SessionCursor.Parse(request.Cursor);
        violations.Check(from is not null, "cursor", NotACursor);
        violations.ThrowIfAny();
        var tenant = context.GetCaller().Tenant;
        _ = await sessions.FindAsync(tenant, id, context.CancellationToken) ?? throw SessionFaults.NotFound(id);
        await WhileServingAsync(context, async ct =>
        {
            await foreach (var part in turns.FollowAsync(tenant, id, from!.Value, request.UntilIdle, ct))
            {
                await responseStream.WriteAsync(part, ct);
            }
        });
    }

    private async Task WhileServingAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await stream(end.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new Fault(StatusCode.Unavailable, "SERVER_STOPPING", "The server is stopping; runs go on.", "Open the stream again with the last cursor.");
        }
    }
}
