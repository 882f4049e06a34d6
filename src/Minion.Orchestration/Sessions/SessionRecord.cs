using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions;

/// <summary>A session as it is stored. <see cref="Status"/> is already expired when its time is over, also before the sweep has been there.</summary>
internal sealed record SessionRecord(
    Guid Id,
    string Agent,
    string Title,
    SessionStatus Status,
    long NextSeq,
    DateTimeOffset? ExpiresAt,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    TurnPolicy Turns,
    Guid? CurrentRun,
    int QueuedRuns)
{
    public Session ToSession() => new()
    {
        Id = Id.ToString(),
        Agent = Agent,
        Title = Title,
        Status = Status,
        MessageCount = NextSeq - 1,
        CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
        UpdatedAt = Timestamp.FromDateTimeOffset(UpdatedAt),
        ExpiresAt = ExpiresAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        Metadata = { Metadata.ToDictionary() },
        Turns = Turns,
        CurrentRunId = CurrentRun?.ToString() ?? "",
        QueuedRuns = QueuedRuns,
    };
}
