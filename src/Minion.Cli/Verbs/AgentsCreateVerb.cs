using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsCreateVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var instructions = new Option<string?>("--instructions", "-i") { Description = "The system prompt.", HelpName = "text" };
        var description = new Option<string?>("--description") { Description = "For people.", HelpName = "text" };
        var model = new Option<string?>("--model") { Description = "The name of a model; default unless said otherwise.", HelpName = "name" };
        var behaviour = new Option<string?>("--behaviour") { Description = "How it works; react unless said otherwise.", HelpName = "name" };
        var tools = new Option<string[]>("--tool") { Description = "A tool that it may call. May be given several times.", HelpName = "name" };
        var capabilities = new Option<string[]>("--capability") { Description = "What it is good at. May be given several times.", HelpName = "word" };
        var permissions = new Option<string[]>("--permission") { Description = "What its tools may do. May be given several times.", HelpName = "name" };
        var draft = new Option<bool>("--draft") { Description = "It starts no runs before it is activated." };
        return new Command("create", "Makes an agent; cluster files can say more (minion apply).")
        {
            name, instructions, description, model, behaviour, tools, capabilities, permissions, draft,
        }.Does(terminal, async (invocation, cancellation) =>
        {
            var request = new CreateAgentRequest
            {
                Status = invocation.Get(draft) ? AgentStatus.Draft : AgentStatus.Active,
                Definition = new AgentDefinition
                {
                    Name = invocation.Get(name)!,
                    Instructions = invocation.Get(instructions) ?? "",
                    Description = invocation.Get(description) ?? "",
                    Model = invocation.Get(model) ?? "",
                    Behaviour = invocation.Get(behaviour) ?? "",
                    Tools = { invocation.Get(tools) ?? [] },
                    Capabilities = { invocation.Get(capabilities) ?? [] },
                    Permissions = { invocation.Get(permissions) ?? [] },
                },
            };
            using var connection = invocation.Connect();
            var agent = (await connection.Agents.CreateAgentAsync(request, connection.Call(cancellation))).Agent;
            return AgentsVerb.Changed(invocation, agent, $"created ({Phrases.Word(agent.Status)})");
        });
    }
}
