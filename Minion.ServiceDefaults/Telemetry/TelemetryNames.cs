namespace Minion.ServiceDefaults.Telemetry;

/// <summary>
/// Every name that Minion's spans, metrics and attributes have: OpenTelemetry's semantic conventions for generative AI
/// (https://opentelemetry.io/docs/specs/semconv/gen-ai/), for RPC, and Minion's own.
/// </summary>
public static class TelemetryNames
{
    /// <summary>The activity source and the meter.</summary>
    public const string Source = "Minion";

    /// <summary>Operation: one run of an agent.</summary>
    public const string InvokeAgent = "invoke_agent";

    /// <summary>Operation: one call to a model.</summary>
    public const string Chat = "chat";

    /// <summary>Operation: one call for embeddings.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>Operation: one call to a tool.</summary>
    public const string ExecuteTool = "execute_tool";

    /// <summary>Metric: tokens of one model call, by <see cref="TokenType"/>.</summary>
    public const string TokenUsage = "gen_ai.client.token.usage";

    /// <summary>Metric: how long one model call took, in seconds.</summary>
    public const string OperationDuration = "gen_ai.client.operation.duration";

    /// <summary>Metric: runs that ended.</summary>
    public const string AgentExecutions = "agent_executions_total";

    /// <summary>Metric: runs that failed.</summary>
    public const string AgentErrors = "agent_errors_total";

    /// <summary>Metric: calls to tools.</summary>
    public const string ToolCalls = "tool_calls_total";

    /// <summary>Metric: seconds from a run's start to its end.</summary>
    public const string AgentDuration = "agent_duration_seconds";

    /// <summary>Metric: seconds of one model call.</summary>
    public const string ModelLatency = "llm_latency_seconds";

    /// <summary>Metric: seconds of one tool call, all attempts together.</summary>
    public const string ToolDuration = "tool_duration_seconds";

    /// <summary>Metric: what the response cache did with requests to models that have one, by <see cref="Result"/> and <see cref="Reason"/>.</summary>
    public const string ModelCache = "model_cache_total";

    /// <summary>Metric: budgets that reached a share of their amount, by <see cref="BudgetScope"/> and <see cref="BudgetPercent"/>.</summary>
    public const string BudgetAlerts = "budget_alerts_total";

    /// <summary>Metric: USD that calls to models cost, by provider and model.</summary>
    public const string Cost = "llm_cost_usd_total";

    /// <summary>Attribute: whose spending a budget bounds.</summary>
    public const string BudgetScope = "minion.budget.scope";

    /// <summary>Attribute: 80, 90 or 100.</summary>
    public const string BudgetPercent = "minion.budget.percent";

    /// <summary>Metric: items that wait for a person, by <see cref="Kind"/>.</summary>
    public const string InboxItems = "inbox_items";

    /// <summary>Metric: items that were answered, or that time decided, by <see cref="Kind"/> and <see cref="Result"/>.</summary>
    public const string InboxAnswers = "inbox_answers_total";

    /// <summary>Metric: seconds from the question to its answer, by <see cref="Kind"/> and <see cref="Result"/>.</summary>
    public const string InboxWait = "inbox_wait_seconds";

    /// <summary>Attribute of the metrics: the kind of what is counted.</summary>
    public const string Kind = "kind";

    /// <summary>Metric: sessions that are active.</summary>
    public const string ActiveSessions = "active_sessions";

    /// <summary>Metric: agents, by <see cref="Status"/>.</summary>
    public const string AgentsByStatus = "agents_by_status";

    /// <summary>Metric: 1 while the circuit to a service is open (calls fail at once), else 0; by <see cref="Circuit"/>.</summary>
    public const string CircuitOpen = "circuit_open";

    /// <summary>Metric: how often a circuit opened, by <see cref="Circuit"/>.</summary>
    public const string CircuitOpenings = "circuit_openings_total";

    /// <summary>Metric: 1 while Redis answers, else 0; absent where none is configured.</summary>
    public const string RedisUp = "redis_up";

    /// <summary>Metric: how often Redis was lost.</summary>
    public const string RedisOutages = "redis_outages_total";

    /// <summary>Metric: hints to other processes through Redis, by <see cref="Status"/> (<c>sent</c> or <c>dropped</c>).</summary>
    public const string RedisHints = "redis_hints_total";

    /// <summary>Metric: runs that retention removed, with their journals.</summary>
    public const string RunsPruned = "runs_pruned_total";

    /// <summary>Metric: long texts of journals that were removed after the last journal that referred to them.</summary>
    public const string TextsPruned = "run_texts_pruned_total";

    /// <summary>Attribute: one of the operations.</summary>
    public const string OperationName = "gen_ai.operation.name";

    /// <summary>Attribute: who provides the model, for example <c>openai</c>.</summary>
    public const string ProviderName = "gen_ai.provider.name";

    /// <summary>Attribute: the model that was asked for.</summary>
    public const string RequestModel = "gen_ai.request.model";

    /// <summary>Attribute: the model that answered.</summary>
    public const string ResponseModel = "gen_ai.response.model";

