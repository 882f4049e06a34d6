using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;
using Minion.ServiceDefaults.Callers;

namespace Minion.Orchestration.Runs.History;

/// <summary>What can be done with recorded runs, over gRPC.</summary>
internal sealed class HistoryService(Forker forker, RecordedRuns recorded, RecordedContexts contexts, BehaviourRegistry behaviours, RunStore runs)
    : Contracts.Orchestration.V1.HistoryService.HistoryServiceBase
{
    private const int PieceBytes = 64 * 1024;

    public override async Task<ForkRunResponse> ForkRun(ForkRunRequest request, ServerCallContext context)
    {
        HistoryRequests.Check(request);
        var (run, existed) = await forker.ForkAsync(context.GetCaller(), request, context.CancellationToken);
        return new ForkRunResponse { Run = run.ToProto(), Existed = existed };
    }

    public override async Task<ReplayRunResponse> ReplayRun(ReplayRunRequest request, ServerCallContext context)
    {
        var (tenant, ct) = (context.GetCaller().Tenant, context.CancellationToken);
        var run = await RecordedAsync(RunRequests.RunId(request.RunId, "run_id"), context);
        var entries = await recorded.EntriesAsync(tenant, run.Id, withTexts: true, ct);
        var (hash, whyNot) = await contexts.ForAsync(tenant, run, entries, ct);
        var result = Replay.Of(run, BehaviourOf(run), entries, hash);
        return new ReplayRunResponse
        {
            Same = result.Divergence is null,
            Divergence = result.Divergence is { } divergence
                ? new Divergence { Seq = divergence.Seq, Step = divergence.Step, Recorded = divergence.Recorded, Now = divergence.Now }
                : null,
            Entries = result.Entries,
            Prompts = result.Prompts,
            PromptsUnknown = whyNot,
        };
    }

    public override async Task<DiffRunsResponse> DiffRuns(DiffRunsRequest request, ServerCallContext context)
    {
        var (id, otherId) = HistoryRequests.Check(request);
        var (tenant, ct) = (context.GetCaller().Tenant, context.CancellationToken);
        var run = await FindAsync(id, context);
        var other = await FindAsync(otherId, context);
        var entries = JournalDifference.InOrder(await recorded.EntriesAsync(tenant, id, withTexts: false, ct));
        var others = JournalDifference.InOrder(await recorded.EntriesAsync(tenant, otherId, withTexts: false, ct));
        var common = JournalDifference.Common(entries, others);
        return new DiffRunsResponse
        {
            Run = run.ToProto(),
            Other = other.ToProto(),
            SameEntries = common,
            First = common < entries.Count ? entries[common].ToProto() : null,
            OtherFirst = common < others.Count ? others[common].ToProto() : null,
            Steps = Steps(entries),
            OtherSteps = Steps(others),
        };
    }

    public override async Task<GetRunAtResponse> GetRunAt(GetRunAtRequest request, ServerCallContext context)
    {
        var id = HistoryRequests.Check(request);
        var whole = await FindAsync(id, context);
        var run = await RecordedAsync(id, context);
        var entries = await recorded.EntriesAsync(context.GetCaller().Tenant, id, withTexts: true, context.CancellationToken);
        var seq = HistoryRequests.Seq(request.At, entries);
        var state = run.Fold(entries.TakeWhile(e => e.Seq <= seq));
        var response = new GetRunAtResponse
        {
            Run = whole.ToProto(),
            LastSeq = state.LastSeq,
            Step = state.Step,
            Usage = state.Usage.ToProto(),
            Ended = RunMapping.Parse(state.End == RunEnd.None ? "" : state.End.ToString().ToLowerInvariant()),
            Next = state.End == RunEnd.None ? Decisions.Describe(Rules.Next(BehaviourOf(run), state)) : "",
        };
        response.OpenCalls.AddRange(state.OpenCalls.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Step}.{c.Request.Call} {c.Request.Tool}")));
        response.OpenChildren.AddRange(state.Children.Where(c => c.Ended is null).Select(c => $"{c.Started.Label} ({c.Started.Agent})"));
        return response;
    }

    public override async Task<KeepRunResponse> KeepRun(KeepRunRequest request, ServerCallContext context)
    {
        var id = RunRequests.RunId(request.RunId, "run_id");
        return await recorded.KeepAsync(context.GetCaller().Tenant, id, !request.Release, context.CancellationToken)
            ? new KeepRunResponse { Run = (await FindAsync(id, context)).ToProto() }
            : throw RunFaults.NotFound(request.RunId);
    }

    public override async Task ReadText(ReadTextRequest request, IServerStreamWriter<ReadTextResponse> responseStream, ServerCallContext context)
    {
        var (run, hash) = HistoryRequests.Check(request);
        await FindAsync(run, context);
        var content = await recorded.TextAsync(context.GetCaller().Tenant, run, hash, context.CancellationToken) ?? throw HistoryFaults.UnknownText(request.Hash);
        await using var text = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        var piece = new byte[PieceBytes];
        int read;
        while ((read = await text.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, context.CancellationToken)) > 0)
        {
            await responseStream.WriteAsync(new ReadTextResponse { Piece = ByteString.CopyFrom(piece, 0, read) }, context.CancellationToken);
        }
    }

    private static int Steps(IReadOnlyList<Journal.Entry> entries) => entries.Count == 0 ? 0 : entries.Max(e => e.Step);

    private IBehaviour BehaviourOf(RecordedRun run) =>
        behaviours.Exact(run.Behaviour) ?? throw RunFaults.UnknownBehaviour(run.Agent, run.Behaviour, behaviours.Names);

    private async Task<RecordedRun> RecordedAsync(Guid id, ServerCallContext context) =>
        await recorded.FindAsync(context.GetCaller().Tenant, id, context.CancellationToken) ?? throw RunFaults.NotFound(id.ToString());

    private async Task<RunRecord> FindAsync(Guid id, ServerCallContext context) =>
        await runs.FindAsync(context.GetCaller().Tenant, id, context.CancellationToken) ?? throw RunFaults.NotFound(id.ToString());
}
