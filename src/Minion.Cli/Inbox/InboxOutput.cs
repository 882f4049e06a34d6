using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Inbox;

/// <summary>Items as people see them.</summary>
internal static class InboxOutput
{
    public static string[] Headings { get; } = ["id", "kind", "agent", "what", "for", "waited", "due"];

    public static string[] Row(InboxItem item, DateTimeOffset now) =>
    [
        InboxItems.Short(item.Id),
        Phrases.Word(item.Kind),
        item.Agent,
        Phrases.Short(What(item), 70),
        item.Assignee,
        item.AskedAt is { } asked ? Phrases.For((item.Answer?.At?.ToDateTimeOffset() ?? now) - asked.ToDateTimeOffset()) : "",
        item.Status == InboxStatus.Open ? Due(item, now) : item.Answer?.Choice ?? "",
    ];

    public static void Show(Terminal terminal, InboxItem item)
    {
        var now = terminal.Time.GetUtcNow();
        terminal.Properties(
            ("item", item.Id),
            ("kind", Phrases.Word(item.Kind)),
            ("status", Phrases.Word(item.Status)),
            ("agent", item.Agent),
            ("run", $"{item.RunId} (step {item.Step}), started by {item.RequestedBy}"),
            ("asked", Phrases.Ago(item.AskedAt, now)),
            ("for", item.Assignee.Length > 0 ? item.Assignee : "anybody"),
            ("due", item.DueAt is null || item.Status != InboxStatus.Open ? "" : $"{Due(item, now)}, then {Then(item)}"),
            ("asks", item.Text),
            ("tool", item.Kind == InboxKind.Question ? "" : item.Tool),
            ("arguments", item.Kind == InboxKind.Question ? "" : item.Arguments),
            ("open", item.Url),
            ("form", item.Form.Length > 0 ? FormPrompt.Template(item.Form) : ""),
            ("choices", string.Join(", ", item.Choices)),
            ("answer", Answer(item.Answer, now)),
            ("edited", item.Answer?.Arguments ?? ""));
        foreach (var happened in item.History)
        {
            var by = happened.Principal.Length > 0 ? $" by {happened.Principal}" : "";
            var from = happened.From.Length > 0 ? $" from {happened.From}" : "";
            var why = happened.Reason.Length > 0 ? $": {happened.Reason}" : "";
            terminal.Out.WriteLine(Phrases.Printable($"{happened.Kind} {Phrases.Ago(happened.At, now)}{by}{from} to {happened.To}{why}"));
        }

        if (item.Status == InboxStatus.Open)
        {
            terminal.Out.WriteLine(HowTo(item.Id, item.Choices, item.Kind == InboxKind.Approval, item.Form));
        }
    }

    /// <summary>The command that answers.</summary>
    public static string HowTo(string id, IReadOnlyCollection<string> choices, bool mayEdit, string form = "")
    {
        if (form.Length > 0)
        {
            return $"  minion inbox answer {InboxItems.Short(id)} accept --arguments '{FormPrompt.Template(form)}' (or --field name=value for each), or decline";
        }

        var choice = choices.Count > 0 ? $"{string.Join('|', choices)} [--text \"…\"]" : "\"…\"";
        return $"  minion inbox answer {InboxItems.Short(id)} {choice}{(mayEdit ? " [--arguments '{…}']" : "")}";
    }

    private static string What(InboxItem item) => item.Kind == InboxKind.Question ? item.Text : $"{item.Tool} {item.Arguments}";

    private static string Then(InboxItem item) =>
        item.OnTimeout == "escalate" && item.History.All(h => h.Kind != "escalated") ? $"escalate to {item.EscalateTo}" : item.OnTimeout == "approve" ? "approve" : "deny";

    private static string Due(InboxItem item, DateTimeOffset now) => item.DueAt?.ToDateTimeOffset() switch
    {
        null => "",
        { } due when due <= now => "over",
        { } due => "in " + Phrases.For(due - now),
    };

    private static string Answer(InboxAnswer? answer, DateTimeOffset now)
    {
        if (answer is null)
        {
            return "";
        }

        var said = string.Join(": ", new[] { answer.Choice, answer.Text }.Where(t => t.Length > 0));
        return $"{said} ({(answer.Principal.Length > 0 ? answer.Principal : "nobody in time")}, {Phrases.Ago(answer.At, now)})";
    }
}
