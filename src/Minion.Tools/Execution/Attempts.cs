using Microsoft.Extensions.Logging;
using Minion.Contracts.Tools.V1;
using Polly;
using Polly.Retry;

namespace Minion.Tools.Execution;

/// <summary>
/// Invokes a tool: each attempt within the tool's timeout, and again after a failure that may pass, where the policy allows it.
/// An attempt that timed out is not repeated: the tool may still be at it.
/// </summary>
internal sealed class Attempts
{
    private readonly ITool _tool;
    private readonly ToolDescription _description;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<ToolOutcome>? _retry;

    public Attempts(ITool tool, ToolDescription description, TimeProvider time, ILogger log)
    {
        _tool = tool;
        _description = description;
        _time = time;
        _log = log;
        _retry = Retry(description.Policy, time);
    }

    /// <summary>Invokes the tool until it has a lasting outcome.</summary>
    /// <param name="call">What the tool is asked.</param>
    /// <param name="ended">Is called once, when no attempt runs any longer; that may be long after this method has returned.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<Attempted> RunAsync(ToolCall call, Action ended, CancellationToken cancellationToken)
    {
        var count = 0;
        var running = Task.CompletedTask;
        try
        {
            var outcome = _retry is null
                ? await AttemptAsync(cancellationToken)
                : await _retry.ExecuteAsync(async token => await AttemptAsync(token), cancellationToken);
            return new Attempted(outcome, count);
        }
        finally
        {
            AfterEnd(running, ended);
        }

        async Task<ToolOutcome> AttemptAsync(CancellationToken token)
        {
            count++;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            var attempt = Task.Run(() => _tool.InvokeAsync(call, stop.Token).AsTask(), CancellationToken.None);
            running = attempt;
            return await WithinTimeoutAsync(attempt, stop, token);
        }
    }

    private async Task<ToolOutcome> WithinTimeoutAsync(Task<ToolOutcome> attempt, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await attempt.WaitAsync(_description.Policy.Timeout, _time, cancellationToken);
            stop.Dispose();
            return outcome ?? throw new InvalidOperationException($"Tool '{_description.Name}' gave neither a result nor a failure.");
        }
        catch (TimeoutException) when (!attempt.IsCompleted)
        {
            // Not awaited: what the tool registered on the token may block.
            _ = stop.CancelAsync();
            _log.ToolTimedOut(_description.Name, _description.Policy.Timeout);
            return Failures.TimedOut(_description);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _log.ToolThrew(exception, _description.Name);
            return Failures.Threw(_description, TransientErrors.Has(exception));
        }
    }

    private static void AfterEnd(Task running, Action ended)
    {
        if (running.IsCompleted)
        {
            ended();
            return;
        }

        _ = running.ContinueWith(
            finished =>
            {
                _ = finished.Exception; // observed: nobody waits for it any longer
                ended();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static ResiliencePipeline<ToolOutcome>? Retry(ToolPolicy policy, TimeProvider time) =>
        policy.Retries == 0 || policy.Effect == Effect.SideEffect
            ? null
            : new ResiliencePipelineBuilder<ToolOutcome> { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions<ToolOutcome>
                {
                    MaxRetryAttempts = policy.Retries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(100),
                    MaxDelay = TimeSpan.FromSeconds(2),
                    ShouldHandle = arguments => ValueTask.FromResult(
                        arguments.Outcome.Result is ToolFailure { Retryable: true, Kind: Failure.Types.Kind.Failed }),
                })
                .Build();
}

/// <summary>What came of the attempts.</summary>
/// <param name="Outcome">The outcome of the last one.</param>
/// <param name="Count">How many there were.</param>
internal sealed record Attempted(ToolOutcome Outcome, int Count);
