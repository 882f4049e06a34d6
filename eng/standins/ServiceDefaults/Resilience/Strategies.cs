using System.Net;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>How many requests may be under way.</summary>
public class HttpRateLimiterStrategyOptions
{
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } = new() { PermitLimit = 1000, QueueLimit = 0 };
}

/// <summary>How long a request, or an attempt, may take.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>When another attempt is made.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    public HttpRetryStrategyOptions()
    {
        ShouldHandle = arguments => ValueTask.FromResult(Transient.Is(arguments.Outcome));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        DelayGenerator = arguments => ValueTask.FromResult(Transient.RetryAfter(arguments.Outcome.Result));
    }
}

/// <summary>When no request is sent for a while.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions() => ShouldHandle = arguments => ValueTask.FromResult(Transient.Is(arguments.Outcome));
}

/// <summary>The five strategies, from the outside in.</summary>
public class HttpStandardResilienceOptions
{
    public HttpRateLimiterStrategyOptions RateLimiter { get; set; } = new();

    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public HttpRetryStrategyOptions Retry { get; set; } = new();

    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new();

    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } = new() { Timeout = TimeSpan.FromSeconds(10) };
}

/// <summary>Which outcomes may be better the next time.</summary>
internal static class Transient
{
    public static bool Is(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    /// <summary>Null for the delay of the options.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter?.Delta;
}
