namespace Minion.Orchestration.Runs;

/// <summary>A run as its row tells it.</summary>
internal sealed record RunRecord(
    Guid Id,
    string Agent,
    int AgentVersion,
    string Behaviour,
    Guid? SessionId,
    string? RequestId,
    string Status,
    int Priority,
    string Input,
    string? Output,
    StoredError? Error,
    Journal.Usage Usage,
    long NextSeq,
    IReadOnlyList<StoredQuestion> Questions,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset Deadline)
{
    public bool HasEnded => Status is "completed" or "failed" or "cancelled";
}
