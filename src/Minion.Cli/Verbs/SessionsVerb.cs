using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Sessions: what was said, and what is done with them.</summary>
internal static class SessionsVerb
{
    public static Command Create(Terminal terminal)
    {
        var verb = new Command("sessions", "Lists sessions, newest first, shows them, ends them, and what they carry.")
        {
            List(terminal),
            GetSessions.One(terminal, "show"),
            SessionsMessagesVerb.Create(terminal),
            Change(terminal, "close", "Ends a session: it takes no further message or run.", async (connection, id, call) =>
                (await connection.Sessions.CloseSessionAsync(new CloseSessionRequest { Id = id }, call)).Session),
            Change(terminal, "archive", "Ends a session and leaves it out of lists.", async (connection, id, call) =>
                (await connection.Sessions.ArchiveSessionAsync(new ArchiveSessionRequest { Id = id }, call)).Session),
            Delete(terminal),
            SessionPinVerbs.Pin(terminal),
            SessionPinVerbs.Unpin(terminal),
            SessionSummaryVerbs.List(terminal),
            SessionSummaryVerbs.Undo(terminal),
            SessionsWorkspaceVerb.Create(terminal),
        };
        return GetSessions.Lists(verb, terminal);
    }

    public static Argument<string> Session() => new("session") { Description = "The session's id." };

    private static Command List(Terminal terminal) => GetSessions.Lists(new Command("list", "Lists sessions, newest first."), terminal);

    private static Command Change(
        Terminal terminal, string name, string description, Func<Connections.Connection, string, Grpc.Core.CallOptions, Task<Session>> change)
    {
        var id = Session();
        return new Command(name, description) { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var session = await change(connection, invocation.Get(id)!, connection.Call(cancellation));
                invocation.Done(session, $"Session {session.Id} is {Phrases.Word(session.Status)}.");
                return ExitCodes.Ok;
            });
    }

    private static Command Delete(Terminal terminal)
    {
        var id = Session();
        return new Command("delete", "Deletes a session with everything that came of it: messages, workspace, summaries, and its runs with their journals.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var deleted = await connection.Sessions.DeleteSessionAsync(
                    new DeleteSessionRequest { Id = invocation.Get(id)! }, connection.Call(cancellation));
                invocation.Done(deleted, "Deleted.");
                return ExitCodes.Ok;
            });
    }
}
