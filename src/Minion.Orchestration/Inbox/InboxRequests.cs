using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Inbox;

/// <summary>Checks requests to the inbox; all bad fields are named at once.</summary>
internal static class InboxRequests
{
    public const int LongestText = 10_000;
    public const int LongestArguments = 100_000;
    public const int LongestReason = 1_000;
    private const int DeepestArguments = 64;

    public static Guid Id(string id, Violations v)
    {
        v.Check(Guid.TryParse(id, out var item), "id", id.Length == 0 ? "is missing: give the item's id." : "is not an item's id (a UUID).");
        return item;
    }

    public static Guid Check(DelegateItemRequest request)
    {
        var v = new Violations();
        var id = Id(request.Id, v);
        v.Check(ApprovalRules.IsAssignee(request.To), "to", ApprovalRules.AssigneeForm + ".");
        v.Check(request.Reason.Length <= LongestReason, "reason", $"has {request.Reason.Length} characters; at most {LongestReason} are allowed.");
        v.ThrowIfAny();
        return id;
    }

    public static Guid Check(AnswerItemRequest request)
    {
        var v = new Violations();
        var id = Id(request.Id, v);
        CheckLengths(request.Text, request.Arguments, v);
        v.ThrowIfAny();
        return id;
    }

    public static void CheckLengths(string text, string arguments, Violations v)
    {
        v.Check(text.Length <= LongestText, "text", $"has {text.Length} characters; at most {LongestText} are allowed.");
        v.Check(arguments.Length <= LongestArguments, "arguments", $"has {arguments.Length} characters; at most {LongestArguments} are allowed.");
    }

    /// <summary>Whether the item can be answered so.</summary>
    public static void Check(InboxItem item, InboxReply reply)
    {
        var v = new Violations();
        if (item.Choices.Count > 0)
        {
            v.Check(
                item.Choices.Contains(reply.Choice), "choice",
                reply.Choice.Length == 0 ? $"is missing: give one of {string.Join(", ", item.Choices)}." : $"must be one of {string.Join(", ", item.Choices)}, not '{Yaml.Quoted.Cut(reply.Choice, 80)}'.");
        }
        else
        {
            v.Check(reply.Choice.Length == 0, "choice", "must be empty: this question has no choices; give the answer as text.");
            v.Check(!string.IsNullOrWhiteSpace(reply.Text), "text", "is missing: this question has no choices, so the text is the answer.");
        }

        if (item.Form is { } form && reply.Choice == InputState.Accept)
        {
            FormFields.Check(form, reply.Arguments, "arguments", v);
        }
        else if (reply.Arguments.Length > 0)
        {
            v.Check(
                item.Kind == QuestionAsked.Approval && reply.Choice == ApprovalTerms.Approve, "arguments", "can only be given when a call is approved, or a form filled in.");
            if (StoredJson.ProblemOfArguments(reply.Arguments, DeepestArguments) is { } problem)
            {
                v.Add("arguments", $"must be a JSON object such as {{\"text\":\"…\"}}: this {problem}");
            }
        }

        v.ThrowIfAny();
    }
}
