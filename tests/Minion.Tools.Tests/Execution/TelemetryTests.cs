using System.Diagnostics;
using System.Diagnostics.Metrics;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Tools.Tests.Execution;

public sealed class TelemetryTests
{
    [Theory]
    [InlineData("metered_ok", "{}", "ok")]
    [InlineData("metered_bad", "[]", "invalid_arguments")]
    public async Task A_call_is_a_span_and_is_counted(string name, string arguments, string status)
    {
        var spans = new List<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Add(spans, activity, activity.DisplayName == "execute_tool " + name),
        };
        ActivitySource.AddActivityListener(activities);
        var counted = new List<string?>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is TelemetryNames.ToolCalls or TelemetryNames.ToolDuration)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(tags));
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(tags));
        meters.Start();
        using var harness = new PipelineHarness(FakeTool.Ok(FakeTool.Describe(name)));

        await harness.CallAsync(name, arguments);

        var span = spans.ShouldHaveSingleItem();
        span.GetTagItem(TelemetryNames.ToolName).ShouldBe(name);
        span.Status.ShouldBe(status == "ok" ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        counted.Count.ShouldBe(2);
        counted.ShouldContain(status);

        void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var of = new Dictionary<string, object?>(tags.ToArray());
            Add(counted, of.GetValueOrDefault(TelemetryNames.Status) as string, Equals(of[TelemetryNames.Tool], name));
        }
    }

    /// <summary>Other tests run at the same time; listeners hear of all of them.</summary>
    private static void Add<T>(List<T> list, T item, bool wanted)
    {
        if (wanted)
        {
            lock (list)
            {
                list.Add(item);
            }
        }
    }
}
