using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Runs.Engine;
using Minion.ServiceDefaults.Telemetry;
using Polly;
using Polly.CircuitBreaker;

namespace Minion.Orchestration.Runs.ToolConnections;

/// <summary>
/// The way to the tool service. When it does not answer again and again, the circuit opens: calls fail at once with <see cref="BrokenCircuitException"/>
/// and are not sent, until one that is tried after a while succeeds. What a tool itself does, or how long it takes, is no reason to.
/// </summary>
internal sealed class ToolConnection
{
    private const string Circuit = "tools";

    private readonly ToolClients _clients;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MinionTelemetry _telemetry;
    private readonly ResiliencePipeline _pipeline;

    public ToolConnection(
        ToolClients clients, IOptions<ToolConnectionOptions> options, MinionTelemetry telemetry, TimeProvider time, ILogger<ToolConnection> logger)
    {
        _clients = clients;
        _time = time;
        _logger = logger;
        _telemetry = telemetry;
        _telemetry.ReportCircuit(Circuit, isOpen: false);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                MinimumThroughput = options.Value.Failures,
                FailureRatio = options.Value.FailureRatio,
                SamplingDuration = options.Value.Window,
                BreakDuration = options.Value.Break,
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(error => error.StatusCode == StatusCode.Unavailable),
                OnOpened = Opened,
                OnClosed = Closed,
            })
            .Build();
    }

    /// <summary>Since when calls fail at once; null while they are sent.</summary>
    public DateTimeOffset? OpenSince { get; private set; }

    /// <param name="request">The call.</param>
    /// <param name="headers">In whose name.</param>
    /// <param name="deadline">When there is no use for its outcome any more.</param>
    /// <param name="said">Is told what the tool says while it works, in lines.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="BrokenCircuitException">The call was not sent.</exception>
    public async Task<CallToolResponse> CallAsync(CallToolRequest request, Metadata headers, DateTime deadline, Action<string> said, CancellationToken ct) =>
        await _pipeline.ExecuteAsync(async token => await StreamAsync(request, new CallOptions(headers, deadline, token), said), ct);

    /// <exception cref="BrokenCircuitException">The call was not sent.</exception>
    public async Task<ListToolsResponse> ListAsync(ListToolsRequest request, Metadata headers, DateTime deadline, CancellationToken ct) =>
        await _pipeline.ExecuteAsync(async token => await _clients.Lists.ListToolsAsync(request, headers, deadline, token), ct);

    /// <exception cref="BrokenCircuitException">The call was not sent.</exception>
    public async Task<GetContextResponse> GetContextAsync(GetContextRequest request, Metadata headers, DateTime deadline, CancellationToken ct) =>
        await _pipeline.ExecuteAsync(async token => await _clients.Contexts.GetContextAsync(request, headers, deadline, token), ct);

    private async Task<CallToolResponse> StreamAsync(CallToolRequest request, CallOptions options, Action<string> said)
    {
        using var call = _clients.Calls.StreamToolCall(request, options);
        CallToolResponse? response = null;
        try
        {
            await foreach (var part in call.ResponseStream.ReadAllAsync(options.CancellationToken))
            {
                response = part.Response ?? response;
                if (part.Progress is { } progress)
                {
                    said(progress.Text);
                }
            }
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unimplemented)
        {
            // A tool service of an older release, which has not made the call.
            return await _clients.Calls.CallToolAsync(request, options);
        }

        return response ?? throw new RpcException(new Grpc.Core.Status(StatusCode.Internal, "The tool service ended the call without saying what came of it."));
    }

    private ValueTask Opened(OnCircuitOpenedArguments<object> opened)
    {
        if (OpenSince is null)
        {
            OpenSince = _time.GetUtcNow();
            _telemetry.ReportCircuit(Circuit, isOpen: true);
            EngineLog.ToolsCircuitOpened(_logger, opened.BreakDuration.TotalSeconds, (opened.Outcome.Exception as RpcException)?.Status.Detail ?? "");
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Closed(OnCircuitClosedArguments<object> closed)
    {
        if (OpenSince is { } since)
        {
            OpenSince = null;
            _telemetry.ReportCircuit(Circuit, isOpen: false);
            EngineLog.ToolsCircuitClosed(_logger, (_time.GetUtcNow() - since).TotalSeconds);
        }

        return ValueTask.CompletedTask;
    }
}
