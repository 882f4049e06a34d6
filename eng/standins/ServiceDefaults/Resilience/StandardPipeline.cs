using System.Threading.RateLimiting;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The strategies of one client, shared by its handlers.</summary>
internal sealed class StandardPipeline : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public StandardPipeline(HttpStandardResilienceOptions options, TimeProvider? time)
    {
        _limiter = new ConcurrencyLimiter(options.RateLimiter.DefaultRateLimiterOptions);
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    public async Task<HttpResponseMessage> ExecuteAsync(Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(permitCount: 1, cancellationToken);
        return lease.IsAcquired
            ? await _pipeline.ExecuteAsync(async token => await send(token), cancellationToken)
            : throw new TooManyRequestsException();
    }

    public void Dispose() => _limiter.Dispose();

    private sealed class TooManyRequestsException() : ExecutionRejectedException("The operation could not be executed because it was rejected by the rate limiter.");
}

/// <summary>Sends requests through it.</summary>
internal sealed class ResilienceHandler(StandardPipeline pipeline) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        pipeline.ExecuteAsync(token => base.SendAsync(request, token), cancellationToken);
}
