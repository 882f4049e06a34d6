using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>
/// Spans and metrics of runs, model calls and tool calls. Each <c>Start…</c> gives an object to end with <c>Succeed</c> or <c>Fail</c> and to
/// dispose; the span is <see cref="Activity.Current"/> in between. Prompts and answers are never recorded here.
/// </summary>
public sealed class MinionTelemetry : IDisposable
{
    private readonly ActivitySource _source = new(TelemetryNames.Source);
    private readonly Instruments _instruments;
    private readonly TimeProvider _time;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Where meters come from.</param>
    /// <param name="time">The clock that durations are measured with.</param>
    public MinionTelemetry(IMeterFactory meters, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _time = time;
        _instruments = new Instruments(meters.Create(TelemetryNames.Source));
    }

    /// <summary>
    /// A run of an agent by this process: span <c>invoke_agent</c>, metrics <c>agent_executions_total</c>, <c>agent_errors_total</c>
    /// and <c>agent_duration_seconds</c>. Disposing without an outcome (the run waits, or another worker has it) ends the span only.
    /// </summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="version">The agent's version.</param>
    /// <param name="runId">The run.</param>
    /// <param name="sessionId">The session, or null.</param>
    /// <param name="tenant">The tenant; on the span only.</param>
    /// <param name="parent">The span that the run was submitted in; default for a root span unless there is a current one.</param>
    public AgentSpan StartAgent(string agent, int version, string runId, string? sessionId, string tenant, ActivityContext parent = default)
    {
        var activity = Start($"{TelemetryNames.InvokeAgent} {agent}", TelemetryNames.InvokeAgent, ActivityKind.Internal, parent);
        activity?.SetTag(TelemetryNames.AgentName, agent)
            .SetTag(TelemetryNames.AgentVersion, version.ToString())
            .SetTag(TelemetryNames.RunId, runId)
            .SetTag(TelemetryNames.ConversationId, sessionId)
            .SetTag(TelemetryNames.Tenant, tenant);
        return new AgentSpan(activity, _instruments, _time, agent);
    }

    /// <summary>
    /// One call to a model: span <c>chat</c>, metrics <c>gen_ai.client.token.usage</c>, <c>gen_ai.client.operation.duration</c> and <c>llm_latency_seconds</c>.
    /// </summary>
    /// <param name="provider">Who provides the model, for example <c>openai</c>.</param>
    /// <param name="model">The model that is asked for.</param>
    /// <param name="agent">In whose name.</param>
    /// <param name="runId">The run, or null.</param>
    /// <param name="step">The step of the run.</param>
    public ChatSpan StartChat(string provider, string model, string agent, string? runId, int step) =>
        StartModelCall(TelemetryNames.Chat, provider, model, agent, runId, step);

    /// <summary>One call for embeddings: span <c>embeddings</c>, with the metrics of <see cref="StartChat"/>.</summary>
    /// <inheritdoc cref="StartChat"/>
    public ChatSpan StartEmbeddings(string provider, string model, string agent, string? runId, int step) =>
        StartModelCall(TelemetryNames.Embeddings, provider, model, agent, runId, step);

    /// <summary>One call to a tool, all attempts together: span <c>execute_tool</c>, metrics <c>tool_calls_total</c> and <c>tool_duration_seconds</c>.</summary>
    /// <param name="tool">The tool's name; only names of the registry, so that the metrics stay few.</param>
    /// <param name="callId">The id of the call, or null.</param>
    /// <param name="agent">In whose name; empty when called directly.</param>
    /// <param name="runId">The run, or null.</param>
    public ToolSpan StartTool(string tool, string? callId, string agent, string? runId)
    {
        var activity = Start($"{TelemetryNames.ExecuteTool} {tool}", TelemetryNames.ExecuteTool, ActivityKind.Internal, default);
        activity?.SetTag(TelemetryNames.ToolName, tool)
            .SetTag(TelemetryNames.ToolType, "function")
            .SetTag(TelemetryNames.ToolCallId, callId)
            .SetTag(TelemetryNames.AgentName, agent.Length > 0 ? agent : null)
            .SetTag(TelemetryNames.RunId, runId);
        return new ToolSpan(activity, _instruments, _time, tool);
    }

