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
    /// <summary>The run whose journal up to <see cref="FromSeq"/> this one's begins with.</summary>
    public Guid? ForkedFrom { get; init; }

    public long FromSeq { get; init; }

    /// <summary>Whether retention leaves it.</summary>
    public bool Kept { get; init; }
    /// <summary>The run at the top of its tree; its own id when nobody started it.</summary>
    public required Guid RootId { get; init; }

    /// <summary>The run that started it; null for a root.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Levels below the root.</summary>
    public int Depth { get; init; }

    /// <summary>What its parent calls it.</summary>
    public string Label { get; init; } = "";

    /// <summary>When it goes on by itself, while it waits.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether it waits for its turn in its session.</summary>
    public bool IsQueued { get; init; }

    /// <summary>Characters of input and output in a list.</summary>
    private const int MostInList = 1_000;

    /// <summary>As a list shows it, so that a page of runs fits into a message.</summary>
    public RunRecord Shortened() => this with { Input = Shorten(Input), Output = Output is null ? null : Shorten(Output) };

    private static string Shorten(string text)
    {
        var cut = MostInList - (text.Length > MostInList && char.IsHighSurrogate(text[MostInList - 1]) ? 1 : 0);
        return text.Length <= MostInList ? text : string.Concat(text.AsSpan(0, cut), "…");
    }
}
