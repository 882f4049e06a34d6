using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Engine.Failpoints;
using Minion.Orchestration.Runs.Journal;
using Minion.Orchestration.Runs.Watching;
using AgentDefinition = Minion.Contracts.Orchestration.V1.AgentDefinition;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>Makes one model call of a run: composes the prompt, streams the answer to the watchers, returns it as an entry.</summary>
internal sealed class ModelStep(ModelGateway gateway, ModelStore models, TimeProvider time)
{
    /// <summary>Attempts of one call after watchers have seen text.</summary>
    public const int MaxAttempts = 3;

    public async Task<Entry> AnswerAsync(HeldRun held, RunContext context, CallModel decision, int attempt, CancellationToken ct)
    {
        var run = held.Run;
        var definition = context.Agent.Definition;
        var tools = decision.WithTools ? context.Tools : ToolSet.Empty;
        var (messages, promptHash) = held.Conversation.For(
            PromptInstructions.With(definition.Instructions, context.Recorded.Provided), context.History, run.Input, held.State, decision, tools.Hash);
        var options = new ChatOptions
        {
            Temperature = definition.HasTemperature ? (float)definition.Temperature : null,
            MaxOutputTokens = decision.Summarises is not null
                ? SummaryPrompt.MostTokens(held.State)
                : definition.HasMaxOutputTokens ? definition.MaxOutputTokens : null,
            Tools = tools.Tools.Count > 0 ? [.. tools.Declarations] : null,
        };
        var call = new ModelCall(held.Caller, run.Agent, run.Id, decision.Step)
        {
            AgentVersion = run.AgentVersion,
            Deadline = run.Deadline,
            Session = run.SessionId,
            FindModel = (name, token) => models.FindAsync(run.Tenant, name, stamp: null, token).AsTask(),

            // What was said in the session before is the user's own, and so is what was looked up for them.
            Personal = !context.History.IsEmpty || context.Recorded.Provided is not null,
        };
        using var client = gateway.GetChatClient(context.Model, call);
        var started = time.GetStoredNow();
        var answer = new Answer(definition);
        held.Feed.Begin(new CallPosition(decision.Step, 0, run.Epoch, attempt), decision.Purpose);
        Failpoint.Hit(FailpointList.ModelBefore);
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, ct))
        {
            answer.Add(update, decision.Summarises is null ? held.Feed : null);
        }

        Failpoint.Hit(FailpointList.ModelAfter);
        var payload = answer.ToPayload(context.Model, promptHash) with { Purpose = decision.Purpose, Summarised = decision.Summarises };
        return new Entry(0, decision.Step, 0, attempt, payload, started, time.GetStoredNow(), answer.Usage);
    }

    private sealed class Answer(AgentDefinition definition)
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<RequestedCall> _calls = [];
        private string? _model;
        private RouteReport? _route;
        private ChatFinishReason? _finish;

        public Usage Usage { get; private set; } = new(0, 0, 1, 0);

        /// <summary>Takes a part in, and shows it to the watchers where there is a feed.</summary>
        public void Add(ChatResponseUpdate update, LiveFeed? feed)
        {
            _model = update.ModelId ?? _model;
            if (update.AdditionalProperties?.TryGetValue(AnswerProperties.CostUsd, out var cost) == true
                && decimal.TryParse(cost as string, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd))
            {
                Usage = Usage with { CostUsd = usd };
            }

            _finish = update.FinishReason ?? _finish;
            _route = update.AdditionalProperties?.GetValueOrDefault(AnswerProperties.Route) as RouteReport ?? _route;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent text:
                        Add(_text, DeltaKind.Text, text.Text, feed);
                        break;
                    case TextReasoningContent reasoning:
                        Add(_reasoning, DeltaKind.Reasoning, reasoning.Text, feed);
                        break;
                    case FunctionCallContent call:
                        _calls.Add(new RequestedCall(_calls.Count, call.CallId, call.Name, StoredText.Clean(ToolCallArguments.RawOf(call)))
                        {
                            Approval = ApprovalRules.TermsOf(definition, call.Name),
                        });
                        feed?.Call(_calls[^1]);
                        break;
                    case UsageContent usage:
                        Usage = new Usage(usage.Details.InputTokenCount ?? 0, usage.Details.OutputTokenCount ?? 0, 1, 0, Usage.CostUsd);
                        break;
                }
            }
        }

        private static void Add(StringBuilder to, DeltaKind kind, string text, LiveFeed? feed)
        {
            var clean = StoredText.Clean(text);
            to.Append(clean);
            if (clean.Length > 0)
            {
                feed?.Delta(clean, kind);
            }
        }

        public ModelAnswered ToPayload(ModelDefinition model, string promptHash) => new(
            _text.ToString(),
            _calls,
            _calls.Count > 0 ? "tool_calls" : _finish?.Value ?? "stop",
            _model ?? model.Model ?? model.Name,
            _route is { Provider.Length: > 0 } ? _route.Provider : model.Provider,
            promptHash,
            _reasoning.Length > 0 ? _reasoning.ToString() : null)
        {
            Route = _route is null ? null : RouteTaken.Of(_route),
        };
    }
}