    /// <summary>Counts a request to a model that has a response cache: <c>model_cache_total</c>.</summary>
    /// <param name="model">The model's name in its definition.</param>
    /// <param name="result"><c>hit</c>, <c>miss</c>, <c>stale</c> or <c>bypass</c>.</param>
    /// <param name="reason">The kind of hit, or why there was none.</param>
    public void CountCache(string model, string result, string reason) => _instruments.ModelCache.Add(
        1, new(TelemetryNames.Model, model), new(TelemetryNames.Result, result), new(TelemetryNames.Reason, reason));

    /// <summary>A budget reached a share of its amount; metric <c>budget_alerts_total</c>.</summary>
    public void RecordBudgetAlert(string scope, int percent) => _instruments.BudgetAlerts.Add(
        1, new KeyValuePair<string, object?>(TelemetryNames.BudgetScope, scope), new KeyValuePair<string, object?>(TelemetryNames.BudgetPercent, percent));

    /// <summary>What an attempt cost, in USD; metric <c>llm_cost_usd_total</c>.</summary>
    public void RecordCost(string provider, string model, double usd) => _instruments.Cost.Add(
        usd, new KeyValuePair<string, object?>(TelemetryNames.ProviderName, provider), new KeyValuePair<string, object?>(TelemetryNames.RequestModel, model));

    /// <summary>A question to a person came to an end: <c>inbox_answers_total</c> and <c>inbox_wait_seconds</c>.</summary>
    /// <param name="kind"><c>approval</c>, <c>question</c> or <c>uncertain</c>.</param>
    /// <param name="result">What was answered, or what time decided; of few values.</param>
    /// <param name="waited">Since it was asked.</param>
    public void RecordInbox(string kind, string result, TimeSpan waited)
    {
        _instruments.InboxAnswers.Add(1, new(TelemetryNames.Kind, kind), new(TelemetryNames.Result, result));
        _instruments.InboxWait.Record(waited.TotalSeconds, new(TelemetryNames.Kind, kind), new(TelemetryNames.Result, result));
    }

    /// <summary>Says how many items wait for a person, of all tenants; <c>inbox_items</c> until the next report.</summary>
    public void ReportInbox(IReadOnlyDictionary<string, long> byKind) => _instruments.InboxItems = byKind;

    /// <summary>Says how many sessions are active, of all tenants; <c>active_sessions</c> until the next report.</summary>
    public void ReportActiveSessions(long count) => _instruments.ActiveSessions = count;

    /// <summary>Says how many agents there are in each status, of all tenants; <c>agents_by_status</c> until the next report.</summary>
    public void ReportAgents(IReadOnlyDictionary<string, long> byStatus) => _instruments.AgentsByStatus = byStatus;

