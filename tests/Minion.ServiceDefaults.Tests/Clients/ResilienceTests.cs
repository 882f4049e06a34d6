using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Minion.ServiceDefaults.Tests.Clients;

/// <summary>What the standard resilience does for short calls that may be repeated.</summary>
public sealed class ResilienceTests
{
    [Fact]
    public void Its_defaults_suit_short_idempotent_calls()
    {
        var options = new HttpStandardResilienceOptions();
        options.RateLimiter.DefaultRateLimiterOptions.PermitLimit.ShouldBe(1000);
        options.TotalRequestTimeout.Timeout.ShouldBe(TimeSpan.FromSeconds(30));
        options.Retry.MaxRetryAttempts.ShouldBe(3);
        options.Retry.Delay.ShouldBe(TimeSpan.FromSeconds(2));
        options.CircuitBreaker.FailureRatio.ShouldBe(0.1);
        options.CircuitBreaker.MinimumThroughput.ShouldBe(100);
        options.CircuitBreaker.SamplingDuration.ShouldBe(TimeSpan.FromSeconds(30));
        options.CircuitBreaker.BreakDuration.ShouldBe(TimeSpan.FromSeconds(5));
        options.AttemptTimeout.Timeout.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_passing_failure_is_tried_again()
    {
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => throw new HttpRequestException("not there"), () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), () => new HttpResponseMessage(HttpStatusCode.OK),
        ]);
        await using var services = Services(_ => Task.FromResult(answers.Dequeue()()));

        var answer = await Client(services).GetAsync(new Uri("http://service/"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_caller_did_wrong_is_not_tried_again()
    {
        var sent = 0;
        await using var services = Services(_ =>
        {
            sent++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest));
        });

        (await Client(services).GetAsync(new Uri("http://service/"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_given_up_and_tried_again()
    {
        var sent = 0;
        await using var services = Services(async token =>
        {
            if (Interlocked.Increment(ref sent) == 1)
            {
                await Task.Delay(Timeout.Infinite, token);
            }

            return new HttpResponseMessage(HttpStatusCode.OK);
        });

        (await Client(services).GetAsync(new Uri("http://service/"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        sent.ShouldBe(2);
    }

    private static HttpClient Client(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient("probe");

    private static ServiceProvider Services(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHttpClient("probe").ConfigurePrimaryHttpMessageHandler(() => new Wire(answer)).AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(500);
        });
        return services.BuildServiceProvider();
    }

    private sealed class Wire(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }
}
