using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Work that waits.</summary>
internal static class QueuesVerb
{
    public static Command Create(Terminal terminal)
    {
        var command = List("queues", "Lists queues that have items.", terminal);
        command.Add(List("list", "The same as minion queues.", terminal));
        command.Add(Show(terminal));
        command.Add(Release(terminal));
        return command;
    }

    private static Command List(string name, string description, Terminal terminal) => new Command(name, description)
        .Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var answer = await connection.Coordination.ListQueuesAsync(new ListQueuesRequest(), connection.Call(cancellation));
            var now = terminal.Time.GetUtcNow();
            Paging.Write(
                invocation,
                answer.Queues,
                ["name", "items", "leased", "oldest"],
                q => [q.Name, Phrases.Count(q.Items), Phrases.Count(q.Leased), Phrases.Ago(q.OldestAt, now)],
                "No queues.");
            return ExitCodes.Ok;
        });

    private static Command Show(Terminal terminal)
    {
        var name = new Argument<string>("queue") { Description = "The queue's name." };
        return new Command("show", "Lists the items of a queue, oldest first.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var answer = await connection.Coordination.ListQueueItemsAsync(new ListQueueItemsRequest { Queue = invocation.Get(name)! }, connection.Call(cancellation));
                var now = terminal.Time.GetUtcNow();
                Paging.Write(
                    invocation,
                    answer.Items,
                    ["id", "pushed", "attempt", "holder", "content"],
                    i => [i.Id, Phrases.Ago(i.PushedAt, now), Phrases.Count(i.Attempt), i.Holder, Phrases.Short(i.Payload, 60)],
                    "No items.");
                return ExitCodes.Ok;
            });
    }

    private static Command Release(Terminal terminal)
    {
        var name = new Argument<string>("queue") { Description = "The queue's name." };
        var id = new Argument<string>("id") { Description = "The item's id." };
        return new Command("release", "Takes an item from its holder; it is in its place in the queue again.") { name, id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Coordination.ReturnQueueItemAsync(
                    new ReturnQueueItemRequest { Queue = invocation.Get(name)!, Id = invocation.Get(id)! }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine("Released.");
                }

                return ExitCodes.Ok;
            });
    }
}
