using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>The instruments of the meter <c>Minion</c>.</summary>
internal sealed class Instruments
{
    // The boundaries that the semantic conventions for generative AI advise.
    private static readonly InstrumentAdvice<double> ModelSeconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private static readonly InstrumentAdvice<long> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
    };

    private static readonly InstrumentAdvice<double> ToolSeconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private static readonly InstrumentAdvice<double> RunSeconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400],
    };

    // People answer in minutes, or in days.
    private static readonly InstrumentAdvice<double> WaitSeconds = new()
    {
        HistogramBucketBoundaries = [1, 10, 60, 300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 604_800],
    };

    public Instruments(Meter meter)
    {
        AgentExecutions = meter.CreateCounter<long>(TelemetryNames.AgentExecutions, "{run}", "Runs that ended, by agent and status.");
        AgentErrors = meter.CreateCounter<long>(TelemetryNames.AgentErrors, "{run}", "Runs that failed, by agent and kind of error.");
        AgentDuration = meter.CreateHistogram(TelemetryNames.AgentDuration, "s", "Seconds that runs took, by agent.", advice: RunSeconds);
        TokenUsage = meter.CreateHistogram(TelemetryNames.TokenUsage, "{token}", "Tokens of model calls, by type.", advice: Tokens);
        OperationDuration = meter.CreateHistogram(TelemetryNames.OperationDuration, "s", "Seconds of model calls.", advice: ModelSeconds);
        ModelLatency = meter.CreateHistogram(TelemetryNames.ModelLatency, "s", "Seconds of model calls, by model.", advice: ModelSeconds);
        ModelCache = meter.CreateCounter<long>(TelemetryNames.ModelCache, "{request}", "Requests that the response cache saw, by model, result and reason.");
        ToolCalls = meter.CreateCounter<long>(TelemetryNames.ToolCalls, "{call}", "Calls to tools, by tool and status.");
        ToolDuration = meter.CreateHistogram(TelemetryNames.ToolDuration, "s", "Seconds of calls to tools, by tool.", advice: ToolSeconds);
        CircuitOpenings = meter.CreateCounter<long>(TelemetryNames.CircuitOpenings, "{opening}", "How often the circuit to a service opened.");
        RedisOutages = meter.CreateCounter<long>(TelemetryNames.RedisOutages, "{outage}", "How often Redis was lost.");
        RedisHints = meter.CreateCounter<long>(TelemetryNames.RedisHints, "{hint}", "Hints to other processes through Redis, by status.");
        RunsPruned = meter.CreateCounter<long>(TelemetryNames.RunsPruned, "{run}", "Runs that retention removed, with their journals.");
        TextsPruned = meter.CreateCounter<long>(TelemetryNames.TextsPruned, "{text}", "Long texts of journals that retention removed.");
        meter.CreateObservableGauge(TelemetryNames.CircuitOpen, ObserveCircuits, "1", "1 while the circuit to a service is open: calls fail at once.");
        meter.CreateObservableGauge(TelemetryNames.RedisUp, ObserveRedis, "1", "1 while Redis answers.");
        ModelFailovers = meter.CreateCounter<long>(TelemetryNames.ModelFailovers, "{failover}", "How often another model was asked, by model that did not answer and reason.");
        ModelRateLimited = meter.CreateCounter<long>(TelemetryNames.ModelRateLimited, "{call}", "Model calls that met a rate limit, by scope and reason.");
        ModelLocalLimits = meter.CreateCounter<long>(TelemetryNames.ModelLocalLimits, "{call}", "Model calls whose rate limits this process counted alone, by reason.");
        ModelRouted = meter.CreateCounter<long>(TelemetryNames.ModelRouted, "{call}", "Model calls that were routed, by tier and policy.");
        ModelEscalations = meter.CreateCounter<long>(TelemetryNames.ModelEscalations, "{answer}", "Answers that were thrown away as poor, by model and reason.");
        meter.CreateObservableGauge(TelemetryNames.ModelCircuit, ObserveModelCircuits, "1", "The circuit to a model: 0 closed, 1 half open, 2 open.");
        BudgetAlerts = meter.CreateCounter<long>(TelemetryNames.BudgetAlerts, "{alert}", "Budgets that reached a share of their amount.");
        Cost = meter.CreateCounter<double>(TelemetryNames.Cost, "USD", "What calls to models cost, by provider and model.");
        InboxAnswers = meter.CreateCounter<long>(TelemetryNames.InboxAnswers, "{item}", "Items of the inbox that a person answered or time decided, by kind and result.");
        InboxWait = meter.CreateHistogram(TelemetryNames.InboxWait, "s", "Seconds from a question to its answer, by kind and result.", advice: WaitSeconds);
        meter.CreateObservableGauge(TelemetryNames.InboxItems, ObserveInbox, "{item}", "Items that wait for a person, by kind.");
        ClusterReloads = meter.CreateCounter<long>(TelemetryNames.ClusterReloads, "{file}", "Files of the watched folder that were applied or refused.");
        meter.CreateObservableGauge(
            TelemetryNames.ClusterFilesRefused, ObserveRefused, "{file}", "Files of the watched folder that are not applied as they are now.");
        meter.CreateObservableGauge(TelemetryNames.ActiveSessions, () => ActiveSessions, "{session}", "Sessions that are active.");
        meter.CreateObservableGauge(TelemetryNames.AgentsByStatus, ObserveAgents, "{agent}", "Agents, by status.");
    }

    public Counter<long> AgentExecutions { get; }

    public Counter<long> AgentErrors { get; }

    public Histogram<double> AgentDuration { get; }

    public Histogram<long> TokenUsage { get; }

    public Histogram<double> OperationDuration { get; }

    public Histogram<double> ModelLatency { get; }

    public Counter<long> ModelCache { get; }

    public Counter<long> ToolCalls { get; }

    public Histogram<double> ToolDuration { get; }

    public Counter<long> CircuitOpenings { get; }

    public Counter<long> RedisOutages { get; }

    public Counter<long> RedisHints { get; }

    public Counter<long> RunsPruned { get; }

    public Counter<long> TextsPruned { get; }

    /// <summary>Whether each circuit is open, by the service that it leads to.</summary>
    public ConcurrentDictionary<string, bool> Circuits { get; } = new(StringComparer.Ordinal);

    /// <summary>Null where there is none.</summary>
    public bool? RedisUp { get; set; }

    public Counter<long> BudgetAlerts { get; }

    public Counter<double> Cost { get; }

    public Counter<long> InboxAnswers { get; }

    public Histogram<double> InboxWait { get; }

    public IReadOnlyDictionary<string, long> InboxItems { get; set; } = new Dictionary<string, long>();

    public Counter<long> ClusterReloads { get; }

    /// <summary>Null where no folder is watched.</summary>
    public int? ClusterFilesRefused { get; set; }

    public long ActiveSessions { get; set; }

    public IReadOnlyDictionary<string, long> AgentsByStatus { get; set; } = new Dictionary<string, long>();

    private IEnumerable<Measurement<long>> ObserveCircuits() =>
        Circuits.Select(pair => new Measurement<long>(pair.Value ? 1 : 0, new KeyValuePair<string, object?>(TelemetryNames.Circuit, pair.Key)));

    public Counter<long> ModelFailovers { get; }

    public Counter<long> ModelRateLimited { get; }

    public Counter<long> ModelLocalLimits { get; }

    public Counter<long> ModelRouted { get; }

    public Counter<long> ModelEscalations { get; }

    /// <summary>The state of the circuits to models that were not always closed.</summary>
    public ConcurrentDictionary<string, int> ModelCircuits { get; } = new(StringComparer.Ordinal);

    private IEnumerable<Measurement<long>> ObserveModelCircuits() =>
        ModelCircuits.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(TelemetryNames.Model, pair.Key)));

    private IEnumerable<Measurement<long>> ObserveRedis() => RedisUp is { } up ? [new Measurement<long>(up ? 1 : 0)] : [];

    private IEnumerable<Measurement<long>> ObserveInbox() =>
        InboxItems.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(TelemetryNames.Kind, pair.Key)));

    private IEnumerable<Measurement<long>> ObserveRefused() => ClusterFilesRefused is { } count ? [new Measurement<long>(count)] : [];

    private IEnumerable<Measurement<long>> ObserveAgents() =>
        AgentsByStatus.Select(pair => new Measurement<long>(pair.Value, new KeyValuePair<string, object?>(TelemetryNames.Status, pair.Key)));
}
