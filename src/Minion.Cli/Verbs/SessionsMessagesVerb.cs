using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>The messages of a session, oldest first, from a number on.</summary>
internal static class SessionsMessagesVerb
{
    private const int LargestPage = 1000;

    public static Command Create(Terminal terminal)
    {
        var id = SessionsVerb.Session();
        var after = new Option<long>("--after") { Description = "From after this number.", HelpName = "seq" };
        var limit = Paging.Limit();
        return new Command("messages", "Lists the messages of a session, oldest first.") { id, after, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var most = invocation.Get(limit);
                var request = new ListMessagesRequest { SessionId = invocation.Get(id)!, AfterSeq = invocation.Get(after) };
                var messages = new List<Message>();
                bool hasMore;
                do
                {
                    request.Limit = Math.Clamp(most - messages.Count, 1, LargestPage);
                    var page = await connection.Sessions.ListMessagesAsync(request, connection.Call(cancellation));
                    messages.AddRange(page.Messages);
                    (hasMore, request.AfterSeq) = (page.HasMore, messages.Count > 0 ? messages[^1].Seq : request.AfterSeq);
                }
                while (hasMore && messages.Count < most);

                Paging.Write(invocation, messages, ["seq", "role", "tokens", "", "message"], Row, "No messages.");
                return ExitCodes.Ok;
            });
    }

    public static string[] Row(Message message) =>
    [
        message.Seq.ToString(),
        Phrases.Word(message.Role),
        Phrases.Count(message.Tokens),
        (message.Pinned ? "pinned " : "") + (message.Interrupted ? "interrupted" : ""),
        Phrases.Short(message.Content, 400),
    ];
}
