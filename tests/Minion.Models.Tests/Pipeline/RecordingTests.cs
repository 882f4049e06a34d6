using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minion.Conformance.Models;
using Minion.Models.Tests.Providers.Scripted;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Tests.Pipeline;

public sealed class RecordingTests
{
    [Fact]
    public async Task A_call_is_a_span_and_counts_its_tokens()
    {
        using var recorded = new Recorded("answers");

        var answer = await recorded.AskAsync(new { otherwise = "Hello there." });

        var span = recorded.Spans.ShouldHaveSingleItem();
        span.GetTagItem(TelemetryNames.ProviderName).ShouldBe("scripted");
        span.GetTagItem(TelemetryNames.AgentName).ShouldBe("answers");
        span.GetTagItem(TelemetryNames.OutputTokens).ShouldBe(answer.Usage!.OutputTokenCount);
        span.GetTagItem(TelemetryNames.FinishReasons).ShouldBe(new[] { "stop" });
        span.Status.ShouldNotBe(ActivityStatusCode.Error);
        recorded.Tokens.Sum().ShouldBe(answer.Usage.TotalTokenCount!.Value);
    }

    [Fact]
    public async Task A_failed_call_says_of_which_kind_the_failure_is()
    {
        using var recorded = new Recorded("fails");

        await Should.ThrowAsync<ModelException>(() => recorded.AskAsync(new { rules = new[] { new { match = "^(?=(a+)+$)b", say = "!" } } }, new string('a', 60) + "!"));

        var span = recorded.Spans.ShouldHaveSingleItem();
        span.GetTagItem(TelemetryNames.ErrorType).ShouldBe("invalid_request");
        span.Status.ShouldBe(ActivityStatusCode.Error);
    }

    private sealed class Recorded : IDisposable
    {
        private readonly string _agent;
        private readonly ServiceProvider _host = ModelHost.Start();
        private readonly ActivityListener _spans;
        private readonly MeterListener _meters = new();

        public Recorded(string agent)
        {
            _agent = agent;
            _spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name == TelemetryNames.Source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                // Other tests make calls at the same time.
                ActivityStopped = span => { if (span.GetTagItem(TelemetryNames.AgentName) as string == agent) { Spans.Enqueue(span); } },
            };
            ActivitySource.AddActivityListener(_spans);
            var meters = _host.GetRequiredService<IMeterFactory>();
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == TelemetryNames.TokenUsage && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _meters.SetMeasurementEventCallback<long>((_, value, _, _) => Tokens.Enqueue(value));
            _meters.SetMeasurementEventCallback<int>((_, value, _, _) => Tokens.Enqueue(value));
            _meters.SetMeasurementEventCallback<double>((_, value, _, _) => Tokens.Enqueue((long)value));
            _meters.Start();
        }

        public ConcurrentQueue<Activity> Spans { get; } = [];

        public ConcurrentQueue<long> Tokens { get; } = [];

        public Task<ChatResponse> AskAsync(object script, string question = "hi") =>
            _host.GetRequiredService<ModelGateway>().GetChatClient(Scripts.Model(script), ModelHost.Call with { Agent = _agent }).GetResponseAsync(question);

        public void Dispose()
        {
            _meters.Dispose();
            _spans.Dispose();
            _host.Dispose();
        }
    }
}
