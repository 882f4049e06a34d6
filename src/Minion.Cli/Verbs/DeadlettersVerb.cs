using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Messages that could not be delivered.</summary>
internal static class DeadlettersVerb
{
    private static readonly string[] Headings = ["id", "from", "receiver", "kind", "reason", "attempts", "dead since", "content"];

    public static Command Create(Terminal terminal)
    {
        var command = List("deadletters", "Lists messages that could not be delivered, newest first.", terminal);
        command.Add(List("list", "The same as minion deadletters.", terminal));
        command.Add(Show(terminal));
        command.Add(Replay(terminal));
        command.Add(Delete(terminal));
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The dead letter's id; minion deadletters list shows it." };

    private static Command List(string name, string description, Terminal terminal)
    {
        var receiver = new Option<string?>("--receiver") { Description = "Only of this receiver: agent:NAME, run:ID, session:ID, topic:NAME.", HelpName = "address" };
        var limit = Paging.Limit();
        return new Command(name, description) { receiver, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListDeadLettersRequest { Receiver = invocation.Get(receiver) ?? "" };
                var letters = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Messages.ListDeadLettersAsync(request, connection.Call(cancellation));
                    return (page.DeadLetters, page.NextPageToken);
                });
                var now = terminal.Time.GetUtcNow();
                Paging.Write(
                    invocation,
                    letters,
                    Headings,
                    d => [d.Id, d.Message.Sender, d.Receiver, Phrases.Word(d.Message.Performative), d.Reason, Phrases.Count(d.Attempts), Phrases.Ago(d.DeadAt, now), Phrases.Short(d.Message.Payload, 60)],
                    "No dead letters.");
                return ExitCodes.Ok;
            });
    }

    private static Command Show(Terminal terminal)
    {
        var id = Id();
        return new Command("show", "Shows a dead letter in full.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var letter = (await connection.Messages.GetDeadLetterAsync(new GetDeadLetterRequest { Id = invocation.Get(id)! }, connection.Call(cancellation))).DeadLetter;
                if (invocation.Json)
                {
                    terminal.Document(letter);
                    return ExitCodes.Ok;
                }

                var message = letter.Message;
                terminal.Properties(
                    ("id", letter.Id),
                    ("message", message.Id),
                    ("from", message.Sender),
                    ("to", message.To),
                    ("receiver", letter.Receiver),
                    ("kind", Phrases.Word(message.Performative)),
                    ("conversation", message.ConversationId),
                    ("in reply to", message.InReplyTo),
                    ("reason", letter.Reason),
                    ("detail", letter.Detail),
                    ("attempts", Phrases.Count(letter.Attempts)),
                    ("dead since", Phrases.Ago(letter.DeadAt, terminal.Time.GetUtcNow())),
                    ("content", message.Payload));
                return ExitCodes.Ok;
            });
    }

    private static Command Replay(Terminal terminal)
    {
        var id = Id();
        return new Command("replay", "Delivers a dead letter anew.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Messages.ReplayDeadLetterAsync(new ReplayDeadLetterRequest { Id = invocation.Get(id)! }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine($"Replayed to {Phrases.Count(response.Receivers, "receiver")}.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Delete(Terminal terminal)
    {
        var id = Id();
        return new Command("delete", "Deletes a dead letter.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Messages.DeleteDeadLetterAsync(new DeleteDeadLetterRequest { Id = invocation.Get(id)! }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine("Deleted.");
                }

                return ExitCodes.Ok;
            });
    }
}