    /// <summary>Attribute: why the model stopped; an array.</summary>
    public const string FinishReasons = "gen_ai.response.finish_reasons";

    /// <summary>Attribute: tokens of the prompt.</summary>
    public const string InputTokens = "gen_ai.usage.input_tokens";

    /// <summary>Attribute: tokens of the answer.</summary>
    public const string OutputTokens = "gen_ai.usage.output_tokens";

    /// <summary>Attribute: <c>input</c> or <c>output</c>.</summary>
    public const string TokenType = "gen_ai.token.type";

    /// <summary>Attribute: the agent's name.</summary>
    public const string AgentName = "gen_ai.agent.name";

    /// <summary>Attribute: the agent's version.</summary>
    public const string AgentVersion = "gen_ai.agent.version";

    /// <summary>Attribute: the session of the run.</summary>
    public const string ConversationId = "gen_ai.conversation.id";

    /// <summary>Attribute: the tool's name.</summary>
    public const string ToolName = "gen_ai.tool.name";

    /// <summary>Attribute: the id of the tool call.</summary>
    public const string ToolCallId = "gen_ai.tool.call.id";

    /// <summary>Attribute: <c>function</c> for Minion's tools.</summary>
    public const string ToolType = "gen_ai.tool.type";

    /// <summary>Attribute: the kind of failure, of few values.</summary>
    public const string ErrorType = "error.type";

    /// <summary>Attribute: the run.</summary>
    public const string RunId = "minion.run.id";

    /// <summary>Attribute: the step within the run.</summary>
    public const string RunStep = "minion.run.step";

    /// <summary>Attribute: the tenant.</summary>
    public const string Tenant = "minion.tenant";

    /// <summary>Attribute of the metrics: the agent's name.</summary>
    public const string Agent = "agent";

    /// <summary>Attribute of the metrics: the service that a circuit leads to.</summary>
    public const string Circuit = "circuit";

    /// <summary>Attribute of the metrics: the tool's name.</summary>
    public const string Tool = "tool";

    /// <summary>Attribute of the metrics: the model's name.</summary>
    public const string Model = "model";

    /// <summary>Attribute of the metrics: the provider's name.</summary>
    public const string Provider = "provider";

    /// <summary>Attribute of the metrics: how it ended, or the state of what is counted.</summary>
    public const string Status = "status";

    /// <summary>Attribute of the metrics: what came of it, of few values.</summary>
    public const string Result = "result";

    /// <summary>Attribute of the metrics: why, of few values.</summary>
    public const string Reason = "reason";

    /// <summary>Attribute: <c>grpc</c>.</summary>
    public const string RpcSystem = "rpc.system";

    /// <summary>Attribute: the gRPC service with its package.</summary>
    public const string RpcService = "rpc.service";

    /// <summary>Attribute: the gRPC method.</summary>
    public const string RpcMethod = "rpc.method";

    /// <summary>Attribute: the status code as a number.</summary>
    public const string RpcGrpcStatusCode = "rpc.grpc.status_code";

    /// <summary>Metric: the state of the circuit to a model, by <see cref="Model"/>: 0 closed, 1 half open, 2 open.</summary>
    public const string ModelCircuit = "model_circuit_state";

    /// <summary>Metric: how often another model was asked because one did not answer, by <see cref="Model"/> (the one that did not) and <see cref="Reason"/>.</summary>
    public const string ModelFailovers = "model_failovers_total";

    /// <summary>Metric: calls that waited or were refused because of a rate limit, by <see cref="Scope"/> and <see cref="Reason"/> (<c>calls</c> or <c>tokens</c>).</summary>
    public const string ModelRateLimited = "model_rate_limited_total";

    /// <summary>Metric: calls whose rate limits only this process counted, by <see cref="Reason"/> (<c>redis_lost</c> or <c>no_redis</c>).</summary>
    public const string ModelLocalLimits = "model_local_limits_total";

    /// <summary>Metric: calls that were routed, by <see cref="Tier"/> and <see cref="Policy"/>.</summary>
    public const string ModelRouted = "model_routed_total";

    /// <summary>Metric: answers that were thrown away as poor, by <see cref="Model"/> and <see cref="Reason"/>.</summary>
    public const string ModelEscalations = "model_escalations_total";

    /// <summary>Attribute of the metrics: whose limit it is: <c>global</c>, <c>tenant</c>, <c>user</c> or <c>agent</c>.</summary>
    public const string Scope = "scope";

    /// <summary>Attribute of the metrics: the tier that a call was sorted into.</summary>
    public const string Tier = "tier";

    /// <summary>Attribute of the metrics: how the model was chosen.</summary>
    public const string Policy = "policy";

    /// <summary>Metric: files of the watched folder that were applied or refused, by <see cref="Status"/> (<c>applied</c> or <c>refused</c>).</summary>
    public const string ClusterReloads = "cluster_reloads_total";

    /// <summary>Metric: files of the watched folder that are not applied as they are now, so that an earlier state holds.</summary>
    public const string ClusterFilesRefused = "cluster_files_refused";
}
