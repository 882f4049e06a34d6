namespace Minion.Orchestration.Inbox;

/// <summary>What a run waits for a person to say, as its row tells it.</summary>
internal sealed record InboxItem
{
    public const string Open = "open";
    public const string Answered = "answered";
    public const string Expired = "expired";
    public const string Withdrawn = "withdrawn";

    public required Guid Id { get; init; }

    public required Guid RunId { get; init; }

    /// <summary>Its name within the run.</summary>
    public required string Question { get; init; }

    public required string Agent { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>One of the constants of <see cref="Runs.Journal.QuestionAsked"/>.</summary>
    public required string Kind { get; init; }

    public required int Step { get; init; }

    public required int Call { get; init; }

    public required string Text { get; init; }

    public required IReadOnlyList<string> Choices { get; init; }

    public required string Tool { get; init; }

    public required string Arguments { get; init; }

    public string? Assignee { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public string? OnTimeout { get; init; }

    public string? EscalateTo { get; init; }

    /// <summary>The JSON Schema of the answer; null for none.</summary>
    public string? Form { get; init; }

    /// <summary>A page to open; null for none.</summary>
    public string? Url { get; init; }

    public required string Status { get; init; }

    public string? Choice { get; init; }

    public string? Answer { get; init; }

    /// <summary>The arguments that the call is made with instead, or the form as it was filled in.</summary>
    public string? Edited { get; init; }

    public string? AnsweredBy { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public IReadOnlyList<InboxEvent> History { get; init; } = [];

    /// <summary>As a list shows it, so that a page of items fits into a message.</summary>
    public InboxItem Shortened() => this with
    {
        Text = Shorten(Text),
        Arguments = Shorten(Arguments),
        Answer = Answer is null ? null : Shorten(Answer),
        Edited = Edited is null ? null : Shorten(Edited),
    };

    private static string Shorten(string text)
    {
        const int most = 1_000;
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 1]) ? most - 1 : most), "…");
    }
}

/// <summary>Something that was done to an item before it was answered.</summary>
/// <param name="At">When.</param>
/// <param name="Kind"><see cref="Delegated"/> or <see cref="Escalated"/>.</param>
/// <param name="By">Who; null when time did.</param>
/// <param name="From">Whose it was; null for anybody's.</param>
/// <param name="To">Whose it became.</param>
/// <param name="Reason">Why.</param>
internal sealed record InboxEvent(DateTimeOffset At, string Kind, string? By, string? From, string To, string? Reason)
{
    public const string Delegated = "delegated";
    public const string Escalated = "escalated";
}

/// <summary>Which items to list; an empty text or null holds for all.</summary>
internal sealed record InboxFilter(string Status, string Kind, string Assignee, Guid? RunId, string Agent)
{
    /// <summary>Whether the runs below <see cref="RunId"/> are meant too.</summary>
    public bool Tree { get; init; }
}

/// <summary>What a person says to an item.</summary>
internal sealed record InboxReply(string Choice, string Text, string Arguments);
