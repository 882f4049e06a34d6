namespace Minion.Orchestration.Runs.Journal;

/// <summary>What was said to one of the things that a call needs.</summary>
/// <param name="Id">The need's id.</param>
internal sealed record GivenInput(string Id)
{
    /// <summary>Whether the call may be made; null when that was not asked.</summary>
    public bool? Approved { get; init; }

    /// <summary>Whether a question was answered, not declined or left; null when it was not asked.</summary>
    public bool? Answered { get; init; }

    /// <summary>Nobody answered in time.</summary>
    public bool Lapsed { get; init; }

    /// <summary>What the person said.</summary>
    public string? Text { get; init; }

    /// <summary>The form as it was filled in: a JSON object.</summary>
    public string? Form { get; init; }

    /// <summary>What the model answered.</summary>
    public ModelHelped? Model { get; init; }
}

/// <summary>What a call needs, and what of it has been said: the fold of its newest <see cref="InputAsked"/> and what followed.</summary>
/// <param name="asked">What it needs.</param>
internal sealed class InputState(InputAsked asked)
{
    private readonly Dictionary<string, GivenInput> _given = new(StringComparer.Ordinal);

    public InputAsked Asked { get; } = asked;

    /// <summary>The first need that nothing has been said to; null when the call can be made again.</summary>
    public NeededInput? Next => Asked.Needs.FirstOrDefault(n => !_given.ContainsKey(n.Id));

    /// <summary>What has been said, in the order of the needs.</summary>
    public IEnumerable<GivenInput> Given => Asked.Needs.Where(n => _given.ContainsKey(n.Id)).Select(n => _given[n.Id]);

    /// <summary>Whether somebody, or time, did not allow the call.</summary>
    public bool IsDenied => _given.Values.Any(g => g.Approved == false);

    public void Give(GivenInput given) => _given.TryAdd(given.Id, given);

    /// <summary>What a person's answer to a need means.</summary>
    public static GivenInput Of(NeededInput need, SignalReceived answer) => need.Approval is not null
        ? new GivenInput(need.Id) { Approved = answer.Choice == ApprovalTerms.Approve, Text = answer.Text }
        : new GivenInput(need.Id) { Answered = answer.Choice is not Decline, Text = answer.Text, Form = answer.Arguments };

    /// <summary>What it means that nobody answered.</summary>
    public static GivenInput Of(NeededInput need, QuestionExpired expired) => need.Approval is not null
        ? new GivenInput(need.Id) { Approved = expired.Outcome == ApprovalTerms.Approve, Lapsed = true }
        : new GivenInput(need.Id) { Answered = false, Lapsed = true };

    /// <summary>The choices of a question with a form or a page.</summary>
    public const string Accept = "accept";
    public const string Decline = "decline";
}
