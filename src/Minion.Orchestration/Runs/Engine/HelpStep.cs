using System.Globalization;
using Microsoft.Extensions.AI;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Has the agent's model answer what a call needs: without tools, and without anything of the run.</summary>
internal sealed class HelpStep(ModelGateway gateway, ModelStore models, TimeProvider time)
{
    public async Task<Entry> AnswerAsync(HeldRun held, RunContext context, CallState call, CancellationToken ct)
    {
        var need = call.Needs!;
        var wanted = need.Model!;
        var run = held.Run;
        var messages = Messages(wanted);
        var options = new ChatOptions
        {
            Temperature = (float?)wanted.Temperature,
            MaxOutputTokens = Most(wanted.MaxTokens, context.Agent.Definition.HasMaxOutputTokens ? context.Agent.Definition.MaxOutputTokens : null),
            StopSequences = wanted.Stop is null ? null : [.. wanted.Stop],
        };
        var modelCall = new ModelCall(held.Caller, run.Agent, run.Id, call.Step)
        {
            AgentVersion = run.AgentVersion,
            Deadline = run.Deadline,
            Session = run.SessionId,
            FindModel = (name, token) => models.FindAsync(run.Tenant, name, stamp: null, token).AsTask(),
        };
        using var client = gateway.GetChatClient(context.Model, modelCall);
        var started = time.GetStoredNow();
        Failpoint.Hit(FailpointList.ModelBefore);
        var answer = await client.GetResponseAsync(messages, options, ct);
        Failpoint.Hit(FailpointList.ModelAfter);
        var route = answer.AdditionalProperties?.GetValueOrDefault(AnswerProperties.Route) as RouteReport;
        var helped = new ModelHelped(
            call.Request.Tool,
            need.Id,
            StoredText.Clean(answer.Text),
            answer.FinishReason == ChatFinishReason.Length ? "max_tokens" : "end_turn",
            answer.ModelId ?? context.Model.Model ?? context.Model.Name,
            route is { Provider.Length: > 0 } ? route.Provider : context.Model.Provider,
            PromptComposer.Hash(messages, ToolSet.Empty.Hash))
        {
            Route = route is null ? null : RouteTaken.Of(route),
        };
        return new Entry(0, call.Step, call.Request.Call, Math.Max(1, call.Attempts), helped, started, time.GetStoredNow(), UsageOf(answer));
    }

    private static List<ChatMessage> Messages(NeededModelCall wanted)
    {
        var messages = new List<ChatMessage>(wanted.Messages.Count + 1);
        if (wanted.System is { } system)
        {
            messages.Add(new ChatMessage(ChatRole.System, system));
        }

        messages.AddRange(wanted.Messages.Select(m => new ChatMessage(m.Role == "assistant" ? ChatRole.Assistant : ChatRole.User, m.Text)));
        return messages;
    }

    private static int? Most(int? wanted, int? allowed) => wanted is null || allowed is null ? wanted ?? allowed : Math.Min(wanted.Value, allowed.Value);

    private static Usage UsageOf(ChatResponse answer)
    {
        var cost = answer.AdditionalProperties?.GetValueOrDefault(AnswerProperties.CostUsd) as string;
        var usd = decimal.TryParse(cost, NumberStyles.Float, CultureInfo.InvariantCulture, out var known) ? known : 0;
        return new Usage(answer.Usage?.InputTokenCount ?? 0, answer.Usage?.OutputTokenCount ?? 0, 1, 0, usd);
    }
}
