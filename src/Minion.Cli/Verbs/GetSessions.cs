using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class GetSessions
{
    private static readonly string[] Statuses = ["active", "closed", "expired", "archived"];

    public static Command List(Terminal terminal) => Lists(new Command("sessions", "Lists sessions, newest first."), terminal);

    /// <summary>Makes a command list sessions.</summary>
    public static Command Lists(Command command, Terminal terminal)
    {
        var agent = new Option<string?>("--agent") { Description = "Only this agent's.", HelpName = "name" };
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}; all but archived ones unless given.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var limit = Paging.Limit();
        command.Add(agent);
        command.Add(status);
        command.Add(limit);
        return command
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListSessionsRequest { Agent = invocation.Get(agent) ?? "", Status = Status(invocation.Get(status)) };
                var sessions = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Sessions.ListSessionsAsync(request, connection.Call(cancellation));
                    return (page.Sessions, page.NextPageToken);
                });
                var now = invocation.Terminal.Time.GetUtcNow();
                Paging.Write(invocation, sessions, ["session", "agent", "status", "messages", "used", "title"], session => Row(session, now), "No sessions.");
                return ExitCodes.Ok;
            });
    }

    public static Command One(Terminal terminal, string name = "session")
    {
        var id = new Argument<string>("session") { Description = "The session's id." };
        return new Command(name, "Shows a session and its newest messages.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var session = (await connection.Sessions.GetSessionAsync(
                    new GetSessionRequest { Id = invocation.Get(id)! }, connection.Call(cancellation))).Session;
                var messages = (await connection.Sessions.ListMessagesAsync(
                    new ListMessagesRequest { SessionId = session.Id, Limit = 100, Newest = true }, connection.Call(cancellation))).Messages;
                Show(invocation, session, messages);
                return ExitCodes.Ok;
            });
    }

    private static SessionStatus Status(string? word) => word is null ? SessionStatus.Unspecified : Enum.Parse<SessionStatus>(word, ignoreCase: true);

    private static string[] Row(Session session, DateTimeOffset now) =>
    [
        session.Id,
        session.Agent,
        Phrases.Word(session.Status),
        session.MessageCount.ToString(),
        Phrases.Ago(session.UpdatedAt, now),
        Phrases.Short(session.Title, 50),
    ];

    private static void Show(Invocation invocation, Session session, IReadOnlyList<Message> messages)
    {
        var terminal = invocation.Terminal;
        if (invocation.Json)
        {
            var document = JsonOutput.Node(session);
            document["messages"] = JsonOutput.Nodes(messages);
            terminal.Document(document);
            return;
        }

        var now = terminal.Time.GetUtcNow();
        terminal.Properties(
            ("session", session.Id),
            ("agent", session.Agent),
            ("title", session.Title),
            ("status", Phrases.Word(session.Status)),
            ("turns", Phrases.Word(session.Turns)),
            ("under way", session.CurrentRunId.Length == 0 ? "" : session.CurrentRunId + (session.QueuedRuns > 0 ? $", {session.QueuedRuns} waiting" : "")),
            ("summary", session.Summary is { } summary ? $"of the messages {summary.FirstSeq} to {summary.LastSeq}" : ""),
            ("messages", Phrases.Count(session.MessageCount)),
            ("created", Phrases.Ago(session.CreatedAt, now)),
            ("used", Phrases.Ago(session.UpdatedAt, now)),
            ("expires", session.Status == SessionStatus.Active && session.ExpiresAt is { } expires ? $"{expires.ToDateTimeOffset():u}" : ""));
        terminal.Out.WriteLine();
        terminal.Table(
            ["seq", "role", "message"],
            messages.Select(m => new[] { m.Seq.ToString(), Phrases.Word(m.Role), Phrases.Short(m.Content, 400) }),
            "No messages yet.");
    }
}
