using Grpc.Core;
using Minion.Contracts.Tools.V1;

namespace Minion.Bench.Echo;

/// <summary>
/// A tool service whose one tool changes something and never says whether it did: a run that calls it asks a person, and waits.
/// </summary>
internal sealed class UndecidedTools : ToolService.ToolServiceBase
{
    public const string ToolName = "post_letter";

    private const string Schema = """{"type":"object"}""";

    private static readonly Tool Letter = new()
    {
        Name = ToolName,
        Version = "1",
        Description = "Posts a letter.",
        InputSchema = Schema,
        OutputSchema = Schema,
        Effect = Effect.SideEffect,
        Category = "bench",
        Status = ToolStatus.Approved,
        TimeoutMs = 1_000,
    };

    private static readonly Failure Unknown = new() { Kind = Failure.Types.Kind.Failed, Message = "Nobody knows whether it was posted.", Undecided = true };

    public override Task<ListToolsResponse> ListTools(ListToolsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListToolsResponse { Tools = { Letter } });

    public override Task<GetToolResponse> GetTool(GetToolRequest request, ServerCallContext context) =>
        Task.FromResult(new GetToolResponse { Tool = Letter });

    public override Task<CallToolResponse> CallTool(CallToolRequest request, ServerCallContext context) =>
        Task.FromResult(new CallToolResponse { Failure = Unknown, Attempts = 1 });

    public override Task StreamToolCall(CallToolRequest request, IServerStreamWriter<StreamToolCallResponse> responseStream, ServerCallContext context) =>
        responseStream.WriteAsync(new StreamToolCallResponse { Response = new CallToolResponse { Failure = Unknown, Attempts = 1 } }, context.CancellationToken);
}
