using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions;

/// <summary>What stands for messages of a session in prompts.</summary>
internal sealed record SummaryRecord(
    int Id,
    long FirstSeq,
    long LastSeq,
    string Content,
    Guid RunId,
    int Step,
    DateTimeOffset CreatedAt,
    DateTimeOffset? UndoneAt,
    string? UndoneBy)
{
    public Summary ToProto() => new()
    {
        Id = Id,
        FirstSeq = FirstSeq,
        LastSeq = LastSeq,
        Content = Content,
        RunId = RunId.ToString(),
        Step = Step,
        CreatedAt = Timestamp.FromDateTimeOffset(CreatedAt),
        UndoneAt = UndoneAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        UndoneBy = UndoneBy ?? "",
    };
}
