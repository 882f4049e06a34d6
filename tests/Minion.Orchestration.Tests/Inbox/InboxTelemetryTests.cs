using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Status;
using Minion.Orchestration.Tests.Hosting;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Orchestration.Tests.Inbox;

public sealed class InboxTelemetryTests(EngineDatabase database) : IClassFixture<EngineDatabase>
{
    private const string Script =
        """{"rules":[{"match":"go","calls":[{"tool":"send_money","arguments":{"amount":"5"}}],"say":"Paid."}],"otherwise":"?"}""";

    [Fact]
    public async Task What_waits_and_what_was_answered_is_counted()
    {
        await using var host = await EngineHost.StartAsync(database.Database, tools: new RecordingTool());
        var measured = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name is TelemetryNames.InboxAnswers or TelemetryNames.InboxWait or TelemetryNames.InboxItems && instrument.Meter.Scope == meters)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => t.Value))} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Enqueue($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();
        var agent = await host.AskingAgentAsync(Script, ["send_money"], new ApprovalRule { Tool = "*" });
        var run = (await host.StartAsync(agent, "go")).Id;
        var item = (await host.ItemsAsync(run))[0];

        host.Services.GetRequiredService<MinionTelemetry>().ReportInbox(await host.Services.GetRequiredService<StatusStore>().OpenItemsAsync(CancellationToken.None));
        listener.RecordObservableInstruments();
        await host.Inbox.AnswerItemAsync(new AnswerItemRequest { Id = item.Id, Choice = "approve", Arguments = "{}" });
        await host.UntilAsync(run, RunStatus.Completed);

        measured.ShouldContain("inbox_items approval 1");
        measured.ShouldContain("inbox_items question 0");
        measured.ShouldContain("inbox_answers_total approval edit 1");
        measured.ShouldContain("inbox_wait_seconds approval edit");
    }
}
