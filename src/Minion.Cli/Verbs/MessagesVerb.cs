using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Messages between agents: sending one, and who gets what is sent to a topic.</summary>
internal static class MessagesVerb
{
    private static readonly string[] Headings = ["topic", "subscriber", "starts a run", "input"];

    public static Command Create(Terminal terminal)
    {
        var command = Subscriptions("messages", "Lists who gets what is sent to a topic.", terminal);
        command.Add(Subscriptions("subscriptions", "The same as minion messages.", terminal));
        command.Add(Send(terminal));
        command.Add(Subscribe(terminal));
        command.Add(Unsubscribe(terminal));
        return command;
    }

    private static Command Subscriptions(string name, string description, Terminal terminal)
    {
        var topic = new Option<string?>("--topic") { Description = "Only of this topic.", HelpName = "name" };
        var subscriber = new Option<string?>("--subscriber") { Description = "Only of this subscriber: agent:NAME, run:ID or session:ID.", HelpName = "address" };
        return new Command(name, description) { topic, subscriber }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListSubscriptionsRequest { Topic = invocation.Get(topic) ?? "", Subscriber = invocation.Get(subscriber) ?? "" };
                var found = (await connection.Messages.ListSubscriptionsAsync(request, connection.Call(cancellation))).Subscriptions;
                Paging.Write(
                    invocation,
                    found,
                    Headings,
                    s => [s.Topic, s.Subscriber, s.StartsRun ? "yes" : "", Phrases.Short(s.Input, 60)],
                    "No subscriptions. minion messages subscribe adds one.");
                return ExitCodes.Ok;
            });
    }

    private static Command Send(Terminal terminal)
    {
        var to = new Argument<string>("to") { Description = "agent:NAME, run:ID, session:ID or topic:NAME." };
        var content = new Argument<string>("content") { Description = "What it says: JSON, or any text." };
        var kind = new Option<string>("--kind") { Description = "What it is meant as: inform, request, propose, …", HelpName = "kind", DefaultValueFactory = _ => "inform" };
        kind.AcceptOnlyFromAmong([.. Enum.GetValues<Performative>().Where(p => p != Performative.Unspecified).Select(Phrases.Word)]);
        var from = new Option<string?>("--from") { Description = "The agent in whose name it is sent; without it, yours.", HelpName = "agent" };
        var key = new Option<string?>("--key") { Description = "With a key the command may be repeated: one message is sent.", HelpName = "text" };
        var conversation = new Option<string?>("--conversation") { Description = "The conversation that it belongs to; a new one without.", HelpName = "id" };
        return new Command("send", "Sends a message.") { to, content, kind, from, key, conversation }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new SendRequest
                {
                    To = invocation.Get(to)!,
                    Payload = AsJson(invocation.Get(content)!),
                    Performative = Enum.Parse<Performative>(invocation.Get(kind)!, ignoreCase: true),
                    FromAgent = invocation.Get(from) ?? "",
                    Key = invocation.Get(key) ?? "",
                    ConversationId = invocation.Get(conversation) ?? "",
                };
                var sent = await connection.Messages.SendAsync(request, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(sent);
                }
                else
                {
                    terminal.Out.WriteLine($"{(sent.Existed ? "Sent before" : "Sent")} to {Phrases.Count(sent.Receivers, "receiver")}: message {sent.Message.Id} of conversation {sent.Message.ConversationId}.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Subscribe(Terminal terminal)
    {
        var topic = Topic();
        var subscriber = Subscriber();
        var starts = new Option<bool>("--starts-run") { Description = "Each message starts a run of the agent, with your permissions, instead of waiting in its mailbox." };
        var input = new Option<string?>("--input") { Description = "The run's input; {{message}}, {{payload}}, {{sender}} and others are filled in. Without it {{message}}.", HelpName = "text" };
        return new Command("subscribe", "Lets an agent, run or session have what is sent to a topic.") { topic, subscriber, starts, input }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new SubscribeRequest
                {
                    Topic = invocation.Get(topic)!,
                    Subscriber = invocation.Get(subscriber)!,
                    StartsRun = invocation.Get(starts),
                    Input = invocation.Get(input) ?? "",
                };
                var response = await connection.Messages.SubscribeAsync(request, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine($"{response.Subscription.Subscriber} gets what is sent to topic:{response.Subscription.Topic}{(response.Subscription.StartsRun ? "; each message starts a run" : "")}.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Unsubscribe(Terminal terminal)
    {
        var topic = Topic();
        var subscriber = Subscriber();
        return new Command("unsubscribe", "Ends a subscription; what was delivered before stays.") { topic, subscriber }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new UnsubscribeRequest { Topic = invocation.Get(topic)!, Subscriber = invocation.Get(subscriber)! };
                var response = await connection.Messages.UnsubscribeAsync(request, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine($"{request.Subscriber} gets no more of topic:{request.Topic}.");
                }

                return ExitCodes.Ok;
            });
    }

    private static Argument<string> Topic() => new("topic") { Description = "The topic's name." };

    private static Argument<string> Subscriber() => new("subscriber") { Description = "agent:NAME, run:ID or session:ID." };

    /// <summary>JSON as it is; anything else as a JSON string.</summary>
    private static string AsJson(string content)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(content);
            return content;
        }
        catch (System.Text.Json.JsonException)
        {
            return System.Text.Json.Nodes.JsonValue.Create(content).ToJsonString();
        }
    }
}