    /// <summary>Counts a file of the watched folder that was looked at anew; <c>cluster_reloads_total</c>.</summary>
    /// <param name="applied">Whether it was applied.</param>
    public void CountClusterReload(bool applied) =>
        _instruments.ClusterReloads.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Status, applied ? "applied" : "refused"));

    /// <summary>Says how many files of the watched folder are not applied as they are; <c>cluster_files_refused</c> until the next report.</summary>
    public void ReportRefusedClusterFiles(int count) => _instruments.ClusterFilesRefused = count;

    /// <summary>Says whether the circuit to a service is open; <c>circuit_open</c> until the next report, and <c>circuit_openings_total</c>.</summary>
    /// <param name="circuit">The service that it leads to.</param>
    /// <param name="isOpen">Whether calls fail at once.</param>
    public void ReportCircuit(string circuit, bool isOpen)
    {
        _instruments.Circuits[circuit] = isOpen;
        if (isOpen)
        {
            _instruments.CircuitOpenings.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Circuit, circuit));
        }
    }

    /// <summary>Says whether Redis answers; <c>redis_up</c> until the next report, and <c>redis_outages_total</c>.</summary>
    public void ReportRedis(bool isUp)
    {
        if (_instruments.RedisUp == true && !isUp)
        {
            _instruments.RedisOutages.Add(1);
        }

        _instruments.RedisUp = isUp;
    }

    /// <summary>Counts what retention removed; <c>runs_pruned_total</c>, <c>run_texts_pruned_total</c>.</summary>
    /// <param name="runs">Runs, with their journals.</param>
    /// <param name="texts">Long texts that no journal refers to any more.</param>
    public void ReportPruned(long runs, long texts)
    {
        _instruments.RunsPruned.Add(runs);
        _instruments.TextsPruned.Add(texts);
    }

    /// <summary>Counts hints to other processes; <c>redis_hints_total</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="sent">Whether Redis took them.</param>
    public void CountHints(int count, bool sent) =>
        _instruments.RedisHints.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Status, sent ? "sent" : "dropped"));

    /// <summary>Ends the source; the meter belongs to its factory.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Says in which state the circuit to a model is; <c>model_circuit_state</c> until the next report.</summary>
    /// <param name="model"><c>provider/model</c>.</param>
    /// <param name="state">0 closed, 1 half open, 2 open.</param>
    public void ReportModelCircuit(string model, int state) => _instruments.ModelCircuits[model] = state;

    /// <summary>Ends the reports of a model's circuit.</summary>
    public void ForgetModelCircuit(string model) => _instruments.ModelCircuits.TryRemove(model, out _);

    /// <summary>Counts that another model was asked; <c>model_failovers_total</c>.</summary>
    /// <param name="model"><c>provider/model</c> of the one that did not answer.</param>
    /// <param name="reason">The kind of its failure.</param>
    public void CountFailover(string model, string reason) =>
        _instruments.ModelFailovers.Add(1, new(TelemetryNames.Model, model), new(TelemetryNames.Reason, reason));

    /// <summary>Counts that a rate limit was met; <c>model_rate_limited_total</c>.</summary>
    /// <param name="scope">Whose limit.</param>
    /// <param name="what"><c>calls</c> or <c>tokens</c>.</param>
    public void CountRateLimited(string scope, string what) =>
        _instruments.ModelRateLimited.Add(1, new(TelemetryNames.Scope, scope), new(TelemetryNames.Reason, what));

    /// <summary>Counts that only this process counted; <c>model_local_limits_total</c>.</summary>
    /// <param name="redisIsLost">Whether there should be a Redis.</param>
    public void CountLocalLimit(bool redisIsLost) =>
        _instruments.ModelLocalLimits.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Reason, redisIsLost ? "redis_lost" : "no_redis"));

    /// <summary>Counts a routed call; <c>model_routed_total</c>.</summary>
    /// <param name="tier">The tier that it was sorted into.</param>
    /// <param name="policy">How the model was chosen.</param>
    public void CountRouted(string tier, string policy) =>
        _instruments.ModelRouted.Add(1, new(TelemetryNames.Tier, tier), new(TelemetryNames.Policy, policy));

    /// <summary>Counts an answer that was thrown away; <c>model_escalations_total</c>.</summary>
    /// <param name="model"><c>provider/model</c> of the one that gave it.</param>
    /// <param name="reason">Why it was poor.</param>
    public void CountEscalation(string model, string reason) =>
        _instruments.ModelEscalations.Add(1, new(TelemetryNames.Model, model), new(TelemetryNames.Reason, reason));

    private ChatSpan StartModelCall(string operation, string provider, string model, string agent, string? runId, int step)
    {
        var activity = Start($"{operation} {model}", operation, ActivityKind.Client, default);
        activity?.SetTag(TelemetryNames.ProviderName, provider)
            .SetTag(TelemetryNames.RequestModel, model)
            .SetTag(TelemetryNames.AgentName, agent)
            .SetTag(TelemetryNames.RunId, runId)
            .SetTag(TelemetryNames.RunStep, step);
        return new ChatSpan(activity, _instruments, _time, operation, provider, model);
    }

    private Activity? Start(string name, string operation, ActivityKind kind, ActivityContext parent) =>
        (parent == default ? _source.StartActivity(name, kind) : _source.StartActivity(name, kind, parent))
            ?.SetTag(TelemetryNames.OperationName, operation);
}
