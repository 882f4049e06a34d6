using System.Text;
using System.Text.Json;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Orchestration.V1;
using Minion.Edge.Agents;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Tool = ModelContextProtocol.Protocol.Tool;

namespace Minion.Edge.Mcp.Agents;

/// <summary>
/// The agents as a tool: a call is a durable run, whose progress is told while it goes on. A client that gives the call up cancels the run,
/// unless it gave a request_id: then it can ask again and gets the run's answer.
/// </summary>
internal sealed class RunAgentTool(AgentService.AgentServiceClient agents, AgentRuns runs, CallerSigner signer, TimeProvider time)
{
    public const string Name = "run_agent";

    private const int MostNamed = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly JsonElement InputSchema = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "agent": { "type": "string", "description": "The agent's name." },
            "input": { "type": "string", "minLength": 1, "description": "What it is to do, in plain words." },
            "session_id": { "type": "string", "description": "The session that this is a turn of; leave out for a run on its own." },
            "request_id": { "type": "string", "maxLength": 200, "description": "Makes the call repeatable: the same id means the same run." }
          },
          "required": ["agent", "input"],
          "additionalProperties": false
        }
        """);

    private static readonly JsonElement OutputSchema = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "run_id": { "type": "string" },
            "status": { "type": "string", "enum": ["completed", "waiting"] },
            "output": { "type": "string" },
            "input_tokens": { "type": "integer" },
            "output_tokens": { "type": "integer" },
            "cost_usd": { "type": "number" }
          },
          "required": ["run_id", "status", "output"]
        }
        """);

    public async Task<Tool> DescribeAsync(Caller caller, CancellationToken cancellationToken) => new()
    {
        Name = Name,
        Description = await DescriptionAsync(caller, cancellationToken),
        InputSchema = InputSchema,
        OutputSchema = OutputSchema,
        Annotations = new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = false, OpenWorldHint = true },
    };

    public async Task<CallToolResult> RunAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var caller = McpCaller.Of(request);
        if (RunAgentArguments.Read(request.Params!.Arguments, out var start) is { Count: > 0 } wrong)
        {
            return McpFailures.Result($"The arguments are wrong: {string.Join(" ", wrong)}");
        }

        // Not given up with the request: a run that was accepted unheard could not be cancelled.
        var run = await runs.StartAsync(caller, start, CancellationToken.None);
        var progress = new RunProgress(request, time);
        var told = new RunTold(run.Id);
        try
        {
            await foreach (var part in runs.WatchAsync(caller, run.Id, entriesOnly: false, cancellationToken))
            {
                if (part is null)
                {
                    continue;
                }

                await progress.TellAsync(part, cancellationToken);
                told.Take(part);
                if (told.MayStand && part.Entry is not null)
                {
                    told.Stands = await runs.StandsAsync(caller, run.Id, cancellationToken);
                }

                if (told.Result() is { } result)
                {
                    return result;
                }
            }
        }
        finally
        {
            if (!told.IsOver && start.RequestId.Length == 0)
            {
                await runs.GiveUpAsync(caller, run.Id);
            }
        }

        return McpFailures.Result($"The run {run.Id} cannot be followed any more; read minion://runs/{run.Id}.");
    }

    private async Task<string> DescriptionAsync(Caller caller, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("Lets an agent of this server do something and gives its answer.");
        try
        {
            var request = new ListAgentsRequest { Status = AgentStatus.Active, PageSize = MostNamed };
            var page = await agents.ListAgentsAsync(
                request, new CallOptions(signer.Headers(caller, "orchestration"), (time.GetUtcNow() + Patience).UtcDateTime, cancellationToken));
            text.Append(page.Agents.Count == 0 ? " There is no agent now." : " The agents:");
            foreach (var agent in page.Agents)
            {
                text.Append("\n- ").Append(agent.Definition.Name);
                if (agent.Definition.Description.Length > 0)
                {
                    text.Append(": ").Append(agent.Definition.Description.ReplaceLineEndings(" "));
                }
            }

            if (page.NextPageToken.Length > 0)
            {
                text.Append("\nMore of them: the resource minion://agents.");
            }
        }
        catch (RpcException failure)
        {
            throw McpFailures.Error(failure);
        }

        return text.ToString();
    }
}
