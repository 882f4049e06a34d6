using System.CommandLine;
using Minion.Cli.Inbox;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>What runs wait for people to say.</summary>
internal static class InboxVerb
{
    private static readonly string[] Kinds = [.. Enum.GetValues<InboxKind>().Where(k => k != InboxKind.Unspecified).Select(Phrases.Word)];
    private static readonly string[] Statuses = [.. Enum.GetValues<InboxStatus>().Where(s => s != InboxStatus.Unspecified).Select(Phrases.Word)];

    public static Command Create(Terminal terminal)
    {
        var command = List("inbox", "Lists what runs wait for people to say, oldest first; show, answer and delegate take an id from it.", terminal);
        command.Add(List("list", "The same as minion inbox.", terminal));
        command.Add(InboxShowVerb.Create(terminal));
        command.Add(InboxAnswerVerb.Create(terminal));
        command.Add(InboxDelegateVerb.Create(terminal));
        return command;
    }

    private static Command List(string name, string description, Terminal terminal)
    {
        var mine = new Option<bool>("--mine") { Description = "Only what is assigned to you." };
        var assignee = new Option<string?>("--assignee") { Description = "Only what is assigned to this person or group.", HelpName = "name" };
        var kind = new Option<string?>("--kind") { Description = $"Only {string.Join(", ", Kinds)}.", HelpName = "kind" };
        kind.AcceptOnlyFromAmong(Kinds);
        var status = new Option<string?>("--status") { Description = $"Those that are {string.Join(", ", Statuses)}; open unless given.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var run = new Option<string?>("--run") { Description = "Only what this run asks.", HelpName = "id" };
        var agent = new Option<string?>("--agent") { Description = "Only what this agent asks.", HelpName = "name" };
        var limit = Paging.Limit();
        return new Command(name, description) { mine, assignee, kind, status, run, agent, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                var request = new ListItemsRequest
                {
                    Mine = invocation.Get(mine),
                    Assignee = invocation.Get(assignee) ?? "",
                    Kind = invocation.Get(kind) is { } k ? Enum.Parse<InboxKind>(k, ignoreCase: true) : InboxKind.Unspecified,
                    Status = invocation.Get(status) is { } s ? Enum.Parse<InboxStatus>(s, ignoreCase: true) : InboxStatus.Unspecified,
                    RunId = invocation.Get(run) ?? "",
                    Agent = invocation.Get(agent) ?? "",
                };
                using var connection = invocation.Connect();
                var items = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Inbox.ListItemsAsync(request, connection.Call(cancellation));
                    return (page.Items, page.NextPageToken);
                });
                var now = invocation.Terminal.Time.GetUtcNow();
                var isOpen = request.Status is InboxStatus.Unspecified or InboxStatus.Open;
                string[] headings = isOpen ? InboxOutput.Headings : [.. InboxOutput.Headings[..^1], "answer"];
                Paging.Write(invocation, items, headings, item => InboxOutput.Row(item, now), isOpen ? "Nothing waits for an answer." : "No items.");
                return ExitCodes.Ok;
            });
    }
}
