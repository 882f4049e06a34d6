using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Minion.Models.Pipeline;

/// <summary>
/// Tries again what may succeed later, but only until the first part of an answer was given on: after that a second attempt would
/// say things twice. No wait is begun that would outlast the deadline.
/// </summary>
internal sealed class Retry : IChatStage
{
    private static readonly ResiliencePropertyKey<ChatRequest> RequestKey = new("minion.request");

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<OpenedAnswer> _attempts;

    public Retry(TimeProvider time, ModelOptions options, ILogger logger)
    {
        _time = time;
        _logger = logger;
        var builder = new ResiliencePipelineBuilder<OpenedAnswer> { TimeProvider = time };
        _attempts = options.MaxRetries == 0 ? ResiliencePipeline<OpenedAnswer>.Empty : builder.AddRetry(Strategy(options)).Build();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> InvokeAsync(
        ChatRequest request, NextStage next, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var answer = await OpenAsync(request, next, cancellationToken);
        do
        {
            yield return answer.Current;
        }
        while (await answer.MoveNextAsync());
    }

    private async Task<OpenedAnswer> OpenAsync(ChatRequest request, NextStage next, CancellationToken cancellationToken)
    {
        var attempts = 0;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _attempts.ExecuteAsync(
                async _ =>
                {
                    attempts++;
                    return await OpenedAnswer.OpenAsync(request, next(request, cancellationToken), cancellationToken);
                },
                context);
        }
        catch (ModelException error) when (attempts > 1)
        {
            throw new ModelException(error.Kind, $"{error.Message} ({attempts} attempts)", error.Hint, error.RetryAfter, error);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private RetryStrategyOptions<OpenedAnswer> Strategy(ModelOptions options) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        ShouldHandle = args => ValueTask.FromResult(
            args.Outcome.Exception is ModelException { Retryable: true } error
            && args.Context.Properties.TryGetValue(RequestKey, out var request)
            && Backoff.Longest(args.AttemptNumber, error.RetryAfter) is var wait
            && _time.GetUtcNow() + wait < request.Deadline
            && !(wait > request.NextCandidate)),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(
            Backoff.Wait(args.AttemptNumber, (args.Outcome.Exception as ModelException)?.RetryAfter, Random.Shared.NextDouble())),
        OnRetry = args =>
        {
            LogMessages.Retrying(_logger, args.AttemptNumber + 1, args.RetryDelay.TotalSeconds, args.Outcome.Exception?.Message ?? "");
            return ValueTask.CompletedTask;
        },
    };
}
