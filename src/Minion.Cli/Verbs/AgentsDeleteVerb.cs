using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsDeleteVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        return new Command("delete", "Removes an agent, so that its name is free; its runs stay.") { name }.Does(terminal, async (invocation, cancellation) =>
        {
            using var connection = invocation.Connect();
            var answer = await connection.Agents.DeleteAgentAsync(new DeleteAgentRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(answer);
            }
            else
            {
                terminal.Out.WriteLine($"agent {invocation.Get(name)} removed");
            }

            return ExitCodes.Ok;
        });
    }
}
