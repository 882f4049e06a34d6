using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Who holds what.</summary>
internal static class SemaphoresVerb
{
    public static Command Create(Terminal terminal)
    {
        var command = List("semaphores", "Lists semaphores, who holds them, and who waits.", terminal);
        command.Add(List("list", "The same as minion semaphores.", terminal));
        command.Add(Release(terminal));
        return command;
    }

    private static Command List(string name, string description, Terminal terminal) => new Command(name, description)
        .Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var answer = await connection.Coordination.ListSemaphoresAsync(new ListSemaphoresRequest(), connection.Call(cancellation));
            Paging.Write(
                invocation,
                answer.Semaphores,
                ["name", "permits", "holders", "waiting"],
                s => [s.Name, Phrases.Count(s.Permits), string.Join(", ", s.Holders.Select(h => $"{h.Holder} (fence {h.Fence})")), string.Join(", ", s.Waiting.Select(w => w.Holder))],
                "No semaphores.");
            return ExitCodes.Ok;
        });

    private static Command Release(Terminal terminal)
    {
        var name = new Argument<string>("semaphore") { Description = "The semaphore's name." };
        var holder = new Argument<string>("holder") { Description = "Who holds it, or waits for it." };
        return new Command("release", "Takes a permit from its holder; the next in the line has it then.") { name, holder }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Coordination.ReleaseSemaphoreAsync(
                    new ReleaseSemaphoreRequest { Name = invocation.Get(name)!, Holder = invocation.Get(holder)! }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine(response.Released ? "Released." : "There was nothing to release.");
                }

                return ExitCodes.Ok;
            });
    }
}
