using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>What stands for older messages in prompts.</summary>
internal static class SessionSummaryVerbs
{
    public static Command List(Terminal terminal)
    {
        var id = SessionsVerb.Session();
        var limit = Paging.Limit();
        return new Command("summaries", "Lists the summaries of a session, newest first.") { id, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListSummariesRequest { SessionId = invocation.Get(id)! };
                var summaries = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Sessions.ListSummariesAsync(request, connection.Call(cancellation));
                    return (page.Summaries, page.NextPageToken);
                });
                Paging.Write(invocation, summaries, ["id", "messages", "run", "", "summary"], Row, "No summaries.");
                return ExitCodes.Ok;
            });
    }

    public static Command Undo(Terminal terminal)
    {
        var id = SessionsVerb.Session();
        return new Command("undo-summary", "Back to the full messages, for as long as the model's window holds them.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var undone = await connection.Sessions.UndoSummaryAsync(
                    new UndoSummaryRequest { SessionId = invocation.Get(id)! }, connection.Call(cancellation));
                invocation.Done(
                    undone,
                    undone.Summary is { } summary ? $"Undone: the messages {summary.FirstSeq} to {summary.LastSeq} are given in full again." : "There was no summary in use.");
                return ExitCodes.Ok;
            });
    }

    private static string[] Row(Summary summary) =>
    [
        summary.Id.ToString(),
        $"{summary.FirstSeq} to {summary.LastSeq}",
        summary.RunId,
        summary.UndoneAt is null ? "" : "undone",
        Phrases.Short(summary.Content, 200),
    ];
}
